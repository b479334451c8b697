"""The values of one or two units as a chart needs them: as many as it has pixels, gaps as None.

    question = read_question({"fields": "voltage", "start": "2016-01-01"}, has=fields, now=now)
    chart = draw(question, [Subject("990000000000001", "HB1")])

Times of a chart are whole seconds since 1970, values those of the store (apps.telemetry.store).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry.chart_fields import Measure, in_order, measure_of
from apps.telemetry.data_times import parse_moment
from apps.telemetry.store import catalogue, current
from apps.telemetry.store.queries import Function, Query
from apps.telemetry.store.series import SECOND, TELEMETRY, Kind, Value

MOST_FIELDS = 6
FIELDS_AT_FIRST = 4
POINTS, LEAST_POINTS, MOST_POINTS = 600, 50, 2_000
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
LONGEST = 731 * _DAY
# Name and length of the spans that are one press away; the second is what opens.
SPANS = {"day": _DAY, "week": 7 * _DAY, "month": 30 * _DAY, "year": 365 * _DAY}
SPAN_AT_FIRST = "week"
# Lengths of intervals, in seconds, at which people read an axis.
_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 20, 30)),
    *(n * _HOUR for n in (1, 2, 3, 4, 6, 12)),
    *(n * _DAY for n in (1, 2, 7, 14, 28)),
)
# From here on an interval holds so many values that their mean hides what they did.
_EXTREMES_FROM = 10 * _MINUTE


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit that is shown: scope is settled by whoever names it."""

    imei: str
    serial_number: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be shown: `start` and `end` are whole intervals, all three in seconds."""

    fields: tuple[Measure, ...]
    start: int
    end: int
    interval: int

    @property
    def times(self) -> range:
        """When each interval starts."""
        return range(self.start, self.end, self.interval)


@dataclass(slots=True)
class Line:
    """One field of one unit, with None where an interval has no value.

    `least` and `most` are None where intervals are so short that the mean says all. Values further
    apart than `gap_after` seconds have a gap between them; nearer ones are only rarely measured.
    """

    measure: Measure
    mean: list[Value | None]
    least: list[Value | None] | None = None
    most: list[Value | None] | None = None
    gap_after: float = 0.0


@dataclass(slots=True)
class Drawing:
    """What one unit measured."""

    subject: Subject
    lines: list[Line] = field(default_factory=list)


def fields_of(imeis: Iterable[str]) -> list[Measure]:
    """The fields with numbers in which any of the units has ever had values, best known first."""
    names = {name for imei in imeis for name in current().fields_of(imei, TELEMETRY)}
    kinds = catalogue.kinds_of(TELEMETRY, names)
    return in_order({name for name in names if kinds.get(name) is Kind.NUMBER})


def read_question(
    parameters: Mapping[str, Any], *, has: Sequence[Measure], now: int, points: int = POINTS
) -> Question:
    """The question that a query string asks of units that have these fields.

    `fields` is a text with commas or a list of names; `span` one of SPANS, or `start` and `end`
    times as people write them; `now` is in nanoseconds. Raises Invalid, which names the parameter.
    """
    points = _points(parameters.get("points") or points)
    start, end = _moments(parameters, now)
    interval = next((s for s in _STEPS if s * points >= end - start), _STEPS[-1])
    start -= start % interval
    return Question(_fields(parameters.get("fields"), has), start, end + -end % interval, interval)


def draw(question: Question, subjects: Sequence[Subject]) -> list[Drawing]:
    """What the units measured. Raises StoreAway; asks over the network: not in a transaction."""
    return [Drawing(subject, _lines(question, subject.imei)) for subject in subjects]


def _lines(question: Question, imei: str) -> list[Line]:
    mean = _columns(question, imei, Function.MEAN)
    least: Mapping[str, list[Value | None]] = {}
    most: Mapping[str, list[Value | None]] = {}
    if question.interval >= _EXTREMES_FROM:
        least = _columns(question, imei, Function.MIN)
        most = _columns(question, imei, Function.MAX)
    return [
        Line(
            measure,
            mean[measure.field],
            least.get(measure.field),
            most.get(measure.field),
            _gap_after(question, mean[measure.field]),
        )
        for measure in question.fields
    ]


def _columns(question: Question, imei: str, function: Function) -> dict[str, list[Value | None]]:
    """For each field as many values as there are intervals."""
    names = tuple(measure.field for measure in question.fields)
    found: dict[str, list[Value | None]] = {name: [None] * len(question.times) for name in names}
    if not names:
        return found
    result = current().read(
        Query(
            TELEMETRY,
            imei,
            question.start * SECOND,
            question.end * SECOND,
            fields=names,
            function=function,
            interval=question.interval * SECOND,
        )
    )
    places = [_place(question, at) for at in result.times]
    for name in names:
        column = found[name]
        for place, value in zip(places, result.columns.get(name, ()), strict=False):
            if value is not None and 0 <= place < len(column):
                column[place] = _shortened(value)
    return found


def _place(question: Question, at: int) -> int:
    return (at // SECOND - question.start) // question.interval


def _shortened(value: Value) -> Value:
    """As many digits as anybody reads: a mean has seventeen."""
    if not isinstance(value, float):
        return value
    return round(value, 4) if abs(value) >= 1 else float(f"{value:.5g}")


def _gap_after(question: Question, column: Sequence[Value | None]) -> float:
    """From which distance on two neighbours have a gap between them.

    A unit that measures every four hours has no gap after each value. One interval without a value
    is a gap where intervals are long; where they are as short as the unit's own beat it is chance.
    """
    interval = question.interval
    present = [place for place, value in enumerate(column) if value is not None]
    steps = [after - before for before, after in pairwise(present)]
    typical = median(steps) if steps else 1
    return interval * (1.5 if typical <= 1 and interval >= _HOUR else 2.5 * typical)


# --- the parts of a question ---------------------------------------------------------------------


def _fields(given: Any, has: Sequence[Measure]) -> tuple[Measure, ...]:
    """The fields asked for; without any, those that people look at first."""
    texts = [given] if isinstance(given, str) else list(given or ())
    wanted = list(dict.fromkeys(name for text in texts for name in text.split(",") if name))
    if not wanted:
        return tuple(has[:FIELDS_AT_FIRST])
    if len(wanted) > MOST_FIELDS:
        raise Invalid({"fields": _("choose at most {n} fields").format(n=MOST_FIELDS)})
    known = {measure.field for measure in has}
    for name in wanted:
        if name not in known:
            told = ascii(name[:64])
            raise Invalid({"fields": _("the unit has no field {name}").format(name=told)})
    return tuple(measure_of(name) for name in wanted)


def _points(given: Any) -> int:
    text = str(given)
    if not (text.isascii() and text.isdigit() and len(text) < 6) or int(text) > MOST_POINTS:
        raise Invalid({"points": _("a whole number up to {n} is needed").format(n=MOST_POINTS)})
    return max(int(text), LEAST_POINTS)


def _moments(parameters: Mapping[str, Any], now: int) -> tuple[int, int]:
    """From when to when, in seconds: by `start` and `end`, else `span` up to now."""
    span = parameters.get("span") or SPAN_AT_FIRST
    if span not in SPANS:
        known = ", ".join(SPANS)
        raise Invalid({"span": _("one of {known} is needed").format(known=known)})
    end = _moment(parameters, "end", now)
    if end is None:
        end = now // SECOND
    start = _moment(parameters, "start", now)
    if start is None:
        start = max(0, end - SPANS[span])
    if start >= end:
        raise Invalid({"start": _("the start must be before the end")})
    if end - start > LONGEST:
        raise Invalid({"start": _("at most two years can be shown at once")})
    return start, end


def _moment(parameters: Mapping[str, Any], name: str, now: int) -> int | None:
    text = str(parameters.get(name) or "").strip()
    if not text:
        return None
    return _named(name, lambda: parse_moment(text, now)) // SECOND


def _named(name: str, read: Callable[[], int]) -> int:
    try:
        return read()
    except Invalid as error:
        raise Invalid({name: error.message}) from error
