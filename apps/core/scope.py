"""Scope: which rows a caller may see, in one place.

GLOBAL sees every row. ENTITY sees only what belongs to the caller's entity: units whose ownership
row (`Ownership`) is open for that entity, and whatever hangs on them. A resource declares the path
from its table to the unit or the entity; this module turns the path into SQL (for the reader) and
into a queryset restriction (for everything else). A row out of scope answers as a row that does not
exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from apps.core.callers import Caller
from apps.core.relations import column_of, key_of, relation_of

M = TypeVar("M", bound=models.Model)


class ScopeKind(StrEnum):
    PUBLIC = "public"  # type tables: the same for everybody
    PRODUCT = "product"  # the path leads to a unit
    ENTITY = "entity"  # the path leads to an entity
    HIDDEN = "hidden"  # no owner can be named: only GLOBAL sees the rows


@dataclass(frozen=True)
class Scope:
    """`path` is made of relation names joined by "__", forward or reverse; "" is the table itself.

    A reverse step through a table with `date_removed` passes only its open rows.
    """

    kind: ScopeKind
    path: str = ""


PUBLIC = Scope(ScopeKind.PUBLIC)
HIDDEN = Scope(ScopeKind.HIDDEN)


def via_product(path: str = "product") -> Scope:
    """Rows belong to the unit at the end of `path`."""
    return Scope(ScopeKind.PRODUCT, path)


def via_entity(path: str = "entity") -> Scope:
    """Rows belong to the entity at the end of `path`."""
    return Scope(ScopeKind.ENTITY, path)


# --- the rule itself ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Ownership:
    """The table that says which entity owns which unit, and how long."""

    table: str = "product_entity_linker"
    product: str = "product_imei"
    entity: str = "entity_id"
    ended: str = "date_removed"


OWNERSHIP = Ownership()


@cache
def condition(model: type[models.Model], scope: Scope, alias: str = "t") -> str | None:
    """SQL over `alias` that holds for the rows of one entity; None when every row is visible.

    The text has exactly one placeholder, the entity's id, unless it is the constant "1 = 0".
    """
    if scope.kind is ScopeKind.PUBLIC:
        return None
    if scope.kind is ScopeKind.HIDDEN:
        return "1 = 0"
    return _walk(model, [step for step in scope.path.split("__") if step], scope.kind, alias, 0)


def _walk(
    model: type[models.Model], steps: list[str], kind: ScopeKind, alias: str, depth: int
) -> str:
    """Follow the path from `alias`, one nested IN for each step."""
    quote = connection.ops.quote_name
    if not steps:
        return _owned(f"{alias}.{quote(key_of(model))}", kind)
    name, rest = steps[0], steps[1:]
    relation = relation_of(model, name)
    if relation is None:
        # A plain column that holds the key itself, such as factory_log.product_imei.
        return _owned(f"{alias}.{quote(column_of(model._meta.get_field(name)))}", kind)
    if not rest and not relation.many:
        return _owned(f"{alias}.{quote(relation.local)}", kind)
    inner = f"s{depth}"
    open_only = ""
    if relation.many and any(f.column == "date_removed" for f in relation.model._meta.fields):
        open_only = f"{inner}.date_removed IS NULL AND "
    nested = _walk(relation.model, rest, kind, inner, depth + 1)
    return (
        f"{alias}.{quote(relation.local)} IN (SELECT {inner}.{quote(relation.remote)}"
        f" FROM {quote(relation.model._meta.db_table)} {inner} WHERE {open_only}{nested})"
    )


def _owned(column: str, kind: ScopeKind) -> str:
    if kind is ScopeKind.ENTITY:
        return f"{column} = %s"
    return (
        f"{column} IN (SELECT o.{OWNERSHIP.product} FROM {OWNERSHIP.table} o"
        f" WHERE o.{OWNERSHIP.entity} = %s AND o.{OWNERSHIP.ended} IS NULL)"
    )


def scope_sql(
    model: type[models.Model], scope: Scope, caller: Caller, alias: str = "t"
) -> tuple[str, list[Any]]:
    """The condition over `alias` for this caller and its parameters; ("", []) for no condition."""
    if caller.is_global:
        return "", []
    text = condition(model, scope, alias)
    if text is None:
        return "", []
    return text, [caller.entity_id] * text.count("%s")


def restrict(queryset: QuerySet[M], caller: Caller, scope: Scope) -> QuerySet[M]:
    """The rows of a queryset that the caller may know of."""
    text, params = scope_sql(queryset.model, scope, caller)
    if not text:
        return queryset
    meta = queryset.model._meta
    quote = connection.ops.quote_name
    keys = f"SELECT t.{quote(key_of(queryset.model))} FROM {quote(meta.db_table)} t WHERE {text}"
    return queryset.filter(pk__in=RawSQL(keys, params))
