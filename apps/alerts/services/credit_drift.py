"""Alerts for units whose credit does not add up: what they report, against their payments.

Every call looks at how things stand, under the lock on the alert type: events that tell of a drift
may come repeated and in any order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from apps.alerts.models import Alert, AlertType
from apps.alerts.services.raising import (
    BATCH,
    SYSTEM,
    close_alerts,
    note_analyses,
    recently_alerted,
    watched,
)
from apps.dcm.selectors import Drift, credit_drifts

CREDIT_DRIFT = "credit_drift"
AGREES_AGAIN = gettext_noop("What the unit reports agrees with its payments again")


def analyse_credit_drift(
    *, product_imei: str | None = None, now: dt.datetime | None = None
) -> tuple[int, int]:
    """Raise an alert for units whose credit drifts, and close it where that has ended.

    For one unit, or for all. Returns (raised, closed). A drift is told once: if somebody dismisses
    its alert, none is raised while the same drift lasts, nor within the type's cooling-off period.
    Its start_time is that of the drift. Safe to run twice at once.
    """
    now = now or timezone.now()
    raised = closed = 0
    types = AlertType.objects.filter(name=CREDIT_DRIFT, active=True)
    for alert_type_id in types.values_list("pk", flat=True):
        with transaction.atomic():
            alert_type = AlertType.objects.select_for_update().get(pk=alert_type_id)
            drifts = credit_drifts(product_imei=product_imei)
            closed += _close_ended(alert_type, drifts, product_imei, now)
            raised += _raise(alert_type, drifts, now)
    return raised, closed


def _close_ended(
    alert_type: AlertType, drifts: Mapping[str, Drift], product_imei: str | None, now: dt.datetime
) -> int:
    """Close what is open for a unit that drifts no more, or of which a new drift has begun."""
    rows = Alert.objects.filter(alert_type=alert_type, dismissed_at=None)
    if product_imei is not None:
        rows = rows.filter(product_id=product_imei)
    ended = [
        key
        for key, imei, start in rows.values_list("pk", "product_id", "start_time")
        if imei not in drifts or (start is not None and start < drifts[imei].since)
    ]
    return sum(
        close_alerts(Alert.objects.filter(pk__in=piece), now, AGREES_AGAIN)
        for piece in _pieces(ended)
    )


def _raise(alert_type: AlertType, drifts: Mapping[str, Drift], now: dt.datetime) -> int:
    count = 0
    for piece in _pieces(sorted(drifts)):
        told = Alert.objects.filter(alert_type=alert_type, product_id__in=piece)
        starts = told.values_list("product_id", "start_time")
        known = {imei for imei, start in starts if start and start >= drifts[imei].since}
        new = (
            watched(alert_type)
            .filter(pk__in=[imei for imei in piece if imei not in known])
            .exclude(recently_alerted(alert_type, now))
            .values_list("pk", flat=True)
        )
        found = [drifts[imei] for imei in new]
        Alert.objects.bulk_create(_alert(alert_type, drift) for drift in found)
        note_analyses(alert_type, [drift.product_imei for drift in found], now)
        count += len(found)
    return count


def _alert(alert_type: AlertType, drift: Drift) -> Alert:
    # Whoever's worker it is: what is stored is in the language of the installation.
    with override(settings.LANGUAGE_CODE):
        sentence = drift.sentence()
    return Alert(
        product_id=drift.product_imei,
        alert_type=alert_type,
        start_time=drift.since,
        extra_info=sentence,
        created_by=SYSTEM,
    )


def _pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
