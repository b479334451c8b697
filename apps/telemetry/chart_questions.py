"""What a chart is to show: which fields, from when to when, in intervals as long as a pixel.

    question = read_question({"fields": "voltage", "start": "2016-01-01"}, has=fields, now=now)

Times of a chart are whole seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry.chart_fields import MOST_FIELDS, Measure, at_first
from apps.telemetry.data_times import parse_moment
from apps.telemetry.horizon import TelemetryHorizon
from apps.telemetry.store.series import SECOND

# A value for each pixel; before the page is open nobody knows how many those are.
POINTS, POINTS_OF_PHONES, LEAST_POINTS, MOST_POINTS = 900, 320, 50, 2_000
MINUTE, HOUR, DAY = 60, 3_600, 86_400
LONGEST = 731 * DAY
# Name and length of the spans that are one press away; the second is what opens.
SPANS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY, "year": 365 * DAY}
SPAN_AT_FIRST = "week"
# Lengths of intervals, in seconds, at which people read an axis. None of half a day: a store has
# figures of whole days at hand, and a year of them is as fine as a screen.
STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(n * MINUTE for n in (1, 2, 5, 10, 15, 20, 30)),
    *(n * HOUR for n in (1, 2, 3, 4, 6)),
    *(n * DAY for n in (1, 2, 7, 14, 28)),
)


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
    # How far back points reach: read once for the whole chart.
    kept: TelemetryHorizon = field(default_factory=TelemetryHorizon, compare=False)

    @property
    def times(self) -> range:
        """When each interval starts."""
        return range(self.start, self.end, self.interval)


def read_question(
    parameters: Mapping[str, Any],
    *,
    has: Sequence[Measure],
    now: int,
    points: int = POINTS,
    kept: TelemetryHorizon | None = None,
) -> Question:
    """The question that a query string asks of units that have these fields.

    `fields` is a text with commas or a list of names; `span` one of SPANS, or `start` and `end`
    times as people write them; `now` is in nanoseconds. What is `kept` no more but by the hour is
    shown so at the finest. Raises Invalid, which names the parameter.
    """
    points = _points(parameters.get("points") or points)
    start, end = _moments(parameters, now)
    interval = step_for(end - start, points)
    kept = kept or TelemetryHorizon()
    if start * SECOND < kept.raw_seam(now):
        interval = max(interval, HOUR)
    start -= start % interval
    end += -end % interval
    return Question(_fields(parameters.get("fields"), has), start, end, interval, kept)


def step_for(length: int, points: int) -> int:
    """The shortest step of which at most `points` cover `length` seconds."""
    return next((step for step in STEPS if step * points >= length), STEPS[-1])


def _fields(given: Any, has: Sequence[Measure]) -> tuple[Measure, ...]:
    """The fields asked for; without any, those that people look at first."""
    texts = [given] if isinstance(given, str) else list(given or ())
    wanted = list(dict.fromkeys(name for text in texts for name in text.split(",") if name))
    if not wanted:
        return at_first(has)
    if len(wanted) > MOST_FIELDS:
        raise Invalid({"fields": _("choose at most {n} fields").format(n=MOST_FIELDS)})
    known = {measure.key: measure for measure in has}
    for name in wanted:
        if name not in known:
            told = ascii(name[:64])
            raise Invalid({"fields": _("the unit has no field {name}").format(name=told)})
    return tuple(known[name] for name in wanted)


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
