"""The values of one or two units as a chart needs them: as many as it has pixels, gaps as None.

    question = read_question({"fields": "voltage", "start": "2016-01-01"}, has=fields, now=now)
    chart = draw(question, [Subject("990000000000001", "HB1")])

Times of a chart are whole seconds since 1970, values those of the store (apps.telemetry.store).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from apps.telemetry import history
from apps.telemetry.chart_fields import Measure
from apps.telemetry.chart_questions import HOUR, MINUTE, Question, Subject, step_for
from apps.telemetry.chart_states import Lane, lane_of
from apps.telemetry.store import current
from apps.telemetry.store.queries import Function, Query
from apps.telemetry.store.series import SECOND, Column, Kind, Value

# From here on an interval holds so many values that their mean hides what they did.
_EXTREMES_FROM = 10 * MINUTE
# A state that lasts for hours is seen in a year of days, and one read costs what a chart does.
_MOST_STATES_READ = 4_400

# By the key of the field.
Columns: TypeAlias = Mapping[str, Column]


@dataclass(slots=True)
class Line:
    """One field of one unit, with None where an interval has no value.

    `least` and `most` are None where intervals are so short that the mean says all, and of what is
    computed. Values further apart than `gap_after` seconds have a gap between them; nearer ones are
    only rarely measured.
    """

    measure: Measure
    mean: Column
    least: Column | None = None
    most: Column | None = None
    gap_after: float = 0.0


@dataclass
class Drawing:
    """What one unit measured: numbers as lines, texts and truth values as lanes."""

    subject: Subject
    lines: list[Line] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is no value at all in this time."""
        return not any(lane.runs for lane in self.lanes) and all(
            value is None for line in self.lines for value in line.mean
        )


def draw(question: Question, subjects: Sequence[Subject]) -> list[Drawing]:
    """What the units measured. Raises StoreAway; asks over the network: not in a transaction."""
    return [
        Drawing(subject, _lines(question, subject.imei), _lanes(question, subject.imei))
        for subject in subjects
    ]


def gap_after(interval: int, column: Sequence[Value | None]) -> float:
    """From which distance on two neighbours have a gap between them.

    A unit that measures every four hours has no gap after each value. One interval without a value
    is a gap where intervals are long; where they are as short as the unit's own beat it is chance.
    """
    present = [place for place, value in enumerate(column) if value is not None]
    steps = [after - before for before, after in pairwise(present)]
    typical = median(steps) if steps else 1
    return interval * (1.5 if typical <= 1 and interval >= HOUR else 2.5 * typical)


def _lines(question: Question, imei: str) -> list[Line]:
    numbers = [measure for measure in question.fields if measure.kind is Kind.NUMBER]
    kept = [measure for measure in numbers if not measure.factors]
    factors = [_plain(name) for measure in numbers for name in measure.factors]
    mean = dict(_columns(question, imei, {*kept, *factors}, Function.MEAN))
    for measure in numbers:
        if measure.factors:
            mean[measure.key] = _product([mean[name] for name in measure.factors])
    least: Columns = {}
    most: Columns = {}
    if question.interval >= _EXTREMES_FROM:
        least = _columns(question, imei, kept, Function.MIN)
        most = _columns(question, imei, kept, Function.MAX)
    return [
        Line(
            measure,
            [_shortened(value) for value in mean[measure.key]],
            _all_shortened(least.get(measure.key)),
            _all_shortened(most.get(measure.key)),
            gap_after(question.interval, mean[measure.key]),
        )
        for measure in numbers
    ]


def _lanes(question: Question, imei: str) -> list[Lane]:
    """States are read finer than they are shown: one that lasts less than an interval counts."""
    measures = [measure for measure in question.fields if measure.kind is not Kind.NUMBER]
    step = min(question.interval, step_for(question.end - question.start, _MOST_STATES_READ))
    start, end = question.start - question.start % step, question.end + -question.end % step
    finer = replace(question, start=start, end=end, interval=step)
    columns = _columns(finer, imei, measures, Function.LAST)
    return [
        lane_of(
            measure, question, finer, columns[measure.key], gap_after(step, columns[measure.key])
        )
        for measure in measures
    ]


def _columns(
    question: Question, imei: str, measures: Iterable[Measure], function: Function
) -> Columns:
    """For each field as many values as there are intervals."""
    found: dict[str, Column] = {}
    names: dict[str, list[Measure]] = {}
    for measure in measures:
        found[measure.key] = [None] * len(question.times)
        names.setdefault(measure.measurement, []).append(measure)
    for measurement, wanted in names.items():
        result = history.read(
            current(),
            Query(
                measurement,
                imei,
                question.start * SECOND,
                question.end * SECOND,
                fields=tuple(measure.field for measure in wanted),
                function=function,
                interval=question.interval * SECOND,
            ),
            question.kept,
        )
        places = [(at // SECOND - question.start) // question.interval for at in result.times]
        for measure in wanted:
            column = found[measure.key]
            for place, value in zip(places, result.columns.get(measure.field, ()), strict=False):
                if value is not None and 0 <= place < len(column):
                    column[place] = value
    return found


def _plain(name: str) -> Measure:
    return Measure(name, name)


def _product(columns: Sequence[Column]) -> Column:
    """Mean times mean: near enough for a picture, as the voltage hardly moves in an interval."""
    found: Column = []
    for values in zip(*columns, strict=True):
        product = 1.0
        for value in values:
            if value is None:
                break
            product *= float(value)
        else:
            found.append(product)
            continue
        found.append(None)
    return found


def _all_shortened(column: Column | None) -> Column | None:
    return None if column is None else [_shortened(value) for value in column]


def _shortened(value: Value | None) -> Value | None:
    """As many digits as anybody reads: a mean has seventeen."""
    if not isinstance(value, float):
        return value
    return round(value, 4) if abs(value) >= 1 else float(f"{value:.5g}")
