"""manage.py bootstrap: the reference data that every installation needs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.catalogue import CatalogueConflict, load


class Command(BaseCommand):
    help = "Load the reference data. Safe to repeat: what staff changed since is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--restore",
            action="store_true",
            help="also put back links between types that staff have removed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = load(restore=options["restore"])
        except CatalogueConflict as error:
            raise CommandError(str(error.message)) from error
        added, corrected = sum(outcome.added.values()), sum(outcome.corrected.values())
        if options["verbosity"] > 1:
            for label, count in outcome.added.items():
                self.stdout.write(f"  {label}: {count} added")
        self.stdout.write(
            f"Reference data: {outcome.total} rows, {added} added, {corrected} corrected."
        )
