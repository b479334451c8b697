"""manage.py derive_telemetry --days N: have the figures of past days worked out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.telemetry.services import days

_MOST_DAYS = 3_660


class Command(BaseCommand):
    help = (
        "Have the daily figures (measurement analysis) of the last days worked out for all units, "
        "as for points that were copied from elsewhere. The worker does it. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how many days, with today")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= _MOST_DAYS:
            raise CommandError(f"--days is a number from 1 to {_MOST_DAYS}")
        marked = days.mark_last(options["days"])
        self.stdout.write(f"{marked} days of units will be worked out.")
