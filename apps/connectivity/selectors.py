"""Reads about units as the network knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.utils.translation import gettext as _

from apps.connectivity.models import Connection
from apps.connectivity.wakeups import WAKEUP_ENABLED_SOFTWARE
from apps.parts.categories import PartCategory
from apps.parts.models import PartProductLinker
from apps.products.models import Product, ProductSoftwareLinker
from apps.products.selectors import TERMINATED

# Stages of life in which a unit stands at a customer and connects by itself.
_IN_THE_FIELD = ("ACTIVATING", "ACTIVATED", "MONITORED", "UNMONITORED")
# How many units one statement asks about.
_AT_ONCE = 1_000
# Two years of a unit that reports every four hours, as often again of its own accord.
_MOST_CONTACTS = 10_000


@dataclass(frozen=True, slots=True)
class BurnedIn:
    """What a unit was given at the factory, and what it last said of itself: its memory."""

    imei: str
    device_key: str
    enabled: bool
    tamper_enabled: bool
    software: str | None
    mcc: int | None
    mnc: int | None
    latitude: float | None
    longitude: float | None
    imsi: str


def burned_in(count: int) -> list[BurnedIn]:
    """The first `count` units that can connect, those in the field first, in order of IMEI."""
    stage = "latest_state__current_state_type__name"
    rows = (
        Product.objects.filter(device_key__isnull=False)
        .exclude(**{stage: TERMINATED})
        .annotate(
            elsewhere=Case(When(**{f"{stage}__in": _IN_THE_FIELD}, then=Value(0)), default=Value(1))
        )
        .order_by("elsewhere", "product_imei")
        .values_list(
            "product_imei",
            "device_key",
            "current_enable_flag",
            "current_tamper_flag",
            _running_software(),
            "latest_connection__mcc",
            "latest_connection__mnc",
            "gps_lat",
            "gps_lon",
            "imsi",
        )[:count]
    )
    return [BurnedIn(*row) for row in rows]


def sms_cost() -> Decimal:
    """What one text message to a unit costs, in `settings.SMS_CURRENCY`."""
    return settings.SMS_COST


def can_wake(product_imei: str) -> bool:
    """Whether a unit may be sent a wake-up and would understand it."""
    return not why_not_woken([product_imei])


def wakeable(imeis: Iterable[str]) -> set[str]:
    """Those of the units that may be sent a wake-up and would understand it."""
    asked = set(imeis)
    return asked - why_not_woken(asked).keys()


def why_not_woken(imeis: Iterable[str]) -> dict[str, str]:
    """Units that cannot be woken up, each with the reason as a sentence; the others are left out.

    A statement for every thousand units.
    """
    asked = sorted(set(imeis))
    reasons: dict[str, str] = {}
    for start in range(0, len(asked), _AT_ONCE):
        reasons |= _reasons(asked[start : start + _AT_ONCE])
    return reasons


def _reasons(imeis: list[str]) -> dict[str, str]:
    sims = PartProductLinker.objects.filter(
        product_id=OuterRef("pk"), part__part_type__part_type_category=PartCategory.SIM
    )
    rows = Product.objects.filter(pk__in=imeis).values_list(
        "pk",
        "latest_state__current_state_type__name",
        _running_software(),
        Exists(sims),
        Exists(sims.filter(date_removed__isnull=True)),
    )
    reasons = dict.fromkeys(imeis, _("No unit has this IMEI"))
    for imei, stage, software, had_sim, has_sim in rows:
        # Of a unit of which no SIM was ever recorded nothing can be said.
        reason = _reason(stage, software, without_sim=had_sim and not has_sim)
        if reason:
            reasons[imei] = reason
        else:
            del reasons[imei]
    return reasons


def _reason(stage: str | None, software: str | None, *, without_sim: bool) -> str:
    if stage == TERMINATED:
        return _("The unit is TERMINATED: it is out of the system and is not woken up")
    if without_sim:
        return _("The SIM was taken out of the unit: it receives no SMS")
    if software is None:
        return _("It is not known which software the unit runs, so it is not woken up")
    if software not in WAKEUP_ENABLED_SOFTWARE:
        return _("The unit runs software {name}, which cannot be woken up by SMS").format(
            name=software
        )
    return ""


def _running_software() -> Subquery:
    """The name of the software a unit said last that it runs."""
    return Subquery(
        ProductSoftwareLinker.objects.filter(
            product_id=OuterRef("pk"), date_added__isnull=False, date_removed__isnull=True
        )
        .order_by("-date_added", "-product_software_linker_id")
        .values("software_version_type__name")[:1]
    )


def contacts_between(*, imei: str, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """When the unit connected from `start` up to but without `end`: the newest, newest first."""
    rows = Connection.objects.filter(product_id=imei, date__gte=start, date__lt=end)
    return list(rows.order_by("-date").values_list("date", flat=True)[:_MOST_CONTACTS])
