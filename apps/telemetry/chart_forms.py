"""The form of the page of measurements: what can be chosen, and what is."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from apps.telemetry.chart_fields import Measure
from apps.telemetry.charts import MOST_FIELDS, SPAN_AT_FIRST, Question

_MOST_TYPED = 64
_TYPED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", re.ASCII)
_SPANS = {
    "day": lazy("A day"),
    "week": lazy("A week"),
    "month": lazy("A month"),
    "year": lazy("A year"),
}


def choices(
    request: HttpRequest, has: list[Measure], question: Question | None = None
) -> dict[str, Any]:
    """The form: what can be chosen, and what is."""
    asked = [name for text in request.GET.getlist("fields") for name in text.split(",")]
    chosen = [measure.field for measure in question.fields] if question else asked
    given = bool(request.GET.get("start") or request.GET.get("end"))
    span = request.GET.get("span", "")
    span = span if span in _SPANS else SPAN_AT_FIRST
    return {
        "main_fields": has[:MOST_FIELDS],
        "other_fields": has[MOST_FIELDS:],
        "chosen": chosen,
        "other_chosen": any(one.field in chosen for one in has[MOST_FIELDS:]),
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
