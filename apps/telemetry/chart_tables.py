"""A chart in figures and rows, for whoever does not look at lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.telemetry.chart_fields import Measure
from apps.telemetry.charts import Drawing, Question, Subject
from apps.telemetry.store.series import Value


@dataclass(frozen=True, slots=True)
class Figures:
    """One field of one unit over the whole time; None where it has no value in it."""

    subject: Subject
    measure: Measure
    lowest: Value | None
    highest: Value | None
    last: Value | None


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


def rows_of(
    question: Question, drawings: Sequence[Drawing]
) -> Iterator[tuple[dt.datetime, list[Value | None]]]:
    """The mean of every line in each interval in which there is any value, newest first."""
    columns = [line.mean for drawing in drawings for line in drawing.lines]
    for place in reversed(range(len(question.times))):
        values = [column[place] for column in columns]
        if any(value is not None for value in values):
            yield dt.datetime.fromtimestamp(question.times[place], dt.UTC), values
