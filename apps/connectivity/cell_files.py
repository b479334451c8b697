"""Files of cells in the CSV format of OpenCelliD, plain or gzip, read line by line.

radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal

The files have tens of millions of lines, so a line is taken apart with as little as will do, and
never more than one is held.
"""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from django.utils.translation import gettext as _

from apps.connectivity.models import Radio

# No line of such a file comes near it; what does is no such file.
LONGEST_LINE = 4_096
_GZIP = b"\x1f\x8b"
_COLUMNS = 14
_HEADER = b"radio,"
_RADIOS = {radio.label.encode(): radio.value for radio in Radio}
_WIDEST = 20_000_000  # metres: half-way round the earth
BIGGEST = 2**31 - 1
BIGGEST_CELL = 2**36 - 1
MOST_MNC = 2**15 - 1


class CellRow(NamedTuple):
    """One cell, in the order of the columns of its table."""

    mcc: int
    mnc: int
    lac: int
    cid: int
    radio: int
    latitude: float
    longitude: float
    reach: int
    samples: int
    surveyed: int


class Unreadable(ValueError):
    """A line that is no cell; the message says why."""


@contextmanager
def open_cells(name: str) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where they are packed; "-" is the standard input."""
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
        raw = cast(io.BufferedReader, file)
        if raw.peek(len(_GZIP)).startswith(_GZIP):
            # GzipFile reads lines by itself, but four times slower.
            yield io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=raw)))
        else:
            yield raw


def numbered_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, counted from 1; one that is too long is cut, which leaves no cell."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        yield number, line
        while not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            line = file.readline(LONGEST_LINE)


def is_header(number: int, line: bytes) -> bool:
    return number == 1 and line.lstrip(b"\xef\xbb\xbf").lower().startswith(_HEADER)


def read_cell(line: bytes) -> CellRow:
    """The cell of a line; raises Unreadable."""
    parts = line.split(b",")
    if len(parts) != _COLUMNS:
        raise Unreadable(
            _("{count} columns instead of {all}").format(count=len(parts), all=_COLUMNS)
        )
    radio = _RADIOS.get(parts[0])
    if radio is None:
        raise Unreadable(_("an unknown radio {name!r}").format(name=_shown(parts[0])))
    try:
        row = CellRow(
            mcc=int(parts[1]),
            mnc=int(parts[2]),
            lac=int(parts[3]),
            cid=int(parts[4]),
            radio=radio,
            latitude=float(parts[7]),
            longitude=float(parts[6]),
            reach=int(parts[8]),
            samples=int(parts[9]),
            surveyed=int(parts[12]),
        )
    except ValueError as error:
        raise Unreadable(_("a number is missing or is none")) from error
    _check(row)
    return row


def _check(row: CellRow) -> None:
    if not (0 < row.mcc <= 999 and 0 <= row.mnc <= MOST_MNC):
        raise Unreadable(
            _("no network has the codes {mcc}, {mnc}").format(mcc=row.mcc, mnc=row.mnc)
        )
    if not (0 <= row.lac <= BIGGEST and 0 <= row.cid <= BIGGEST_CELL):
        raise Unreadable(_("an area or a cell out of range"))
    if not (-90 <= row.latitude <= 90 and -180 <= row.longitude <= 180):
        raise Unreadable(_("a place that is not on earth"))
    if row.latitude == 0 == row.longitude:
        raise Unreadable(_("no place"))
    if not (0 <= row.reach <= _WIDEST and 0 <= row.samples <= BIGGEST):
        raise Unreadable(_("a range or a number of samples out of range"))
    if not 0 <= row.surveyed < 2**40:
        raise Unreadable(_("a time out of range"))


def _shown(text: bytes) -> str:
    return text[:20].decode("ascii", "replace")
