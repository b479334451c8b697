"""Table: a resource compiled against its model, the one description every builder works from."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache

from django.db import connection, models

from apps.core.columns import Column, Kind, kind_of, model_columns
from apps.core.levels import Level
from apps.core.relations import Relation, column_of, relation_of
from apps.core.resources import Resource, registry


@cache
def quoted(name: str) -> str:
    """An identifier of ours, quoted for SQL; never called with text from a request."""
    return connection.ops.quote_name(name)


class Table:
    """Columns by API name, the key, relations, and ready pieces of SQL for one resource."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.model = resource.model
        self.name = resource.name

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every served column; secret ones are not among them."""
        return tuple(
            Column(self.resource.renames.get(name, name), name, kind_of(f), f)
            for f in model_columns(self.model)
            if (name := column_of(f)) not in self.resource.secret
        )

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def key(self) -> Column:
        return next(column for column in self.columns if column.is_key)

    def visible(self, name: str, level: Level) -> Column | None:
        """The column of that API name if a caller of `level` may filter and sort on it."""
        column = self.by_name.get(name)
        if column is None or level < self.resource.masked.get(column.column, level):
            return None
        return column

    def relation(self, name: str, level: Level) -> Relation | None:
        """The relation of that name, if it leads to a table that a caller of `level` may read."""
        relation = relation_of(self.model, self.resource.relations.get(name, name))
        if relation is None:
            return None
        target = registry.of(relation.model)  # type: ignore[arg-type]
        readable = target is not None and "GET" in target.levels and level >= target.levels["GET"]
        return relation if readable else None

    @lru_cache(maxsize=1024)  # noqa: B019  one cache for all tables, which live as long as we do
    def select_list(self, level: Level) -> str:
        """The columns of alias t, masked ones as NULL for callers below their level."""
        return ", ".join(
            f"NULL AS {quoted(c.column)}"
            if level < self.resource.masked.get(c.column, level)
            else f"t.{quoted(c.column)}"
            for c in self.columns
        )

    def parse_key(self, text: str) -> int | str | None:
        """A key from a URL, or None if no row can have it."""
        if self.key.kind is Kind.INTEGER:
            if not (text.isascii() and text.isdigit() and len(text) <= 19):
                return None
            number = int(text)
            # One row has one address: "01" is not 1.
            return number if number <= 2**63 - 1 and str(number) == text else None
        limit = getattr(self.key.field, "max_length", None) or 255
        return text if 0 < len(text) <= limit and text.isprintable() else None


@cache
def table_for(resource: Resource) -> Table:
    return Table(resource)


def table_of(model: type[models.Model]) -> Table:
    """The table of a model's main resource; the model must have one."""
    resource = registry.of(model)  # type: ignore[arg-type]
    if resource is None:
        raise LookupError(f"{model.__name__} has no resource")
    return table_for(resource)
