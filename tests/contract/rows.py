"""Rows and bodies for any table, from its factory, its model and nothing else.

`make` builds a row, `fill` fills its empty columns, `own` puts it in an entity's scope, and
`body_of` says what a client would send to write the like of it.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from factory.django import DjangoModelFactory

from apps.core.columns import Column, Kind, kind_of
from apps.core.resources import Resource
from apps.core.scope import Scope, ScopeKind
from apps.core.serializers import serializer_for
from apps.core.tables import Table, table_for
from apps.dcm.guards import close_ledger, open_ledger
from apps.entities.models import ProductEntityLinker
from tests import factories
from tests.factories import ProductEntityLinkerFactory, ProductFactory

FACTORIES: dict[type[models.Model], type[DjangoModelFactory]] = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and issubclass(factory, DjangoModelFactory)
}
# After every date that a factory or a default sets.
NOON = dt.datetime(2100, 6, 1, 12, tzinfo=dt.UTC)
# Text with all that JSON must escape, cut to what the column holds.
TEXT = 'é"\\/\t<b>✓\u2028 '

_numbers = itertools.count(1)


def make(model: type[models.Model], **columns: Any) -> Any:
    """A row of the table, as its factory makes it."""
    return FACTORIES[model].create(**columns)


def fill(row: models.Model) -> None:
    """Give every column of the row that is still null a value, and store it."""
    for field in row._meta.concrete_fields:
        if getattr(row, field.attname) is None:
            setattr(row, field.attname, value_for(field))
    with unguarded():
        row.save()


def remove(row: models.Model) -> None:
    """Delete a row, even one that is kept for good; it forgets its key."""
    with unguarded():
        row.delete()


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the guards of the ledger, whose rows nothing but a test makes and unmakes at will."""
    # PostgreSQL alters no table while a deferred check waits.
    connection.check_constraints()
    open_ledger(connection)
    yield
    connection.check_constraints()
    close_ledger(connection)


def value_for(field: models.Field) -> Any:
    """A valid value of a column, a new one at each call where the column is not a choice."""
    n = next(_numbers)
    if isinstance(field, models.ForeignKey):
        return make(field.related_model).pk
    if field.choices:
        return field.choices[0][0]
    kind = kind_of(field)
    if kind is Kind.TEXT:
        # The one kind of text that has a form: a validator of digits.
        text = f"{860_000_000_000_000 + n}" if field.validators[1:] else f"{n}{TEXT}"
        return text[: field.max_length or 255]
    return {
        Kind.INTEGER: n,
        Kind.NUMBER: n % 90 + 0.25,
        Kind.BOOLEAN: True,
        Kind.TIME: NOON + dt.timedelta(minutes=n, microseconds=n * 10),
        Kind.DATE: NOON.date() + dt.timedelta(days=n),
        Kind.LENGTH: dt.timedelta(seconds=n, milliseconds=500),
        Kind.JSON: {"b": [n, 2.5, None, True, "é\n"], "a": {}},
        Kind.BYTES: bytes([0, 255, n % 256]),
    }[kind]


# --- scope ---------------------------------------------------------------------------------------


def own(row: models.Model, scope: Scope, entity: models.Model) -> None:
    """Make the row one of the entity's, along the path its resource declares."""
    steps = [step for step in scope.path.split("__") if step]
    if scope.kind is ScopeKind.ENTITY and steps:
        holder = _walk(row, steps[:-1])
        setattr(holder, steps[-1], entity)
        holder.save()
    elif scope.kind is ScopeKind.PRODUCT:
        product = _walk(row, steps)
        owners = ProductEntityLinker.objects.filter(product=product, date_removed=None)
        if not owners.update(entity=entity):
            ProductEntityLinkerFactory.create(product=product, entity=entity)


def owned_row(resource: Resource, entity: models.Model) -> Any:
    """A row of the table in the entity's scope; the entity itself where the table is its own."""
    if resource.scope.kind is ScopeKind.ENTITY and not resource.scope.path:
        return entity
    row = make(resource.model)
    own(row, resource.scope, entity)
    return row


def reached_backwards(resource: Resource) -> bool:
    """True where a row is owned through rows that refer to it, which a POST cannot bring along."""
    first = resource.scope.path.split("__")[0]
    names = {f.name for f in resource.model._meta.concrete_fields}
    return resource.scope.kind in (ScopeKind.PRODUCT, ScopeKind.ENTITY) and first not in names


def _walk(row: models.Model, steps: list[str]) -> Any:
    for step in steps:
        row = _step(row, step)
    return row


def _step(row: models.Model, step: str) -> Any:
    field = row._meta.get_field(step)
    if isinstance(field, models.ForeignKey):
        return getattr(row, step)
    if isinstance(field, models.ManyToOneRel):
        return make(field.related_model, **{field.field.name: row})
    # A plain column that holds the IMEI.
    product = ProductFactory.create()
    setattr(row, step, product.pk)
    row.save()
    return product


# --- bodies --------------------------------------------------------------------------------------


def representation(resource: Resource, row: models.Model) -> dict[str, Any]:
    """The record as the serializer writes it."""
    row.refresh_from_db()
    return dict(serializer_for(table_for(resource))(row).data)


def writable(resource: Resource) -> list[Column]:
    """The columns that a client may send."""
    return [
        column
        for column in table_for(resource).columns
        if not column.is_meta
        and column.column not in resource.read_only
        and not isinstance(column.field, models.AutoField)
    ]


def body_of(resource: Resource, row: models.Model, *, key: bool = True) -> dict[str, Any]:
    """What a client sends to write this row: every column it may send.

    Without its key: what it may send to change a row into the like of it.
    """
    record = representation(resource, row)
    once = () if key else resource.write_once
    return {
        c.name: record[c.name]
        for c in writable(resource)
        if (key or not c.is_key) and c.column not in once
    }


def new_body(resource: Resource, *, key: bool = True, entity: Any = None) -> dict[str, Any]:
    """A valid body for a row that does not exist; owned by the entity where one is given."""
    row = make(resource.model)
    if entity is not None:
        own(row, resource.scope, entity)
    body = body_of(resource, row, key=key)
    row.delete()
    return body


def stored(table: Table) -> list[tuple[Any, ...]]:
    """Everything in the table, to be compared with what is there later."""
    return list(table.model._base_manager.order_by("pk").values_list())
