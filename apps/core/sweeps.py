"""Sweeps: endpoints that hand a whole fleet over, page by page or all at once.

A page costs the same wherever it lies: its rows are sought by key, after the last key of the page
before (`apps.core.page_marks`). Rows become JSON in one pass, and more of them than one query takes
are sent while they are read, so that a page of any size takes little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.callers import Caller
from apps.core.columns import RENDERERS, Kind
from apps.core.cursors import row_cursor
from apps.core.operands import BIGGEST
from apps.core.page_marks import recall, remember
from apps.core.scope import scope_sql
from apps.core.tables import Table, quoted

# Rows of one query; a larger page is read in several and sent as it is read.
AT_ONCE = 5_000
# Rows that become JSON together: as Python objects they take far more room than as text.
CHUNK = 500
# Up to here rows are skipped faster than a mark is written and read.
MARKED_FROM = 5_000


class PageQuery(serializers.Serializer):
    """Which page of how many rows."""

    page = serializers.IntegerField(min_value=1, required=False, default=1)
    results_per_page = serializers.IntegerField(
        min_value=1, required=False, default=None, help_text=_("Rows on a page; any number")
    )


class Field(NamedTuple):
    """One field of a row: its name in the answer, its SQL, and its kind where that is a time."""

    name: str
    sql: str
    kind: Kind | None = None


class Part(NamedTuple):
    """Rows as JSON between commas, how many, and the key of the last."""

    rows: bytes
    found: int
    last: str


@dataclass(frozen=True)
class Sweep:
    """Rows about the rows of one table, in the order of its key, which is text and one of `fields`.

    The rows are those that satisfy `where`, as t; `joins` adds to them whatever else the fields
    need and may neither drop nor repeat one. `scoped_joins` stands in for `joins` for callers who
    see one entity, with one %s for that entity.
    """

    name: str
    table: Callable[[], Table]
    fields: tuple[Field, ...]
    joins: str
    where: str = ""
    scoped_joins: str = ""

    def answer(
        self, caller: Caller, *, page: int, size: int | None, before: bytes, after: bytes
    ) -> HttpResponseBase:
        """One page, or all rows where no size is given, between `before` and `after`."""
        page, size = min(page, BIGGEST), min(size or BIGGEST, BIGGEST)
        start = self._start(caller, page, size)
        if start is None:
            return _whole(before + after)
        first = self._read(caller, start, min(size, AT_ONCE))
        if first.found == size or first.found < AT_ONCE:
            if first.found == size:
                self._remember(caller, size, page + 1, first.last)
            return _whole(before + first.rows + after)
        parts = self._stream(caller, first, page, size, before, after)
        return StreamingHttpResponse(parts, content_type="application/json")

    def _stream(
        self, caller: Caller, part: Part, page: int, size: int, before: bytes, after: bytes
    ) -> Iterator[bytes]:
        """The answer in parts, each of them one query; `part` was read already."""
        yield before + part.rows
        left = size - part.found
        while left and part.found == AT_ONCE:
            part = self._read(caller, part.last, min(left, AT_ONCE))
            left -= part.found
            if part.found:
                yield b"," + part.rows
        if not left:
            self._remember(caller, size, page + 1, part.last)
        yield after

    # --- where a page begins ---------------------------------------------------------------------

    def _start(self, caller: Caller, page: int, size: int) -> str | None:
        """The key after which a page begins; None where nothing is left for it."""
        skip = (page - 1) * size
        if skip == 0:
            return ""
        if skip >= BIGGEST:
            return None
        if skip < MARKED_FROM:
            return self._skip(caller, skip)
        start = recall(caller, self.name, size, page)
        if start is None:
            start = self._skip(caller, skip)
            if start is not None:
                remember(caller, self.name, size, page, start)
        return start

    def _skip(self, caller: Caller, rows: int) -> str | None:
        """The last of the first `rows` keys."""
        conditions, params = self._conditions(caller)
        sql = (
            f"SELECT {self._key} FROM {quoted(self.table().name)} t{_where(conditions)}"
            f" ORDER BY {self._key} LIMIT 1 OFFSET {rows - 1:d}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            row = cursor.fetchone()
        return row[0] if row else None

    def _remember(self, caller: Caller, size: int, page: int, last: str) -> None:
        if (page - 1) * size >= MARKED_FROM:
            remember(caller, self.name, size, page, last)

    # --- rows ------------------------------------------------------------------------------------

    @cached_property
    def _key(self) -> str:
        return f"t.{quoted(self.table().key.column)}"

    @cached_property
    def _key_place(self) -> int:
        return self._names.index(self.table().key.name)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def _conditions(self, caller: Caller) -> tuple[list[str], list[Any]]:
        table = self.table()
        scoped, params = scope_sql(table.model, table.resource.scope, caller)
        return [condition for condition in (scoped, self.where) if condition], params

    def _read(self, caller: Caller, start: str, limit: int) -> Part:
        """The next `limit` rows after the key `start`."""
        conditions, params = self._conditions(caller)
        joins, more = self.joins, []
        if self.scoped_joins and not caller.is_global:
            joins, more = self.scoped_joins, [caller.entity_id]
        columns = ", ".join(f"{field.sql} AS {quoted(field.name)}" for field in self.fields)
        # Within a SELECT the key tells PostgreSQL nothing of how many rows follow. If it saw that
        # few do, it would join whole tables for the last pages of a fleet.
        sql = (
            f"SELECT {columns} FROM {quoted(self.table().name)} t {joins}"
            f"{_where([*conditions, f'{self._key} > (SELECT %s)'])}"
            f" ORDER BY {self._key} LIMIT {limit:d}"
        )
        parts, found, last = [], 0, start
        with row_cursor() as cursor:
            cursor.execute(sql, [*more, *params, start])
            while rows := cursor.fetchmany(CHUNK):
                found += len(rows)
                last = rows[-1][self._key_place]
                parts.append(orjson.dumps(self._objects(rows))[1:-1])
        return Part(b",".join(parts), found, last)

    def _objects(self, rows: list[tuple]) -> list[dict[str, Any]]:
        names = self._names
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        known = RENDERERS[connection.vendor]
        for field in self.fields:
            render = known.get(field.kind) if field.kind else None
            if render:
                for item in objects:
                    item[field.name] = render(item[field.name])
        return objects


def _where(conditions: list[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _whole(body: bytes) -> HttpResponse:
    return HttpResponse(
        body, content_type="application/json", headers={"Content-Length": str(len(body))}
    )
