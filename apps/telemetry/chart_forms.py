"""The form of the page of measurements: what can be chosen, and what is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from apps.telemetry.chart_days import LENGTHS, Days
from apps.telemetry.chart_fields import MOST_FIELDS, Measure, at_first
from apps.telemetry.chart_questions import DAY, SPAN_AT_FIRST, SPANS, Question
from apps.telemetry.store.series import ANALYSIS, TELEMETRY

_MOST_TYPED = 64
# Fields that are offered at once; all others are one press away.
_OFFERED = 12
_TYPED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", re.ASCII)
_SPANS = {
    "day": lazy("A day"),
    "week": lazy("A week"),
    "month": lazy("A month"),
    "year": lazy("A year"),
}
_MEASUREMENTS = {
    "": "",
    TELEMETRY: lazy("More of what it measures"),
    ANALYSIS: lazy("Figures of each day"),
    "balance": lazy("Credit"),
    "logging": lazy("Logs of tools"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are offered together; `title` is empty for those that people look at most."""

    title: Any
    measures: list[Measure]


def choices(
    request: HttpRequest, has: list[Measure], question: Question | None = None
) -> dict[str, Any]:
    """The form: what can be chosen, and what is."""
    asked = [name for text in request.GET.getlist("fields") for name in text.split(",")]
    chosen = [measure.key for measure in question.fields] if question else asked
    given = bool(request.GET.get("start") or request.GET.get("end"))
    span = request.GET.get("span", "")
    span = span if span in SPANS else SPAN_AT_FIRST
    main, *others = _groups(has)
    return {
        "main_fields": main.measures,
        "other_fields": others,
        "chosen": chosen,
        "other_chosen": any(one.key in chosen for group in others for one in group.measures),
        "most_fields": MOST_FIELDS,
        "span": span,
        "spans": [
            (words, f"?{query_of(request, without=('start', 'end'), span=name)}", name == span)
            for name, words in _SPANS.items()
        ],
        "given": given,
        "typed_start": _typed(question.start) if question and given else _raw(request, "start"),
        "typed_end": _typed(question.end) if question and given else _raw(request, "end"),
        "second": request.GET.get("with", "")[:_MOST_TYPED],
        "side_by_side": request.GET.get("layout") == "side",
    }


def day_lengths(request: HttpRequest, days: Days) -> dict[str, Any]:
    """The choice of how many days have their figures shown."""
    length = (days.end - days.start) // DAY
    return {
        "day_lengths": [
            (words, f"?{query_of(request, days=str(count))}#days", count, count == length)
            for count, words in LENGTHS.items()
        ]
    }


def _groups(has: list[Measure]) -> list[Group]:
    """What people look at most, then all else of the unit by where it is kept."""
    own = [measure for measure in has if measure.measurement == TELEMETRY]
    first = at_first(has)
    main = [measure for measure in own if measure in first]
    main += [measure for measure in own if measure not in first][: _OFFERED - len(main)]
    groups = {"": main, TELEMETRY: [measure for measure in own if measure not in main]}
    for measure in has:
        if measure.measurement != TELEMETRY:
            groups.setdefault(measure.measurement, []).append(measure)
    return [
        Group(_MEASUREMENTS.get(name, name), measures)
        for name, measures in groups.items()
        if measures or not name
    ]


def _typed(seconds: int) -> str:
    """A moment as an input for date and time takes it."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M")


def _raw(request: HttpRequest, name: str) -> str:
    """What was typed, for a question that was refused; a browser takes no other form than this."""
    typed = request.GET.get(name, "")
    return typed if _TYPED.fullmatch(typed) else ""


def query_of(request: HttpRequest, *, without: tuple[str, ...] = (), **more: str) -> str:
    """The query string of the page, changed."""
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if value and name not in without and name not in more
    ]
    return urlencode([*kept, *more.items()])
