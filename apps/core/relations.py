"""Relations: how one table leads to another, read off the models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models


@dataclass(frozen=True, slots=True)
class Relation:
    """A step from one table to another: rows of `model` whose `remote` equals our `local`."""

    name: str
    model: type[models.Model]
    local: str
    remote: str
    many: bool


def column_of(model_field: Any) -> str:
    """The database column of a concrete field, which is never without one."""
    column: str = model_field.column
    return column


def key_of(model: type[models.Model]) -> str:
    """The database column of a model's primary key."""
    return column_of(model._meta.pk)


def relation_of(model: type[models.Model], name: str) -> Relation | None:
    """The relation `name` of a model, forward (a foreign key) or reverse, or None."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if isinstance(found, models.ForeignKey):
        local, remote = column_of(found), column_of(found.target_field)
        return Relation(name, found.related_model, local, remote, False)
    if isinstance(found, models.ManyToOneRel) and not found.hidden:
        local, remote = column_of(found.field.target_field), column_of(found.field)
        return Relation(name, found.related_model, local, remote, True)
    return None
