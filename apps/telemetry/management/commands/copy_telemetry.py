"""manage.py copy_telemetry: all time series from one store to another."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.telemetry.errors import StoreAway
from apps.telemetry.services.copying import Copy, Progress
from apps.telemetry.store import EMBEDDED, store_at
from apps.telemetry.store.interface import Store

_SHOWN_EVERY = 2.0
_SHORTFALLS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Copy all time series from one store to another. Started again, it goes on where it "
        "stopped; then it compares the number of values of every field."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        where = f"http://user:password@host:8086/database, or {EMBEDDED}"
        parser.add_argument("--from", required=True, dest="source", help=where)
        parser.add_argument("--to", required=True, dest="target", help=where)
        parser.add_argument(
            "--restart", action="store_true", help="copy what an earlier run has copied once more"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source, target = _store(options["source"]), _store(options["target"])
        copy = Copy(source, target, source.place, target.place)
        if copy.source_name == copy.target_name:
            raise CommandError("--from and --to are the same store.")
        if options["restart"]:
            copy.restart()
        try:
            self._copy(copy)
            self._verify(copy)
        except StoreAway as error:
            raise CommandError(f"{error}. Start the same command again to go on.") from error

    def _copy(self, copy: Copy) -> None:
        progress, shown = Progress(0), monotonic()
        for progress in copy.run():
            if monotonic() - shown >= _SHOWN_EVERY:
                shown = monotonic()
                self._show(progress)
        self._show(progress)
        if progress.dropped:
            self.stderr.write(f"Not taken: {progress.dropped:,} values.")
            for reason in progress.reasons:
                self.stderr.write(f"  {reason}")

    def _show(self, progress: Progress) -> None:
        self.stdout.write(
            f"  {progress.done:,} of {progress.total:,} series, {progress.values:,} values"
        )

    def _verify(self, copy: Copy) -> None:
        count = 0
        for count, short in enumerate(copy.verify(), start=1):
            if count <= _SHORTFALLS_SHOWN:
                self.stderr.write(
                    f"  {short.imei} {short.measurement}.{short.field}: "
                    f"{short.target:,} of {short.source:,} values"
                )
        if count:
            raise CommandError(
                f"{count:,} fields have fewer values than before. If values came to the source "
                "with older times since it was copied, start again with --restart."
            )
        self.stdout.write("Every field has as many values as before.")


def _store(place: str) -> Store:
    try:
        return store_at(place)
    except ValueError as error:
        raise CommandError(str(error)) from error
