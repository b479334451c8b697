"""Which units a command is for: a query, a list of IMEIs, or the rows of a page.

Every selection becomes one SQL query that yields IMEIs within the caller's scope, so that a
hundred thousand units pass from table to table without passing through the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.operands import BIGGEST
from apps.core.q import compile_query
from apps.core.resources import registry
from apps.core.scope import restrict
from apps.core.tables import quoted, table_for, table_of
from apps.fleet.errors import TooManyUnits
from apps.products.models import Product

# IMEIs in one statement: SQLite takes no more parameters than some tens of thousands.
_CHUNK = 5_000
BIGGEST_LIST = 100_000


@dataclass(frozen=True)
class Selection:
    """Units within the scope of whoever selects them.

    `part` is the name of what was given, for what is wrong with it; `text` is the query as kept.
    """

    part: str
    statements: tuple[tuple[str, list[Any]], ...]
    text: str | None = None
    imeis: tuple[str, ...] = ()


def by_query(q: Any, caller: Caller) -> Selection:
    """The units that a `q` finds, given as an object or as its text; raises Invalid."""
    text = q if isinstance(q, str) else json.dumps(q)
    table = table_for(registry.named("product"))
    query = compile_query(table, caller, text)
    key = quoted(table.key.column)
    sql = f"SELECT t.{key} FROM {quoted(table.name)} t{query.condition}"
    params = list(query.params)
    if query.single:
        raise Invalid({"q": _("single asks for one unit; a command is for many")})
    if query.limit is not None or query.offset:
        most = query.limit if query.limit is not None else BIGGEST
        sql = f"{sql}{query.order} LIMIT {most:d} OFFSET {query.offset:d}"
        params += query.order_params
    return Selection("q", ((sql, params),), text)


def by_imeis(imeis: Sequence[str], caller: Caller) -> Selection:
    """The units with these IMEIs; one that is named twice counts once."""
    wanted = tuple(dict.fromkeys(imeis))
    if len(wanted) > BIGGEST_LIST:
        raise TooManyUnits("product_imeis", BIGGEST_LIST)
    visible = visible_units(caller)
    statements = tuple(as_sql(visible.filter(pk__in=chunk)) for chunk in _chunks(wanted))
    return Selection("product_imeis", statements, imeis=wanted)


def by_rows(rows: QuerySet[Product], caller: Caller, *, text: str) -> Selection:
    """The units of a list in the back office; `text` is its address, with filters and search."""
    scope = table_of(Product).resource.scope
    return Selection("q", (as_sql(restrict(rows.order_by(), caller, scope)),), text)


def visible_units(caller: Caller) -> QuerySet[Product]:
    return restrict(Product.objects.all(), caller, registry.named("product").scope)


def as_sql(rows: QuerySet[Product]) -> tuple[str, list[Any]]:
    """SQL that yields the keys of these rows, each once."""
    sql, params = (
        rows.values("product_imei").distinct().query.get_compiler(connection.alias).as_sql()
    )
    return sql, list(params)


def _chunks(imeis: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(imeis), _CHUNK):
        yield imeis[first : first + _CHUNK]
