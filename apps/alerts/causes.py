"""What alerts have to do with a unit being off: tampering, a flat battery, silence, its credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.alerts.models import Alert
from apps.alerts.services.connectivity import NO_CONNECTION, SILENCE
from apps.alerts.services.credit_drift import CREDIT_DRIFT
from apps.core.causes import Cause, Role, cause
from apps.core.stories import row_url
from apps.core.wording import ago
from apps.dcm.selectors import credit_drifts
from apps.products.models import Product
from apps.products.selectors import went_off_by_itself


@dataclass(frozen=True)
class Telling:
    """How an open alert is spoken of: as a remark, and where it explains why a unit is off."""

    remark: Any
    answer: Any
    icon: str


# By the name of the alert type; the first that is open explains a unit that went off by itself.
_TELLING: Mapping[str, Telling] = {
    "tamper": Telling(
        lazy("Its tamper switch was tripped {since}."),
        lazy("It switched itself off {off}; its tamper switch was tripped {since}."),
        "gpp_maybe",
    ),
    "low_battery": Telling(
        lazy("Its battery is low: the alert was raised {since}."),
        lazy("It switched itself off {off}; its battery is low, as an alert said {since}."),
        "battery_alert",
    ),
}


@cause(order=55, table="alert")
def alarming(unit: Product) -> Cause | None:
    """The open alert that matters most to why the unit is off."""
    rows = (
        Alert.objects.filter(product=unit, dismissed_at=None, alert_type__name__in=_TELLING)
        .order_by("start_time", "pk")
        .values_list("alert_type__name", "pk", "start_time", "created_at")
    )
    # Of several alerts of one kind the newest stays.
    found = {name: (key, start or created) for name, key, start, created in rows}
    name = next((name for name in _TELLING if name in found), None)
    return None if name is None else _told(unit, name, *found[name])


def _told(unit: Product, name: str, key: int, since: dt.datetime) -> Cause:
    telling = _TELLING[name]
    explains = went_off_by_itself(unit)
    latest = unit.latest_enable_history
    off = ago(latest.date) if explains and latest is not None else ""
    text = telling.answer if explains else telling.remark
    return Cause(
        key=f"alert_{name}",
        sentence=str(text).format(since=ago(since), off=off),
        role=Role.ANSWER if explains else Role.REMARK,
        tone="bad" if explains else "warn",
        icon=telling.icon,
        url=row_url(Alert, key),
        link=_("Open the alert"),
    )


@cause(order=77, table="alert")
def silent_too_long(unit: Product) -> Cause | None:
    """An open alert for a silence that the unit has not ended."""
    latest = unit.latest_connection
    if latest is None or timezone.now() - latest.date < SILENCE:
        return None
    rows = Alert.objects.filter(
        product=unit, dismissed_at=None, alert_type__name=NO_CONNECTION
    ).order_by("-start_time", "-pk")
    key = rows.values_list("pk", flat=True).first()
    if key is None:
        return None
    return Cause(
        key="alert_no_connection",
        sentence=_("An alert for its silence is open: nobody has dismissed it."),
        role=Role.REMARK,
        tone="warn",
        icon="cloud_off",
        url=row_url(Alert, key),
        link=_("Open the alert"),
    )


@cause(order=78, table="alert")
def credit_does_not_add_up(unit: Product) -> Cause | None:
    """An open alert for credit that drifts, with the figures as they are by now."""
    if not unit.dcm_enabled_flag:
        return None
    drift = credit_drifts(product_imei=unit.pk).get(unit.pk)
    if drift is None:
        return None
    rows = Alert.objects.filter(product=unit, dismissed_at=None, alert_type__name=CREDIT_DRIFT)
    key = rows.values_list("pk", flat=True).first()
    if key is None:
        return None
    return Cause(
        key="alert_credit_drift",
        sentence=drift.sentence(),
        role=Role.REMARK,
        tone="warn",
        icon="rule",
        url=row_url(Alert, key),
        link=_("Open the alert"),
    )
