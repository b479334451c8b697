"""What happened to a unit while it measured: contacts, its switch, the stages of its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.connectivity.selectors import contacts_between
from apps.core.resources import registry
from apps.products.fleet import stage_name
from apps.products.models import EnableHistory, EnableState, State
from apps.telemetry.chart_questions import Question

# Of each kind: more of them would be a bar.
MOST_MARKS = 100
MaySee = Callable[[type[models.Model]], bool]

_SWITCHED = {
    EnableState.ENABLED: lazy("Switched on"),
    EnableState.DISABLED: lazy("Switched off"),
    EnableState.PENDING_ENABLED: lazy("Asked to switch on"),
    EnableState.PENDING_DISABLED: lazy("Asked to switch off"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened, `at` in seconds since 1970."""

    at: int
    kind: Literal["switch", "life"]
    text: Any


def marks_of(imei: str, question: Question, may_see: MaySee) -> list[Mark]:
    """The newest changes of the unit's switch and stage in that time, oldest first."""
    start, end = _moment(question.start), _moment(question.end)
    found: list[Mark] = []
    if may_see(EnableHistory):
        switched = EnableHistory.objects.filter(
            product_id=imei, date__gte=start, date__lt=end, current_enable_state__in=_SWITCHED
        ).order_by("-date", "-pk")
        found += [
            Mark(int(when.timestamp()), "switch", str(_SWITCHED[EnableState(state)]))
            for state, when in switched.values_list("current_enable_state", "date")[:MOST_MARKS]
        ]
    if may_see(State):
        stages = State.objects.filter(
            product_id=imei, created_at__gte=start, created_at__lt=end
        ).order_by("-created_at", "-pk")
        columns = ("current_state_type__name", "created_at")
        found += [
            Mark(int(when.timestamp()), "life", _("Now {state}").format(state=stage_name(name)))
            for name, when in stages.values_list(*columns)[:MOST_MARKS]
        ]
    return sorted(found, key=lambda mark: mark.at)


def contacts_of(imei: str, question: Question, may_see: MaySee) -> list[int]:
    """The intervals in which the unit connected, each by its start in seconds."""
    if not may_see(registry.named("connection").model):
        return []
    whens = contacts_between(imei=imei, start=_moment(question.start), end=_moment(question.end))
    interval = question.interval
    return sorted({int(when.timestamp()) // interval * interval for when in whens})


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
