"""A chart as a CSV file: what is shown, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from apps.core.adminpages.export import harmless
from apps.telemetry.charts import Drawing, Line, Question
from apps.telemetry.data_times import format_times
from apps.telemetry.store.series import SECOND, Value


def csv_response(question: Question, drawings: Sequence[Drawing]) -> HttpResponse:
    """A row for each interval in which there is any value, by its start in UTC."""
    columns = [column for drawing in drawings for column in _columns(drawing)]
    text = io.StringIO()
    # The mark tells spreadsheet programs that the file is UTF-8.
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow([harmless(title) for title in (_("time (UTC)"), *(c[0] for c in columns))])
    times = format_times([at * SECOND for at in question.times])
    for at, *values in zip(times, *(column for _title, column in columns), strict=True):
        if any(value is not None for value in values):
            writer.writerow([at, *("" if value is None else value for value in values)])
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_file_name(drawings)}"'},
    )


def _columns(drawing: Drawing) -> Iterator[tuple[str, list[Value | None]]]:
    for line in drawing.lines:
        yield _title(drawing, line, _("mean")), line.mean
        if line.least is not None and line.most is not None:
            yield _title(drawing, line, _("lowest")), line.least
            yield _title(drawing, line, _("highest")), line.most


def _title(drawing: Drawing, line: Line, figure: str) -> str:
    unit = f" ({line.measure.unit})" if line.measure.unit else ""
    return f"{drawing.subject.serial_number} {line.measure.field}{unit} {figure}"


def _file_name(drawings: Sequence[Drawing]) -> str:
    names = [re.sub(r"[^A-Za-z0-9_-]+", "-", one.subject.serial_number) for one in drawings]
    return f"{'-'.join(name[:40] for name in names)}-measurements.csv"
