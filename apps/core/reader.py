"""The read path: columns -> rows -> JSON bytes in one pass, without model objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from apps.core.callers import Caller
from apps.core.columns import RENDERERS, Kind
from apps.core.counting import KEPT, kept_count
from apps.core.cursors import row_cursor
from apps.core.errors import Invalid, NotFound
from apps.core.levels import Level
from apps.core.operands import BIGGEST
from apps.core.prepared import Prepared
from apps.core.q import Query, compile_query
from apps.core.scope import scope_sql
from apps.core.tables import Table, quoted

DEFAULT_PAGE_SIZE = 10
MAX_PAGE_SIZE = 1_000
# From here on the rows to skip are skipped over an index alone, not over whole rows.
DEEP_OFFSET = 500
BIGGEST_PAGE = 2**53
# Rows become JSON this many at a time: a thousand of them as Python objects take megabytes.
CHUNK = 100

RESERVED = frozenset({"q", "page", "results_per_page"})


def list_bytes(table: Table, caller: Caller, params: Mapping[str, str]) -> bytes:
    """One page of a table as the list envelope, or one record where `q` asks for a single one.

    Raises Invalid for a wrong `q`, column or page, NotFound for `single` without a match.
    """
    plain = {name: value for name, value in params.items() if name not in RESERVED}
    query = compile_query(table, caller, params.get("q"), plain)
    page, size = page_and_size(params)
    if query.single:
        return _single(table, caller, query)
    skip = (page - 1) * size
    window = size if query.limit is None else max(min(size, query.limit - skip), 0)
    first = min(query.offset + skip, BIGGEST)
    counted = query.plain and table.resource.counted
    rows = _rows(table, caller.level, query, window, first, counted=counted) if window else NO_ROWS
    total = total_rows(table, query, rows, window, skip)
    return b'{"num_results":%d,"objects":[%b],"page":%d,"total_pages":%d}' % (
        total,
        rows.objects,
        page,
        -(-total // size),
    )


def row_bytes(table: Table, caller: Caller, key: str) -> bytes:
    """One record by its key; NotFound if it does not exist or is out of the caller's scope."""
    parsed = table.parse_key(key)
    if parsed is None:
        raise NotFound
    scoped, params = scope_sql(table.model, table.resource.scope, caller)
    with row_cursor() as cursor:
        _row_statement(table, caller.level, scoped).run(cursor, [parsed, *params])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return orjson.dumps(_objects(table, [row])[0])


@lru_cache(maxsize=1024)
def _row_statement(table: Table, level: Level, scoped: str) -> Prepared:
    # A key beyond the column's own range must find nothing, so it is compared as the widest.
    value = "CAST(%s AS bigint)" if table.key.kind is Kind.INTEGER else "%s"
    sql = (
        f"SELECT {table.select_list(level)} FROM {quoted(table.name)} t"
        f" WHERE t.{quoted(table.key.column)} = {value}"
    )
    name = f"row_{table.resource.path}_{level:d}{'_scoped' if scoped else ''}"
    return Prepared(name, f"{sql} AND {scoped}" if scoped else sql)


def page_and_size(params: Mapping[str, str]) -> tuple[int, int]:
    """Which page of how many rows is asked for; Invalid names what is no such number."""
    page = _positive(params, "page", 1, BIGGEST_PAGE)
    return page, min(_positive(params, "results_per_page", DEFAULT_PAGE_SIZE, None), MAX_PAGE_SIZE)


def _positive(params: Mapping[str, str], name: str, default: int, most: int | None) -> int:
    text = params.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
    if number < 1 or (most is not None and number > most):
        raise Invalid({name: _("must be a whole number of at least 1")})
    return number


class Rows(NamedTuple):
    """The rows of a window: how many, as JSON objects between commas, and the table's kept count.

    The count is None where it was not asked for or nothing was found to carry it.
    """

    found: int
    objects: bytes
    kept: int | None = None


NO_ROWS = Rows(0, b"")


def _rows(
    table: Table, level: Level, query: Query, limit: int, offset: int, *, counted: bool = False
) -> Rows:
    key, name = quoted(table.key.column), quoted(table.name)
    columns = table.select_list(level)
    # One question instead of two, as long as the rows that carry the count are few.
    counted = counted and limit <= CHUNK
    if counted:
        columns += f", ({KEPT})"
    counts = [table.name] if counted else []
    if offset >= DEEP_OFFSET:
        sql = (
            f"SELECT {columns} FROM (SELECT t.{key} FROM {name} t{query.condition}{query.order}"
            f" LIMIT {limit:d} OFFSET {offset:d}) p JOIN {name} t ON t.{key} = p.{key}{query.order}"
        )
        params = [*counts, *query.params, *query.order_params, *query.order_params]
    else:
        sql = (
            f"SELECT {columns} FROM {name} t{query.condition}{query.order}"
            f" LIMIT {limit:d} OFFSET {offset:d}"
        )
        params = [*counts, *query.params, *query.order_params]
    with row_cursor() as cursor:
        cursor.execute(sql, params)
        found, parts, kept = 0, [], None
        while rows := cursor.fetchmany(CHUNK):
            found += len(rows)
            parts.append(orjson.dumps(_objects(table, rows))[1:-1])
            kept = rows[0][-1] if counted else None
            if len(rows) < CHUNK:
                break
    return Rows(found, b",".join(parts), kept)


def total_rows(table: Table, query: Query, rows: Rows, window: int, skip: int) -> int:
    """How many rows there are before paging: inferred where the page shows it, else counted."""
    if rows.found < window and (rows.found or not skip):
        return skip + rows.found
    if rows.kept is not None:
        counted = rows.kept
    elif query.plain and table.resource.counted:
        counted = kept_count(table.name)
    else:
        counted = _count(table, query)
    available = max(counted - query.offset, 0)
    return available if query.limit is None else min(available, query.limit)


def _count(table: Table, query: Query) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM {quoted(table.name)} t{query.condition}", query.params
        )
        return cursor.fetchone()[0]


def _single(table: Table, caller: Caller, query: Query) -> bytes:
    limit = 2 if query.limit is None else min(query.limit, 2)
    rows = _rows(table, caller.level, query, limit, query.offset)
    if not rows.found:
        raise NotFound(_("No result found"))
    if rows.found > 1:
        raise Invalid(_("Multiple results found"))
    return rows.objects


@lru_cache(maxsize=1024)
def _renderers(table: Table, vendor: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    known = RENDERERS[vendor]
    return tuple((c.name, known[c.kind]) for c in table.columns if c.kind in known)


def _objects(table: Table, rows: list[tuple]) -> list[dict[str, Any]]:
    names = table.names
    objects = [dict(zip(names, row, strict=False)) for row in rows]
    for name, render in _renderers(table, connection.vendor):
        for item in objects:
            if item[name] is not None:
                item[name] = render(item[name])
    return objects
