"""The made-up fleet: what the makers in the apps' `demo.py` share.

Each app that owns tables of units makes its own rows: a `Maker`, in `MAKER` of its `demo.py`. The
makers go over the units together, batch by batch: first each plans, in the order of the apps, then
each writes. What one maker plans for a unit, makers of apps that may import it can read. All that
is drawn comes from generators seeded by (seed, app, unit): the same seed gives the same units
however many are made and in how many runs, and a new maker changes no other's rows.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from random import Random
from typing import Any, TypeVar, cast

from django.apps import apps
from django.db import models, transaction
from django.db.models import Max
from django.utils.module_loading import module_has_submodule

from apps.core.bulk import insert_rows
from apps.core.catalogue import reset_sequences

BATCH = 500
T = TypeVar("T")


@dataclass
class Unit:
    """One unit on its way through the makers.

    `number` tells it from all others made so far. `key` is the primary key that other tables refer
    to; the times are those of its life as far as it has come. The maker of the unit itself sets
    them when it plans.
    """

    number: int
    key: str = ""
    made: dt.datetime = dt.datetime.min
    shipped: dt.datetime | None = None
    sold: dt.datetime | None = None
    ended: dt.datetime | None = None
    _plans: dict[type, Any] = field(default_factory=dict)

    def put(self, plan: Any) -> None:
        """Keep what a maker planned, under its type."""
        self._plans[type(plan)] = plan

    def get(self, kind: type[T]) -> T:
        """What another maker planned for this unit."""
        return cast(T, self._plans[kind])


@dataclass
class Fleet:
    """One run: how many units, when it ends, and the rows not written yet.

    seed           what is drawn depends on it
    size           how many units to make
    until          the moment at which the fleet stands; nothing in it is later
    days           how many days of connections are kept
    first_number   the number of the first unit; a second fleet goes on where the first ended
    """

    seed: int
    size: int
    until: dt.datetime
    days: int
    first_number: int = 1
    said: list[str] = field(default_factory=list)
    _rows: dict[type[models.Model], list[dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _ids: dict[type[models.Model], Iterator[int]] = field(default_factory=dict)
    written: Counter[str] = field(default_factory=Counter)

    def rng(self, *labels: object) -> Random:
        """A generator of its own for whatever the labels name."""
        return Random("/".join(str(label) for label in (self.seed, *labels)))

    def new_id(self, model: type[models.Model]) -> int:
        """The next free primary key of a table, so that rows can refer to each other at once."""
        if model not in self._ids:
            last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
            self._ids[model] = itertools.count(last + 1)
        return next(self._ids[model])

    def add(
        self, model: type[models.Model], *, at: dt.datetime, by: str, **columns: Any
    ) -> dict[str, Any]:
        """Note a row made `at` a time `by` somebody; it can be changed until the batch is written.

        `columns` are named as in the database. Returns the row with its primary key.
        """
        pk = model._meta.pk
        if isinstance(pk, models.AutoField) and pk.column and pk.column not in columns:
            columns[pk.column] = self.new_id(model)
        row = {"created_at": at, "created_by": by, **columns}
        self._rows[model].append(row)
        return row

    @transaction.atomic
    def flush(self) -> None:
        """Write all rows noted so far, in any order: constraints are checked at the end."""
        for model, rows in self._rows.items():
            insert_rows(model, rows)
            self.written[model._meta.db_table] += len(rows)
        reset_sequences(*self._rows)
        self._rows.clear()

    def say(self, line: str) -> None:
        """Have a line shown when the fleet is made."""
        self.said.append(line)


class Maker:
    """Makes one app's rows. Every step may be left out."""

    def exists(self) -> bool:
        """Whether there are units already."""
        return False

    def setup(self, fleet: Fleet) -> None:
        """Make what exists once, and read what every unit needs."""

    def plan(self, fleet: Fleet, unit: Unit) -> None:
        """Decide what becomes of a unit and `put` it for the makers to come."""

    def write(self, fleet: Fleet, unit: Unit) -> None:
        """Note the unit's rows in this app's tables."""

    def finish(self, fleet: Fleet) -> None:
        """Make what comes after all units."""


def makers() -> list[tuple[str, Maker]]:
    """Every app's maker by app label, in the order of the apps."""
    return [
        (config.label, maker)
        for config in apps.get_app_configs()
        if config.module
        and module_has_submodule(config.module, "demo")
        # This very module makes nothing.
        and (maker := getattr(import_module(f"{config.name}.demo"), "MAKER", None))
    ]


def make(fleet: Fleet) -> Iterator[int]:
    """Make the fleet; yields how many units are done after each batch."""
    at_work = [maker for _label, maker in makers()]
    for maker in at_work:
        maker.setup(fleet)
    fleet.flush()
    for start in range(0, fleet.size, BATCH):
        numbers = range(start, min(start + BATCH, fleet.size))
        units = [Unit(fleet.first_number + number) for number in numbers]
        for step in ("plan", "write"):
            for maker in at_work:
                for unit in units:
                    getattr(maker, step)(fleet, unit)
        fleet.flush()
        yield start + len(units)
    for maker in at_work:
        maker.finish(fleet)
    fleet.flush()
