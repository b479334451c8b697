"""A list as a CSV file: the rows the list shows, streamed, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from apps.core.columns import Column, Kind, render_bytes, render_length, render_time
from apps.core.levels import Level
from apps.core.tables import Table

# A spreadsheet runs a cell that begins with one of these as a formula, or drops the character.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_CHUNK = 2_000


def csv_response(table: Table, rows: QuerySet[Any], level: Level) -> StreamingHttpResponse:
    """Every column the level may see of every row, named as in the API."""
    columns = [c for c in table.columns if level >= table.resource.masked.get(c.column, level)]
    return csv_file(table.name, [c.name for c in columns], _rows(columns, rows))


def csv_file(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A file of that name, with the time, of rows whose text is `harmless` already."""
    stamp = timezone.now().strftime("%Y%m%d-%H%M")
    return StreamingHttpResponse(
        _lines(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{stamp}.csv"'},
    )


class _Echo:
    """What the csv module writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # The mark tells spreadsheet programs that the file is UTF-8.
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow(row)


def _rows(columns: list[Column], rows: QuerySet[Any]) -> Iterator[list[Any]]:
    values: Iterable[Any] = rows.values_list(*[c.field.attname for c in columns])
    for row in values.iterator(chunk_size=_CHUNK):  # type: ignore[attr-defined]
        yield [cell(c.kind, v) for c, v in zip(columns, row, strict=True)]


def cell(kind: Kind, value: Any) -> Any:
    """One value as it stands in the file."""
    if value is None:
        return ""
    if kind is Kind.TIME:
        return render_time(value)
    if kind is Kind.LENGTH:
        return render_length(value)
    if kind is Kind.BYTES:
        return render_bytes(value)
    if kind is Kind.JSON:
        return harmless(json.dumps(value, ensure_ascii=False))
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula: an apostrophe makes it text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
