"""`q`: the query language of lists, compiled straight to SQL.

Follows Flask-Restless 0.17 over the reference's operator table ("Query Format and Filtering"). A
comparison never matches NULL, `!=` and `not_in` included. Every name is looked up among the
served columns and relations and every value is bound, so no text of a client reaches the SQL. A
relation is always a sub-select within the caller's scope, so rows are never duplicated and
nothing outside the scope can be inferred. Depth, size and cost are bounded; every refusal is a
400 that names the part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.core.bodies import decode_json
from apps.core.callers import Caller
from apps.core.columns import Kind
from apps.core.conditions import Compiler
from apps.core.errors import Invalid
from apps.core.operands import BIGGEST
from apps.core.patterns import Sql
from apps.core.scope import scope_sql
from apps.core.tables import Table, quoted

MAX_ORDERS = 10

_KEYS = {"filters", "order_by", "group_by", "limit", "offset", "single"}


@dataclass
class Query:
    """A compiled `q`: pieces of SQL over alias t, with their parameters in order of use."""

    where: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)
    order: str = ""
    order_params: list[Any] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0
    single: bool = False

    @property
    def plain(self) -> bool:
        """True when every row of the table qualifies."""
        return not self.where

    @property
    def condition(self) -> str:
        return f" WHERE {' AND '.join(self.where)}" if self.where else ""

    def add(self, sql: Sql) -> None:
        self.where.append(sql[0])
        self.params.extend(sql[1])


def compile_query(
    table: Table, caller: Caller, text: str | None, plain: dict[str, Any] | None = None
) -> Query:
    """Compile `q` and plain `column=value` parameters for a caller; raises Invalid."""
    query = Query()
    compiler = Compiler(caller)
    scoped, params = scope_sql(table.model, table.resource.scope, caller)
    if scoped:
        query.add((scoped, params))
    for name, value in (plain or {}).items():
        column = compiler.column(table, name)
        query.add(compiler.compare(column, f"t.{quoted(column.column)}", "=", value))
    spec = _parse(text) if text is not None else {}
    for node in _list(spec, "filters"):
        query.add(compiler.filter(table, "t", node, 1))
    _group(compiler, table, spec, query)
    _order(compiler, table, spec, query)
    query.limit = _whole(spec, "limit")
    query.offset = _whole(spec, "offset") or 0
    query.single = _flag(spec, "single")
    return query


def _parse(text: str) -> dict[str, Any]:
    try:
        value = decode_json(text)
    except Invalid as error:
        raise Invalid(_("q cannot be read. {reason}").format(reason=error.message)) from error
    if not isinstance(value, dict):
        raise Invalid(_("q must be a JSON object"))
    unknown = sorted(set(value) - _KEYS)
    if unknown:
        raise Invalid(_("q has no part named {name!r}").format(name=unknown[0][:100]))
    return value


def _list(spec: dict[str, Any], name: str) -> list[Any]:
    value = spec.get(name)
    if value is None:
        return []
    if isinstance(value, dict) and name == "filters":
        return [value]
    if not isinstance(value, list):
        raise Invalid(_("{name} must be a list").format(name=name))
    return value


def _whole(spec: dict[str, Any], name: str) -> int | None:
    value = spec.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= BIGGEST:
        raise Invalid(_("{name} must be a whole number, not negative").format(name=name))
    return value


def _flag(spec: dict[str, Any], name: str) -> bool:
    value = spec.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Invalid(_("{name} must be true or false").format(name=name))
    return value


# --- order and groups ----------------------------------------------------------------------------


def _order(compiler: Compiler, table: Table, spec: dict[str, Any], query: Query) -> None:
    orders = _list(spec, "order_by")
    if len(orders) > MAX_ORDERS:
        raise Invalid(_("order_by names more than {count} fields").format(count=MAX_ORDERS))
    terms, keyed = [], False
    for node in orders:
        name, direction = _order_node(node)
        sql, params, nullable = _sort_place(compiler, table, name, direction)
        keyed = keyed or name == table.key.name
        nulls = (" NULLS LAST" if direction == "ASC" else " NULLS FIRST") if nullable else ""
        terms.append(f"{sql} {direction}{nulls}")
        query.order_params.extend(params)
    if not keyed:
        # Ties are broken by the key, or pages would overlap.
        terms.append(f"t.{quoted(table.key.column)} ASC")
    query.order = f" ORDER BY {', '.join(terms)}"


def _order_node(node: Any) -> tuple[str, str]:
    if not isinstance(node, dict) or not isinstance(node.get("field"), str):
        raise Invalid(_("each part of order_by and group_by needs a field"))
    unknown = sorted(set(node) - {"field", "direction"})
    if unknown:
        raise Invalid(_("order_by has no part named {name!r}").format(name=unknown[0][:100]))
    direction = node.get("direction", "asc")
    if direction not in ("asc", "desc"):
        raise Invalid(_("{name!r} is not a direction").format(name=str(direction)[:100]))
    return node["field"], direction.upper()


def _sort_place(
    compiler: Compiler, table: Table, name: str, direction: str
) -> tuple[str, list[Any], bool]:
    """SQL to sort on; over a to-many relation the least (or greatest) related value."""
    steps = name.split("__")
    if len(steps) == 1:
        column = compiler.column(table, name)
        if column.kind in (Kind.JSON, Kind.BYTES):
            raise Invalid(_("{name!r} cannot be sorted on").format(name=name))
        return f"t.{quoted(column.column)}", [], column.field.null
    if len(steps) > 2:
        raise Invalid(_("{name!r} is not a field").format(name=name[:100]))
    relation = compiler.relation(table, steps[0])
    target, inner, join, params = compiler.related(relation, "t")
    column = compiler.column(target, steps[1])
    if column.kind in (Kind.JSON, Kind.BYTES):
        raise Invalid(_("{name!r} cannot be sorted on").format(name=name))
    place = f"{inner}.{quoted(column.column)}"
    if column.kind is Kind.BOOLEAN:
        place = f"CASE WHEN {place} THEN 1 ELSE 0 END"
    picked = f"{'MIN' if direction == 'ASC' else 'MAX'}({place})"
    return (
        f"(SELECT {picked} FROM {quoted(target.name)} {inner} WHERE {join})",
        params,
        True,
    )


def _group(compiler: Compiler, table: Table, spec: dict[str, Any], query: Query) -> None:
    """group_by keeps one row of each group: the one with the least key."""
    groups = _list(spec, "group_by")
    if not groups:
        return
    if len(groups) > MAX_ORDERS:
        raise Invalid(_("group_by names more than {count} fields").format(count=MAX_ORDERS))
    places, params = [], []
    for node in groups:
        name, _direction = _order_node(node)
        sql, more, _nullable = _sort_place(compiler, table, name, "ASC")
        places.append(sql)
        params.extend(more)
    key = f"t.{quoted(table.key.column)}"
    inner = f"SELECT MIN({key}) FROM {quoted(table.name)} t{query.condition}"
    query.where, query.params = (
        [f"{key} IN ({inner} GROUP BY {', '.join(places)})"],
        [*query.params, *params],
    )
