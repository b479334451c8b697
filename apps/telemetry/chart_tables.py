"""A chart in figures and rows, for whoever does not look at lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apps.telemetry.chart_days import FIGURES, Calendar, Days, Figure
from apps.telemetry.chart_fields import Measure
from apps.telemetry.chart_questions import Question, Subject
from apps.telemetry.charts import Drawing
from apps.telemetry.store.series import Value


@dataclass(frozen=True, slots=True)
class Figures:
    """One field of one unit over the whole time; None where it has no value in it."""

    subject: Subject
    measure: Measure
    lowest: Value | None
    highest: Value | None
    last: Value | None


@dataclass(frozen=True, slots=True)
class Shares:
    """One text or truth value of one unit over the whole time: each state with its percentage."""

    subject: Subject
    measure: Measure
    states: list[tuple[str, float]]
    last: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """One figure of the days of one unit, over all of them."""

    subject: Subject
    figure: Figure
    value: float | None


def figures_of(drawings: Sequence[Drawing]) -> list[Figures]:
    """The figures of every line, in their order."""
    found = []
    for drawing in drawings:
        for line in drawing.lines:
            mean = [value for value in line.mean if value is not None]
            least = [value for value in line.least or mean if value is not None]
            most = [value for value in line.most or mean if value is not None]
            found.append(
                Figures(
                    drawing.subject,
                    line.measure,
                    min(least, key=float, default=None),
                    max(most, key=float, default=None),
                    mean[-1] if mean else None,
                )
            )
    return found


def shares_of(drawings: Sequence[Drawing]) -> list[Shares]:
    """The shares of every lane, in their order."""
    return [
        Shares(
            drawing.subject,
            lane.measure,
            [(state, 100 * share) for state, share in lane.shares()],
            lane.last,
        )
        for drawing in drawings
        for lane in drawing.lanes
    ]


def rows_of(
    question: Question, drawings: Sequence[Drawing]
) -> Iterator[tuple[dt.datetime, list[Value | None]]]:
    """The mean of every line, then what every lane mostly was, for each interval in which there is
    any value, newest first."""
    columns: list[Sequence[Any]] = [line.mean for drawing in drawings for line in drawing.lines]
    columns += [lane.column(question) for drawing in drawings for lane in drawing.lanes]
    return _newest_first(question.times, columns)


def rows_of_days(
    days: Days, calendars: Sequence[Calendar]
) -> Iterator[tuple[dt.datetime, list[Value | None]]]:
    """The figures of every unit for each day that has any, newest first."""
    columns = [calendar.columns[figure.field] for calendar in calendars for figure in FIGURES]
    return _newest_first(days.times, columns)


def wholes_of(calendars: Sequence[Calendar]) -> list[Whole]:
    """What the days of every unit come to together, in the order of rows_of_days."""
    return [
        Whole(calendar.subject, figure, calendar.whole(figure))
        for calendar in calendars
        for figure in FIGURES
    ]


def _newest_first(
    times: range, columns: Sequence[Sequence[Any]]
) -> Iterator[tuple[dt.datetime, list[Value | None]]]:
    for place in reversed(range(len(times))):
        values = [column[place] for column in columns]
        if any(value is not None for value in values):
            yield dt.datetime.fromtimestamp(times[place], dt.UTC), values
