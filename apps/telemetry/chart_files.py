"""A chart as a CSV file: what is shown, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from apps.core.adminpages.export import harmless
from apps.telemetry.chart_days import FIGURES, Calendar, Days
from apps.telemetry.chart_questions import Question, Subject
from apps.telemetry.charts import Drawing
from apps.telemetry.data_times import format_times
from apps.telemetry.store.series import SECOND, Value

# A heading, and a value or None for each time.
Titled = tuple[str, Sequence[Value | None]]


def csv_response(question: Question, drawings: Sequence[Drawing]) -> HttpResponse:
    """A row for each interval in which there is any value, by its start in UTC."""
    columns = [column for drawing in drawings for column in _columns(question, drawing)]
    times = format_times([at * SECOND for at in question.times])
    rows = _rows(_("time (UTC)"), times, columns)
    return _file(rows, [drawing.subject for drawing in drawings], "measurements")


def csv_of_days(days: Days, calendars: Sequence[Calendar]) -> HttpResponse:
    """A row for each day that has any figure."""
    columns: list[Titled] = [
        (
            _title(calendar.subject, figure.field, figure.unit),
            calendar.columns[figure.field],
        )
        for calendar in calendars
        for figure in FIGURES
    ]
    times = [text[:10] for text in format_times([at * SECOND for at in days.times])]
    rows = _rows(_("day (UTC)"), times, columns)
    return _file(rows, [calendar.subject for calendar in calendars], "days")


def _columns(question: Question, drawing: Drawing) -> Iterator[Titled]:
    for line in drawing.lines:
        name = line.measure.key, line.measure.unit
        yield _title(drawing.subject, *name, _("mean")), line.mean
        if line.least is not None and line.most is not None:
            yield _title(drawing.subject, *name, _("lowest")), line.least
            yield _title(drawing.subject, *name, _("highest")), line.most
    for lane in drawing.lanes:
        yield _title(drawing.subject, lane.measure.key, "", _("mostly")), lane.column(question)


def _title(subject: Subject, field: str, unit: str, figure: str = "") -> str:
    return " ".join(
        part for part in (subject.serial_number, field, unit and f"({unit})", figure) if part
    )


def _rows(first: str, times: Sequence[str], columns: Sequence[Titled]) -> Iterator[list[object]]:
    yield [harmless(title) for title in (first, *(column[0] for column in columns))]
    for at, *values in zip(times, *(column for _title, column in columns), strict=True):
        if any(value is not None for value in values):
            yield [at, *("" if value is None else _written(value) for value in values)]


def _written(value: Value) -> object:
    # Texts come from outside, numbers with a sign are no formulas.
    return harmless(value) if isinstance(value, str) else value


def _file(rows: Iterable[Sequence[object]], subjects: Sequence[Subject], what: str) -> HttpResponse:
    text = io.StringIO()
    # The mark tells spreadsheet programs that the file is UTF-8.
    text.write("\ufeff")
    csv.writer(text).writerows(rows)
    names = [re.sub(r"[^A-Za-z0-9_-]+", "-", one.serial_number)[:40] for one in subjects]
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{"-".join(names)}-{what}.csv"'},
    )
