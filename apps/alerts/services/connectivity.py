"""Alerts for units that have gone silent."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.alerts.models import Alert, AlertType
from apps.alerts.services.raising import (
    BATCH,
    SYSTEM,
    close_alerts,
    note_analyses,
    recently_alerted,
    watched,
)
from apps.products.selectors import TERMINATED

NO_CONNECTION = "no_connection"
# Twelve contacts in a row were missed: beyond bad signal and a day without sun.
SILENCE = dt.timedelta(hours=48)
CONNECTED_AGAIN = gettext_noop("The unit connected again")
TERMINATED_NOW = gettext_noop("The unit is out of the system")


def analyse_connectivity(*, now: dt.datetime | None = None) -> tuple[int, int]:
    """Raise "no connection" for units gone silent and close it for units that came back.

    Returns (raised, closed). A unit has at most one open alert of a type; none is raised again
    within the type's cooling-off period. Safe to run twice at once: the type's row is locked.
    """
    now = now or timezone.now()
    raised = closed = 0
    for alert_type_id in AlertType.objects.filter(name=NO_CONNECTION, active=True).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            alert_type = AlertType.objects.select_for_update().get(pk=alert_type_id)
            closed += _close_returned(alert_type, now)
            raised += _raise_silent(alert_type, now)
    return raised, closed


def close_no_connection(
    *, product_imei: str, now: dt.datetime | None = None, reason: str = CONNECTED_AGAIN
) -> int:
    """Close the open "no connection" alerts of a unit that is waited for no more; how many."""
    return close_alerts(
        Alert.objects.filter(product_id=product_imei, alert_type__name=NO_CONNECTION),
        now or timezone.now(),
        reason,
    )


def _raise_silent(alert_type: AlertType, now: dt.datetime) -> int:
    horizon = now - SILENCE
    silent = (
        watched(alert_type)
        .filter(latest_connection__date__lt=horizon)
        # Whatever states the type is set to watch: such a unit is refused when it connects.
        .exclude(latest_state__current_state_type__name=TERMINATED)
        .exclude(recently_alerted(alert_type, now))
        .values_list("pk", "latest_connection__date")
    )
    found = list(silent)
    Alert.objects.bulk_create(
        [
            Alert(product_id=imei, alert_type=alert_type, start_time=last, created_by=SYSTEM)
            for imei, last in found
        ],
        batch_size=BATCH,
    )
    note_analyses(alert_type, [imei for imei, _last in found], now)
    return len(found)


def _close_returned(alert_type: AlertType, now: dt.datetime) -> int:
    returned = Alert.objects.filter(
        alert_type=alert_type,
        dismissed_at__isnull=True,
        product__latest_connection__date__gt=F("start_time"),
        product__latest_connection__date__gte=now - SILENCE,
    )
    return close_alerts(returned, now, CONNECTED_AGAIN)
