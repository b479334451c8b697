"""Relations: how one table leads to another, read off the models."""

from __future__ import annotations

from dataclasses import dataclass

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


def relation_of(model: type[models.Model], name: str) -> Relation | None:
    """The relation `name` of a model, forward (a foreign key) or reverse, or None."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if isinstance(found, models.ForeignKey):
        return Relation(name, found.related_model, found.column, found.target_field.column, False)
    if isinstance(found, models.ManyToOneRel) and not found.hidden:
        remote = found.field
        return Relation(name, found.related_model, remote.target_field.column, remote.column, True)
    return None
