"""The filters of `q`: from a tree of JSON to one SQL condition (reference: "Operators")."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.core.callers import Caller
from apps.core.columns import Column, Kind
from apps.core.errors import Invalid
from apps.core.operands import Unfit, operand
from apps.core.patterns import Sql, pattern_sql
from apps.core.relations import Relation
from apps.core.scope import scope_sql
from apps.core.tables import Table, quoted, table_of

MAX_DEPTH = 10
MAX_FILTERS = 100
MAX_IN = 1_000
# Of all lists of one query together.
MAX_OPERANDS = 5_000
MAX_STEPS = 3
# Deeper, SQLite's parser has no room left for the sub-selects of the scope.
MAX_NESTING = 5

_SPELLINGS = {
    "=": ("==", "eq", "equals", "equals_to", "="),
    "<>": ("!=", "neq", "does_not_equal", "not_equal_to"),
    ">": (">", "gt"),
    "<": ("<", "lt"),
    ">=": (">=", "ge", "gte", "geq"),
    "<=": ("<=", "le", "lte", "leq"),
    "in": ("in",),
    "not_in": ("not_in",),
    "is_null": ("is_null",),
    "is_not_null": ("is_not_null",),
    "like": ("like",),
    "ilike": ("ilike",),
    "has": ("has", "any"),
}
OPERATORS = {spelling: name for name, all_ in _SPELLINGS.items() for spelling in all_}
_COMPARISONS = ("=", "<>", ">", "<", ">=", "<=")
_FAMILIES = {Kind.INTEGER: Kind.NUMBER}


class Compiler:
    """Compiles one query; counts what it has compiled, so that a query stays affordable."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.filters = 0
        # How many tables away from the one asked each alias is.
        self.nesting = {"t": 0}
        self.operands = 0

    # --- names ---------------------------------------------------------------------------------

    def column(self, table: Table, name: Any) -> Column:
        column = table.visible(name, self.caller.level) if isinstance(name, str) else None
        if column is None:
            raise Invalid(
                _("{table} has no field {name!r}").format(table=table.name, name=str(name)[:100])
            )
        return column

    def relation(self, table: Table, name: str) -> Relation:
        relation = table.relation(name, self.caller.level)
        if relation is None:
            raise Invalid(
                _("{table} has no relation {name!r}").format(table=table.name, name=name[:100])
            )
        return relation

    def related(self, relation: Relation, alias: str) -> tuple[Table, str, str, list[Any]]:
        """The table a relation leads to, an alias for it, and the join with the caller's scope."""
        target = table_of(relation.model)
        inner = f"r{len(self.nesting)}"
        self.nesting[inner] = self.nesting[alias] + 1
        if self.nesting[inner] > MAX_NESTING:
            raise Invalid(
                _("relations are nested more than {count} deep").format(count=MAX_NESTING)
            )
        join = f"{inner}.{quoted(relation.remote)} = {alias}.{quoted(relation.local)}"
        scoped, params = scope_sql(target.model, target.resource.scope, self.caller, inner)
        return target, inner, f"{join} AND {scoped}" if scoped else join, params

    # --- filters -------------------------------------------------------------------------------

    def filter(self, table: Table, alias: str, node: Any, depth: int) -> Sql:
        if depth > MAX_DEPTH:
            raise Invalid(_("filters are nested more than {count} deep").format(count=MAX_DEPTH))
        if not isinstance(node, dict):
            raise Invalid(_("a filter must be an object"))
        if len(node) == 1 and ("or" in node or "and" in node):
            return self._formula(table, alias, node, depth)
        self.filters += 1
        if self.filters > MAX_FILTERS:
            raise Invalid(_("more than {count} filters").format(count=MAX_FILTERS))
        return self._leaf(table, alias, node, depth)

    def _formula(self, table: Table, alias: str, node: dict[str, Any], depth: int) -> Sql:
        ((word, parts),) = node.items()
        if not isinstance(parts, list) or not parts:
            raise Invalid(_("{name!r} takes a list of filters").format(name=word))
        compiled = [self.filter(table, alias, part, depth + 1) for part in parts]
        joiner = " OR " if word == "or" else " AND "
        return f"({joiner.join(sql for sql, _p in compiled)})", [
            param for _sql, params in compiled for param in params
        ]

    def _leaf(self, table: Table, alias: str, node: dict[str, Any], depth: int) -> Sql:
        unknown = sorted(set(node) - {"name", "op", "val", "field", "fieldname"})
        if unknown:
            raise Invalid(_("a filter has no part named {name!r}").format(name=unknown[0][:100]))
        name, op = node.get("name"), OPERATORS.get(str(node.get("op")))
        if not isinstance(name, str):
            raise Invalid(_("a filter needs the name of a field"))
        if op is None:
            raise Invalid(
                _("{op!r} is not an operator (field {name!r})").format(
                    op=str(node.get("op"))[:100], name=name[:100]
                )
            )
        steps = name.split("__")
        if op == "has":
            return self._has(table, alias, steps, node, depth)
        if len(steps) > 1:
            return self._through(table, alias, steps, {**node, "name": steps[-1]}, depth)
        column = self.column(table, name)
        place = f"{alias}.{quoted(column.column)}"
        other = node.get("field", node.get("fieldname"))
        if other is not None:
            return self._columns(table, alias, column, op, other)
        if op in ("is_null", "is_not_null"):
            return f"{place} IS {'NOT ' if op == 'is_not_null' else ''}NULL", []
        if "val" not in node:
            raise Invalid(_("the filter on {name!r} has no val").format(name=name))
        return self.compare(column, place, op, node["val"])

    def _through(
        self, table: Table, alias: str, steps: list[str], node: dict[str, Any], depth: int
    ) -> Sql:
        """`relation__field`: true if a related row satisfies the filter on its field."""
        if len(steps) - 1 > MAX_STEPS or not all(steps):
            raise Invalid(_("{name!r} is not a field").format(name="__".join(steps)[:100]))
        relation = self.relation(table, steps[0])
        target, inner, join, params = self.related(relation, alias)
        if len(steps) > 2:
            sql, more = self._through(target, inner, steps[1:], node, depth)
        else:
            sql, more = self._leaf(target, inner, node, depth + 1)
        return self._exists(target, inner, join, sql), [*params, *more]

    def _has(
        self, table: Table, alias: str, steps: list[str], node: dict[str, Any], depth: int
    ) -> Sql:
        """`has` and `any`: a nested filter, or a value for the key or the named field."""
        if "val" not in node:
            raise Invalid(_("the filter on {name!r} has no val").format(name=steps[0][:100]))
        value = node["val"]
        if len(steps) > 1:
            inner_op = "in" if isinstance(value, list) else "=="
            return self._through(
                table, alias, steps, {"name": steps[-1], "op": inner_op, "val": value}, depth
            )
        relation = self.relation(table, steps[0])
        target, inner, join, params = self.related(relation, alias)
        if isinstance(value, dict):
            sql, more = self.filter(target, inner, value, depth + 1)
        else:
            op = "in" if isinstance(value, list) else "="
            sql, more = self.compare(target.key, f"{inner}.{quoted(target.key.column)}", op, value)
        return self._exists(target, inner, join, sql), [*params, *more]

    @staticmethod
    def _exists(target: Table, inner: str, join: str, sql: str) -> str:
        return f"EXISTS (SELECT 1 FROM {quoted(target.name)} {inner} WHERE {join} AND {sql})"

    def _columns(self, table: Table, alias: str, column: Column, op: str, name: Any) -> Sql:
        other = self.column(table, name)
        if op not in _COMPARISONS:
            raise Invalid(_("two fields cannot be compared with {op!r}").format(op=op))
        if _FAMILIES.get(column.kind, column.kind) != _FAMILIES.get(other.kind, other.kind) or (
            column.kind in (Kind.JSON, Kind.BYTES)
        ):
            raise Invalid(
                _("{one!r} and {other!r} cannot be compared").format(one=column.name, other=name)
            )
        return f"{alias}.{quoted(column.column)} {op} {alias}.{quoted(other.column)}", []

    def compare(self, column: Column, place: str, op: str, value: Any) -> Sql:
        try:
            if op in ("in", "not_in"):
                return self._membership(column, place, op, value)
            if value is None:
                raise Unfit(_("null cannot be compared; use is_null or is_not_null"))
            if op in ("like", "ilike"):
                return pattern_sql(column, place, op, value)
            if column.kind is Kind.BOOLEAN and op not in ("=", "<>"):
                raise Unfit(_("true and false have no order"))
            return f"{place} {op} %s", [operand(column, value)]
        except Unfit as error:
            raise Invalid(
                _("the filter on {name!r} is wrong: {reason}").format(
                    name=column.name, reason=error
                )
            ) from error

    def _membership(self, column: Column, place: str, op: str, value: Any) -> Sql:
        if not isinstance(value, list):
            raise Unfit(_("a list is expected"))
        if len(value) > MAX_IN:
            raise Unfit(_("a list of at most {count} values is expected").format(count=MAX_IN))
        self.operands += len(value)
        if self.operands > MAX_OPERANDS:
            raise Invalid(_("more than {count} values in lists").format(count=MAX_OPERANDS))
        if any(item is None for item in value):
            raise Unfit(_("null cannot be compared; use is_null or is_not_null"))
        if not value:
            return ("1 = 0", []) if op == "in" else (f"{place} IS NOT NULL", [])
        marks = ", ".join(["%s"] * len(value))
        word = "IN" if op == "in" else "NOT IN"
        return f"{place} {word} ({marks})", [operand(column, item) for item in value]
