"""manage.py demo: a believable fleet with history, the same for the same seed."""

from __future__ import annotations

import datetime as dt
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.core.catalogue import load
from apps.core.demo import Fleet, make, makers


class Command(BaseCommand):
    help = "Add a demonstration fleet with its history, and users to look at it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--units", type=int, default=200, help="how many units (200)")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same fleet (1)")
        parser.add_argument("--days", type=int, default=3, help="days of connections kept (3)")
        parser.add_argument(
            "--until",
            type=moment,
            help="ISO 8601; the moment at which the fleet stands (this hour)",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are units already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and any(maker.exists() for _label, maker in makers()):
            self.stdout.write("There are units already: nothing done.")
            return
        if options["units"] < 1 or options["days"] < 1:
            raise CommandError("--units and --days are at least 1.")
        load()
        fleet = Fleet(
            seed=options["seed"],
            size=options["units"],
            until=options["until"] or timezone.now().replace(minute=0, second=0, microsecond=0),
            days=options["days"],
        )
        self._make(fleet)

    def _make(self, fleet: Fleet) -> None:
        start = perf_counter()
        for done in make(fleet):
            self.stdout.write(f"  {done:,} of {fleet.size:,} units")
        rows = sum(fleet.written.values())
        self.stdout.write(f"{fleet.size:,} units, {rows:,} rows in {perf_counter() - start:.1f} s.")
        for line in fleet.said:
            self.stdout.write(line)


def moment(text: str) -> dt.datetime:
    """A point in time as a command-line argument; without an offset it is UTC."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found if timezone.is_aware(found) else found.replace(tzinfo=dt.UTC)
