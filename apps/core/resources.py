"""The resource registry: a table is declared once, here, from its model.

A column is written in exactly one place, the model. A `Resource` says the rest: URL, level for
each verb, scope, hidden and read-only columns, what the admin lists and searches. `apps.core`
builds from the two the serializer, views, routes, OpenAPI, the `q` whitelist, the admin page and
the generated tests. Each app declares its tables in its `resources.py`; `autodiscover()` loads
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from apps.core.levels import Level, Levels
from apps.core.loading import Once
from apps.core.models import Record
from apps.core.scope import Scope

_EMPTY: Mapping[str, str] = MappingProxyType({})

# (validated values by column, who) -> the row that holds them, new or not. Raises DomainError.
Creator = Callable[[Mapping[str, Any], str], Record]
# (the row, who): locks what it must, deletes the row, does what follows. Raises DomainError.
Deleter = Callable[[Any, str], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """How one table is served.

    Columns are named as in the API: the database column's name (`product_imei`, `hub_id`).

    model       the Record it serves
    path        URL segment below /v1/, e.g. "action_types"
    aliases     further URL segments that answer identically
    levels      least level for each verb; a verb left out answers 405
    scope       which rows a caller of ENTITY scope sees (`apps.core.scope`)
    secret      columns never served, filtered or sorted on, by anyone
    masked      columns served as null, and not to be filtered or sorted on, below a level
    read_only   columns a body may not carry (400): states, balances, keys
    write_once  columns that only a POST may set: what a service has written stays as it was
    create      the service behind POST and the admin's form, where a row is more than its columns
    delete      the service behind DELETE and the admin's button, where more follows from it
    renames     column -> the name this resource serves it under (older names of a table)
    relations   further names for relations in `q`: alias -> relation
    counted     the unfiltered total comes from a kept row count (`apps.core.counting`)
    audited     changes through the API and admin are written to the audit log
    listed      admin list columns (model field or attribute names)
    search      admin and command-palette search fields (ORM lookups)
    filters     admin list filters (model field names)
    importable  type tables: the admin imports CSV with a preview
    admin_level least level to see the admin page (defaults to the level of GET, else OVERVIEW)
    """

    model: type[Record]
    path: str
    levels: Levels
    scope: Scope
    aliases: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    masked: Mapping[str, Level] = field(default_factory=lambda: MappingProxyType({}))
    read_only: tuple[str, ...] = ()
    write_once: tuple[str, ...] = ()
    create: Creator | None = None
    delete: Deleter | None = None
    renames: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    relations: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    counted: bool = False
    audited: bool = True
    listed: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    importable: bool = False
    admin_level: Level | None = None

    @property
    def name(self) -> str:
        """The table's name in the reference, e.g. "action_type"."""
        return self.model._meta.db_table

    @property
    def domain(self) -> str:
        """The app the table belongs to, e.g. "repairs"."""
        return self.model._meta.app_label

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.aliases)


class Registry:
    """Every declared resource, by path; the first declared for a model is its main one."""

    def __init__(self) -> None:
        self._by_path: dict[str, Resource] = {}
        self._by_model: dict[type[Record], Resource] = {}
        self._load_all = Once("resources")

    def register(self, *resources: Resource) -> None:
        for resource in resources:
            for path in resource.paths:
                if path in self._by_path:
                    raise ValueError(f"two resources declare the path {path!r}")
                self._by_path[path] = resource
            self._by_model.setdefault(resource.model, resource)

    def load(self) -> None:
        """Import every app's `resources.py` once."""
        self._load_all()

    def __iter__(self) -> Iterator[Resource]:
        """Each resource once, in order of path."""
        self.load()
        return iter(
            sorted({id(r): r for r in self._by_path.values()}.values(), key=lambda r: r.path)
        )

    def at(self, path: str) -> Resource:
        self.load()
        return self._by_path[path]

    def named(self, table: str) -> Resource:
        """The main resource of a table, by the reference's name for it."""
        return next(r for r in self if r.name == table and self._by_model[r.model] is r)

    def of(self, model: type[Record]) -> Resource | None:
        """The main resource of a model, or None."""
        self.load()
        return self._by_model.get(model)


registry = Registry()
register = registry.register
