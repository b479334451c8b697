"""`manage.py import_cells FILE`: where the cells of mobile networks are, for finding units."""

from __future__ import annotations

import time
import zlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.connectivity.services.cells import CellImport, import_cells
from apps.connectivity.services.locations import look_again

_EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Take in cells from a file in the CSV format of OpenCelliD, plain or gzip, or from the "
        "standard input. Safe to repeat: a cell is replaced by a later survey only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help='the file, or "-" for the standard input')
        parser.add_argument(
            "--from-line",
            type=int,
            default=1,
            metavar="N",
            help="pass over the lines before this one, to go on where an import broke off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["from_line"] < 1:
            raise CommandError("--from-line must be at least 1")
        self.began = self.shown = time.monotonic()
        result = CellImport()
        try:
            import_cells(
                name=options["file"],
                result=result,
                from_line=options["from_line"],
                progress=self.show,
            )
        except (OSError, EOFError, zlib.error) as error:
            self.tell_bad_lines(result)
            raise CommandError(f"{options['file']}: {error}. {_go_on(result)}") from error
        except KeyboardInterrupt as stopped:
            raise CommandError(f"Stopped. {_go_on(result)}") from stopped
        self.tell_bad_lines(result)
        if result.bad and not result.cells:
            raise CommandError("No line of the file is a cell in the format of OpenCelliD")
        self.stdout.write(
            f"{result.cells:,} cells read, {result.written:,} of them new or changed; "
            f"{result.bad:,} bad lines"
        )
        if result.written:
            self.stdout.write(f"{look_again():,} units will be looked for again")

    def show(self, result: CellImport) -> None:
        now = time.monotonic()
        if now - self.shown >= _EVERY:
            self.shown = now
            rate = result.cells / (now - self.began)
            self.stdout.write(f"line {result.lines:,}: {result.cells:,} cells, {rate:,.0f}/s")
            self.stdout.flush()

    def tell_bad_lines(self, result: CellImport) -> None:
        for line, reason in result.told:
            self.stderr.write(f"line {line:,}: {reason}")
        if result.bad > len(result.told):
            self.stderr.write(f"... and {result.bad - len(result.told):,} more bad lines")


def _go_on(result: CellImport) -> str:
    if not result.done:
        return "Nothing was taken in."
    return (
        f"Everything up to line {result.done} is taken in; go on with --from-line {result.done + 1}"
    )
