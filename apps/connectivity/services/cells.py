"""Taking in cells, millions at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from apps.connectivity.cell_files import (
    CellRow,
    Unreadable,
    is_header,
    numbered_lines,
    open_cells,
    read_cell,
)

# Cells written in one transaction: enough to be quick, few enough to stay small.
BATCH = 20_000
# Bad lines told one by one; the rest are counted.
TOLD = 10

_COLUMNS = ", ".join(CellRow._fields)
_KEY = "mcc, mnc, lac, cid, radio"
_VALUES = [name for name in CellRow._fields if name not in _KEY.split(", ")]
# What was surveyed at the same time is known already: the same file again writes nothing.
_ON_CONFLICT = (
    f" ON CONFLICT ({_KEY}) DO UPDATE SET "
    + ", ".join(f"{name} = EXCLUDED.{name}" for name in _VALUES)
    + " WHERE cell.surveyed < EXCLUDED.surveyed"
)
# SQLite asks for a WHERE between a SELECT and ON CONFLICT.
_MERGE = f"INSERT INTO cell ({_COLUMNS}) SELECT {_COLUMNS} FROM cell_import WHERE true" + (
    _ON_CONFLICT
)
_ADD_UP = """
INSERT INTO cell_network (mcc, mnc, cells, surveyed, changed_at)
SELECT mcc, mnc, SUM(fresh), MAX(surveyed), %s FROM {merged} GROUP BY mcc, mnc ORDER BY mcc, mnc
ON CONFLICT (mcc, mnc) DO UPDATE SET cells = cell_network.cells + EXCLUDED.cells,
    surveyed = CASE WHEN cell_network.surveyed < EXCLUDED.surveyed THEN EXCLUDED.surveyed
        ELSE cell_network.surveyed END,
    changed_at = EXCLUDED.changed_at
"""
_COPY = f"COPY cell_import ({_COLUMNS}) FROM STDIN"
# A row that was there has been locked by this transaction; that of a new one nobody touched.
_MERGE_AND_ADD_UP = (
    f"WITH merged AS ({_MERGE} RETURNING mcc, mnc, surveyed,"
    " CASE WHEN xmax = 0 THEN 1 ELSE 0 END AS fresh),"
    f" added AS ({_ADD_UP.format(merged='merged')}) SELECT COUNT(*) FROM merged"
)
_STAGE = {
    "postgresql": "CREATE TEMP TABLE IF NOT EXISTS cell_import (LIKE cell) ON COMMIT DELETE ROWS",
    "sqlite": "CREATE TEMP TABLE IF NOT EXISTS cell_import AS SELECT * FROM cell WHERE false",
}
_FILL = f"INSERT INTO cell_import ({_COLUMNS}) VALUES ({', '.join(['%s'] * len(CellRow._fields))})"
_NEW_OR_LATER = (
    f"(SELECT i.mcc, i.mnc, i.surveyed, c.cid IS NULL AS fresh FROM cell_import i"
    f" LEFT JOIN cell c USING ({_KEY}) WHERE c.cid IS NULL OR c.surveyed < i.surveyed)"
)


@dataclass
class CellImport:
    """How far an import is: lines read, cells among them, new or changed rows, and bad lines.

    `done` is the last line whose cells are committed: to go on after an interruption, begin behind
    it. `told` has the first bad lines by number, with what is wrong with them.
    """

    lines: int = 0
    cells: int = 0
    written: int = 0
    bad: int = 0
    done: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.bad += 1
        if len(self.told) < TOLD:
            self.told.append((line, reason))


def import_cells(
    *,
    name: str,
    result: CellImport,
    from_line: int = 1,
    progress: Callable[[CellImport], None] = lambda result: None,
) -> None:
    """Read a file of cells into the table, in batches that commit one by one; counts in `result`.

    `name` is a path or "-". A cell that is there already is replaced by a later survey, never by an
    earlier one, so a file may be taken in again, whole or from the line where it broke off.
    `progress` is called after each batch. Raises OSError or EOFError for a file that cannot be
    read on; `result` then says how far it was.
    """
    batch: dict[tuple[int, ...], CellRow] = {}
    with open_cells(name) as file:
        for number, line in numbered_lines(file):
            result.lines = number
            if number < from_line or is_header(number, line) or line.isspace():
                continue
            try:
                row = read_cell(line)
            except Unreadable as error:
                result.refuse(number, str(error))
                continue
            result.cells += 1
            _keep_latest(batch, row)
            if len(batch) >= BATCH:
                _commit(batch, result, progress)
        _commit(batch, result, progress)


def _keep_latest(batch: dict[tuple[int, ...], CellRow], row: CellRow) -> None:
    """Add a row; one statement cannot write the same cell twice."""
    key = row[:5]
    known = batch.get(key)
    if known is None or known.surveyed < row.surveyed:
        batch[key] = row


def _commit(
    batch: dict[tuple[int, ...], CellRow],
    result: CellImport,
    progress: Callable[[CellImport], None],
) -> None:
    if batch:
        result.written += write_cells(batch.values())
        batch.clear()
    result.done = result.lines
    progress(result)


@transaction.atomic
def write_cells(rows: Iterable[CellRow]) -> int:
    """Add cells that are new and replace those surveyed later; returns how many. No cell twice.

    The number of cells of each network is brought up to date in the same transaction.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_STAGE[connection.vendor])
        if connection.vendor == "postgresql":
            # In the order of the key two imports at once wait for each other and do not block.
            lines = "".join("\t".join(map(repr, row)) + "\n" for row in sorted(rows))
            cursor.copy_expert(_COPY, io.StringIO(lines))
            cursor.execute(_MERGE_AND_ADD_UP, [now])
            return cursor.fetchone()[0]
        cursor.execute("DELETE FROM cell_import")
        cursor.executemany(_FILL, list(rows))
        cursor.execute(_ADD_UP.format(merged=_NEW_OR_LATER), [now])
        cursor.execute(_MERGE)
        return max(cursor.rowcount, 0)
