"""Columns: what the engine needs to know of a model field, read off the model once.

The API name of a column is its database column's name. `Kind` decides what a caller may compare it
with and how a value becomes JSON.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models

from apps.core.models import META_COLUMNS


class Kind(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    DATE = "date"
    LENGTH = "length of time"
    JSON = "JSON"
    BYTES = "bytes"


# First match wins: BooleanField and DateTimeField come before what they derive from.
_KINDS: tuple[tuple[type[models.Field], Kind], ...] = (
    (models.BooleanField, Kind.BOOLEAN),
    (models.DateTimeField, Kind.TIME),
    (models.DateField, Kind.DATE),
    (models.DurationField, Kind.LENGTH),
    (models.IntegerField, Kind.INTEGER),
    (models.FloatField, Kind.NUMBER),
    (models.JSONField, Kind.JSON),
    (models.BinaryField, Kind.BYTES),
    (models.CharField, Kind.TEXT),
    (models.TextField, Kind.TEXT),
)


def kind_of(model_field: models.Field) -> Kind:
    """The kind of a field's values; a foreign key has the kind of the key it points to."""
    target = model_field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    for field_type, kind in _KINDS:
        if isinstance(target, field_type):
            return kind
    raise TypeError(f"{model_field} is of a type the table engine does not serve")


@dataclass(frozen=True, slots=True)
class Column:
    """One column as served: `name` in the API, `column` in the database."""

    name: str
    column: str
    kind: Kind
    field: models.Field

    @property
    def is_meta(self) -> bool:
        return self.column in META_COLUMNS

    @property
    def is_key(self) -> bool:
        return self.field.primary_key


def model_columns(model: type[models.Model]) -> list[models.Field]:
    """Concrete fields in the order they are served: own columns first, meta columns last."""
    fields = list(model._meta.concrete_fields)
    return [f for f in fields if f.column not in META_COLUMNS] + [
        f for f in fields if f.column in META_COLUMNS
    ]


def render_time(value: dt.datetime | None) -> str | None:
    """ISO 8601 with microseconds and no offset, in UTC (reference: "created_at")."""
    if value is None:
        return None
    if value.tzinfo is not None:
        value = value.astimezone(dt.UTC)
    return (
        value.strftime("%Y-%m-%dT%H:%M:%S.%f")
        if value.year >= 1000
        else value.replace(tzinfo=None).isoformat(timespec="microseconds")
    )


def render_length(value: dt.timedelta | int | None) -> float | None:
    """A length of time as seconds; SQLite keeps it as whole microseconds."""
    if value is None:
        return None
    return value / 1_000_000 if isinstance(value, int) else value.total_seconds()


def render_json(value: Any) -> Any:
    """A JSON column as parsed data; both databases hand it over as text."""
    return json.loads(value) if isinstance(value, str) else value


def render_bytes(value: Any) -> str | None:
    return None if value is None else base64.b64encode(bytes(value)).decode("ascii")


# What a raw database value needs on its way to JSON; kinds not named pass as they are. PostgreSQL's
# times are already text when they arrive (`apps.core.cursors`).
RENDERERS: dict[str, dict[Kind, Callable[[Any], Any]]] = {
    "postgresql": {
        Kind.LENGTH: render_length,
        Kind.JSON: render_json,
        Kind.BYTES: render_bytes,
    },
    "sqlite": {
        Kind.TIME: render_time,
        Kind.LENGTH: render_length,
        Kind.JSON: render_json,
        Kind.BYTES: render_bytes,
        Kind.NUMBER: lambda value: None if value is None else float(value),
    },
}
