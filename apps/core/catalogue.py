"""Reference data: the rows every installation starts with, and how they are loaded.

Each app that owns type tables lists their rows as plain data in its `catalogue.py`, in a tuple
`TABLES`. `load()` finds these modules and writes what is missing, parents before children, in one
transaction. It is safe to repeat, and what staff changed since stays as they left it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from importlib import import_module
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.models import Record

AUTHOR = "system"
_LOCK = 7_146_202


class CatalogueConflict(DomainError):
    """Somebody else's row stands where a row of the catalogue belongs."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows of one table that come with the program.

    model     "app.Model"
    columns   field names, in the order of `rows`. A first column "pk" gives rows fixed ids: they
              are told apart by it for ever, whatever staff rename
    rows      one tuple for each row; a foreign key is named by the text in the `called` column of
              the row it points to, or by its id
    called    the column by which other tables of the catalogue name these rows
    facts     columns put back to what stands here (the program relies on them); all others are
              written once and then belong to staff
    key       without fixed ids: the columns that tell rows apart (all of them, if left out)
    defaults  further columns, the same for every row
    """

    model: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    called: str = "name"
    facts: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def fixed(self) -> bool:
        """Whether the rows have fixed ids."""
        return self.columns[0] == "pk"

    @property
    def stored(self) -> models.QuerySet[Any]:
        """All rows of the table, whoever wrote them."""
        return apps.get_model(self.model)._default_manager.all()

    def foreign_keys(self) -> dict[str, str]:
        """Column -> label of the model it points to."""
        fields = {f.name: f for f in apps.get_model(self.model)._meta.concrete_fields}
        return {
            name: related._meta.label
            for name in self.columns
            if name != "pk" and (related := fields[name].related_model)
        }


def links(model: str, left: str, right: str, pairs: Mapping[str, Iterable[Any]]) -> Table:
    """A table of links between two type tables: {name on the left: names or ids on the right}."""
    rows = [(one, other) for one, others in pairs.items() for other in others]
    return Table(model=model, columns=(left, right), rows=rows)


@dataclass
class Outcome:
    """What one run did: rows added and facts put right, by table; and rows in the catalogue."""

    added: dict[str, int] = field(default_factory=dict)
    corrected: dict[str, int] = field(default_factory=dict)
    total: int = 0


def discover() -> list[Table]:
    """Every app's tables, each after those its rows point to."""
    found: dict[str, Table] = {}
    for table in _listed():
        if table.model in found:
            raise ValueError(f"two catalogues list rows of {table.model}")
        found[table.model] = table
    needs = {label: table.foreign_keys().values() for label, table in found.items()}
    return [found[label] for label in TopologicalSorter(needs).static_order() if label in found]


def _listed() -> Iterator[Table]:
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "catalogue"):
            # This very module lists none.
            yield from getattr(import_module(f"{config.name}.catalogue"), "TABLES", ())


@transaction.atomic
def load(*, restore: bool = False) -> Outcome:
    """Write the rows of the catalogue that are missing; nothing if there are none.

    A missing link between two types is written when one of the two is new, or when the table has
    none of ours yet: a link that staff removed stays removed, unless `restore`. Raises
    CatalogueConflict when a fixed id or a unique name is taken by a row of somebody else.
    """
    _one_at_a_time()
    loader = _Loader(restore=restore)
    for table in discover():
        loader.load(table)
    return loader.outcome


def _one_at_a_time() -> None:
    """Let a second run wait for the first (SQLite does by itself: it has a single writer)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


class _Loader:
    """One run through the catalogue; knows the ids and which rows are new."""

    def __init__(self, *, restore: bool) -> None:
        self.restore = restore
        self.outcome = Outcome()
        self._ids: dict[str, dict[str, Any]] = {}
        self._new: dict[str, set[Any]] = {}

    def load(self, table: Table) -> None:
        rows = self._resolved(table)
        self.outcome.total += len(rows)
        if table.fixed:
            self._ids[table.model] = {row.get(table.called, row["pk"]): row["pk"] for row in rows}
            missing = self._missing_types(table, rows)
        else:
            missing = self._missing_links(table, rows)
        self._insert(table, missing)

    def _resolved(self, table: Table) -> list[dict[str, Any]]:
        """The rows by column, names of foreign rows replaced by their ids."""
        rows = [
            {**table.defaults, **dict(zip(table.columns, values, strict=True))}
            for values in table.rows
        ]
        for column, target in table.foreign_keys().items():
            for row in rows:
                if isinstance(row[column], str):
                    row[column] = self._ids[target][row[column]]
        return rows

    def _missing_types(self, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        known = table.stored.in_bulk([row["pk"] for row in rows])
        for row in rows:
            if found := known.get(row["pk"]):
                self._correct(table, found, row)
        missing = [row for row in rows if row["pk"] not in known]
        self._new[table.model] = {row["pk"] for row in missing}
        return missing

    def _correct(self, table: Table, found: Record, row: dict[str, Any]) -> None:
        wrong = {name: row[name] for name in table.facts if getattr(found, name) != row[name]}
        called = row.get(table.called)
        if found.created_by != AUTHOR and getattr(found, table.called) != called:
            raise CatalogueConflict(
                _("%(model)s %(id)s is taken by “%(found)s”; “%(wanted)s” belongs there.")
                % {
                    "model": found._meta.verbose_name,
                    "id": row["pk"],
                    "found": found,
                    "wanted": called,
                }
            )
        if wrong:
            table.stored.filter(pk=row["pk"]).update(
                **wrong, modified_at=timezone.now(), modified_by=AUTHOR
            )
            self.outcome.corrected[table.model] = self.outcome.corrected.get(table.model, 0) + 1

    def _missing_links(self, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        key = table.key or table.columns
        known = set(table.stored.values_list(*key))
        targets = table.foreign_keys()
        whole = self.restore or not table.stored.filter(created_by=AUTHOR).exists()
        return [
            row
            for row in rows
            if tuple(row[column] for column in key) not in known
            and (
                whole or any(row[column] in self._new.get(to, ()) for column, to in targets.items())
            )
        ]

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        model = apps.get_model(table.model)
        columns = {f.name: f.attname for f in model._meta.concrete_fields} | {"pk": "pk"}
        self._refuse_taken_names(table, rows)
        table.stored.bulk_create(
            model(created_by=AUTHOR, **{columns[name]: value for name, value in row.items()})
            for row in rows
        )
        self.outcome.added[table.model] = len(rows)
        if table.fixed:
            reset_sequences(model)

    def _refuse_taken_names(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """A fixed id is free but its unique name is in use: say so before the database does."""
        for unique in table.stored.model._meta.concrete_fields:
            if not table.fixed or not unique.unique or unique.primary_key:
                continue
            wanted = {row[unique.name] for row in rows if row.get(unique.name) is not None}
            taken = table.stored.filter(**{f"{unique.name}__in": wanted}).first()
            if taken:
                raise CatalogueConflict(
                    _("“%(found)s” (%(model)s %(id)s) bears a name that the catalogue needs.")
                    % {"model": taken._meta.verbose_name, "id": taken.pk, "found": taken}
                )


def reset_sequences(*tables: type[models.Model]) -> None:
    """Make the database hand out ids after the largest one stored; needed after fixed ids."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
