"""The fleet in numbers, within a caller's scope; one pass over the units, whatever their number."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import BooleanField, Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.callers import Caller
from apps.core.panels import Tone
from apps.core.resources import registry
from apps.core.scope import restrict
from apps.products.lifecycle import STAGE_WORDS, LifeStage
from apps.products.models import EnableHistory, Product, StateType

# How long ago a unit was last heard of: key, words, tone. They report every four hours.
CONTACTS: tuple[tuple[str, object, Tone], ...] = (
    ("4h", _("under 4 h"), "good"),
    ("24h", _("4 to 24 h"), "info"),
    ("older", _("over 24 h"), "bad"),
    ("never", _("never"), ""),
)
_LONG_WAIT = dt.timedelta(days=1)


@dataclass(frozen=True)
class FleetCounts:
    """How many units there are, and how they divide by switch, contact and stage of life.

    by_state: (key of the state type or None, its name, units), most units first.
    """

    units: int
    by_switch: Mapping[str, int]
    by_contact: Mapping[str, int]
    by_state: tuple[tuple[int | None, str, int], ...]


@dataclass(frozen=True)
class Wait:
    """A unit that was asked to switch and has not been heard from since."""

    imei: str
    serial_number: str
    on: bool
    since: dt.datetime


def visible_units(caller: Caller) -> QuerySet[Product]:
    """The units the caller may know of."""
    return restrict(Product.objects.all(), caller, registry.named("product").scope)


def switch_condition(key: str) -> Q:
    """Units that are enabled, disabled, or pending: asked for what they have not confirmed."""
    return {
        "enabled": Q(current_enable_flag=True, desired_enable_flag=True),
        "disabled": Q(current_enable_flag=False, desired_enable_flag=False),
        "pending": ~Q(current_enable_flag=F("desired_enable_flag")),
    }[key]


def contact_condition(key: str, now: dt.datetime) -> Q:
    """Units whose last contact was that long ago (`CONTACTS`)."""
    recent, day = now - dt.timedelta(hours=4), now - dt.timedelta(hours=24)
    return {
        "4h": Q(latest_connection__date__gte=recent),
        "24h": Q(latest_connection__date__gte=day, latest_connection__date__lt=recent),
        "older": Q(latest_connection__date__lt=day),
        "never": Q(latest_connection__isnull=True),
    }[key]


def fleet_counts(caller: Caller) -> FleetCounts:
    """Count the caller's units: two queries."""
    now = timezone.now()
    switch = Case(
        *(When(switch_condition(k), then=Value(k)) for k in ("enabled", "disabled")),
        default=Value("pending"),
        output_field=CharField(),
    )
    contact = Case(
        *(When(contact_condition(k, now), then=Value(k)) for k, _label, _tone in CONTACTS[:3]),
        default=Value("never"),
        output_field=CharField(),
    )
    rows = (
        visible_units(caller)
        .annotate(switch=switch, contact=contact, stage=F("latest_state__current_state_type_id"))
        .values_list("switch", "contact", "stage")
        .annotate(n=Count("pk"))
        .order_by()
    )
    by_switch, by_contact = Counter[str](), Counter[str]()
    stages = Counter[int | None]()
    for switch_key, contact_key, stage, n in rows:
        by_switch[switch_key] += n
        by_contact[contact_key] += n
        stages[stage] += n
    return FleetCounts(by_switch.total(), by_switch, by_contact, _named(stages))


def _named(stages: Counter[int | None]) -> tuple[tuple[int | None, str, int], ...]:
    names: dict[int | None, str] = dict(StateType.objects.values_list("pk", "name"))
    names[None] = str(_("none yet"))
    return tuple((pk, stage_name(names.get(pk, "?")), n) for pk, n in stages.most_common())


def stage_name(name: str) -> str:
    """A state type's name as people read it: "IN_REPAIR_SYSTEM" is "In repair system"."""
    if name in LifeStage.__members__:
        return str(STAGE_WORDS[LifeStage[name]])
    return name.replace("_", " ").capitalize() if name.isupper() else name


def longest_waits(caller: Caller, limit: int) -> list[Wait]:
    """The caller's units that have kept a change waiting for over a day, longest first."""
    before = timezone.now() - _LONG_WAIT
    rows = (
        EnableHistory.objects.filter(
            pk__in=visible_units(caller)
            .filter(switch_condition("pending"))
            .values("latest_enable_history_id"),
            date__lt=before,
        )
        .annotate(
            on=Case(
                When(current_enable_state="pending_enabled", then=True),
                default=False,
                output_field=BooleanField(),
            )
        )
        .order_by("date")
        .values_list("product_id", "product__serial_number", "on", "date")
    )
    return [Wait(*row) for row in rows[:limit]]
