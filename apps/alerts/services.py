"""Raising and closing alerts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.alerts.models import (
    Alert,
    AlertType,
    AlertTypeEntityAntiLinker,
    AlertTypeProductTypeLinker,
    AlertTypeStateTypeLinker,
    AnalysisHistory,
    AnalysisStatus,
)
from apps.products.models import Product
from apps.products.selectors import TERMINATED

SYSTEM = "system"
NO_CONNECTION = "no_connection"
# Twelve contacts in a row were missed: beyond bad signal and a day without sun.
SILENCE = dt.timedelta(hours=48)
CONNECTED_AGAIN = gettext_noop("The unit connected again")
TERMINATED_NOW = gettext_noop("The unit is out of the system")
BATCH = 500


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
    return _close(
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
        .exclude(_recently_alerted(alert_type, now))
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
    _note_analyses(alert_type, [imei for imei, _last in found], now)
    return len(found)


def _close_returned(alert_type: AlertType, now: dt.datetime) -> int:
    returned = Alert.objects.filter(
        alert_type=alert_type,
        dismissed_at__isnull=True,
        product__latest_connection__date__gt=F("start_time"),
        product__latest_connection__date__gte=now - SILENCE,
    )
    return _close(returned, now)


def _close(alerts: QuerySet[Alert], now: dt.datetime, reason: str = CONNECTED_AGAIN) -> int:
    return Alert.objects.filter(
        pk__in=alerts.filter(dismissed_at__isnull=True).values("pk")
    ).update(
        dismissed_at=now,
        dismissed_by=SYSTEM,
        dismissal_reason=reason,
        modified_at=now,
        modified_by=SYSTEM,
    )


def watched(alert_type: AlertType) -> QuerySet[Product]:
    """The units an alert type looks at: by product type, state and entity, as its linkers say."""
    open_to_others = AlertTypeEntityAntiLinker.objects.filter(
        alert_type=alert_type,
        entity__product_entity_linker__product=OuterRef("pk"),
        entity__product_entity_linker__date_removed__isnull=True,
    )
    return Product.objects.filter(
        ~Exists(open_to_others),
        product_type__in=AlertTypeProductTypeLinker.objects.filter(alert_type=alert_type).values(
            "product_type"
        ),
        latest_state__current_state_type__in=AlertTypeStateTypeLinker.objects.filter(
            alert_type=alert_type
        ).values("state_type"),
    )


def _recently_alerted(alert_type: AlertType, now: dt.datetime) -> Exists:
    """Whether the unit has an alert of the type open, or closed within the cooling-off period."""
    quiet_since = now - (alert_type.cooling_off_period or dt.timedelta())
    return Exists(
        Alert.objects.filter(
            Q(dismissed_at__isnull=True) | Q(dismissed_at__gt=quiet_since),
            alert_type=alert_type,
            product=OuterRef("pk"),
        )
    )


def _note_analyses(alert_type: AlertType, imeis: Iterable[str], now: dt.datetime) -> None:
    """Record the analyses that led to an alert; rows for all units would drown them."""
    AnalysisHistory.objects.bulk_create(
        [
            AnalysisHistory(
                product_id=imei,
                alert_type=alert_type,
                timestamp=now,
                status=AnalysisStatus.SUCCESS,
                created_by=SYSTEM,
            )
            for imei in imeis
        ],
        batch_size=BATCH,
    )
