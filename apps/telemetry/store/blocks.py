"""A block: the points of one series in one span of time, as the embedded store keeps them.

Besides the points a block has figures (`aggregates.Part`) for the whole span and, where there are
many points, for each hour: a year as daily means reads 365 small rows and no point at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgpack

from apps.telemetry.store.aggregates import Part, part_of
from apps.telemetry.store.columns import (
    pack_column,
    pack_numbers,
    pack_whole,
    unpack_column,
    unpack_numbers,
    unpack_whole,
)
from apps.telemetry.store.series import DAY, HOUR, Column, Kind, Retention, kind_of

# Measured values come by the minute, derived ones by the day.
SPANS: dict[Retention, int] = {Retention.TELEMETRY: DAY, Retention.ANALYSIS: 30 * DAY}
# With fewer points, reading them costs no more than reading figures for the hours would.
_MANY_POINTS = 120
_MANY_AN_HOUR = 5


@dataclass(slots=True)
class Points:
    """Rows in columns: ascending times, and a column for each field, None where no value is."""

    times: list[int] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)

    def slice(self, start: int, end: int) -> Points:
        """The rows from `start` up to but without `end`."""
        if not self.times or (start <= self.times[0] and self.times[-1] < end):
            return self
        low, high = bisect_left(self.times, start), bisect_left(self.times, end)
        return Points(
            self.times[low:high], {n: column[low:high] for n, column in self.columns.items()}
        )

    def merge(self, later: Points) -> Points:
        """These rows with others written over them; self if that changes nothing."""
        if not self.times:
            return later
        if self.times[-1] < later.times[0]:
            return _appended(self, later)
        times = sorted({*self.times, *later.times})
        columns: dict[str, Column] = {}
        for name in {**self.columns, **later.columns}:
            held: dict[int, Any] = dict(zip(self.times, self.columns.get(name, ()), strict=False))
            held.update(
                (at, value)
                for at, value in zip(later.times, later.columns.get(name, ()), strict=False)
                if value is not None
            )
            columns[name] = [held.get(at) for at in times]
        merged = Points(times, columns)
        return self if merged == self else merged

    def reversed(self) -> Points:
        """The same rows, the last first."""
        return Points(self.times[::-1], {n: column[::-1] for n, column in self.columns.items()})

    def where(self, wanted: list[bool]) -> Points:
        """The rows for which `wanted` is true."""
        if all(wanted):
            return self
        places = [place for place, so in enumerate(wanted) if so]
        return Points(
            [self.times[place] for place in places],
            {name: [column[place] for place in places] for name, column in self.columns.items()},
        )


def _appended(first: Points, second: Points) -> Points:
    gap_before: Column = [None] * len(first.times)
    gap_after: Column = [None] * len(second.times)
    return Points(
        first.times + second.times,
        {
            name: first.columns.get(name, gap_before) + second.columns.get(name, gap_after)
            for name in {**first.columns, **second.columns}
        },
    )


def joined(several: list[Points]) -> Points:
    """The rows of several series by time; of the same time in the order of the series."""
    if len(several) == 1:
        return several[0]
    together = Points()
    for points in several:
        together = _appended(together, points)
    if together.times == (ordered := sorted(together.times)):
        return together
    order = sorted(range(len(ordered)), key=together.times.__getitem__)
    return Points(
        ordered, {n: [column[at] for at in order] for n, column in together.columns.items()}
    )


def pack(points: Points) -> bytes:
    """The points of a block as bytes."""
    columns = {
        name: pack_column(column, kind_of_column(column)) for name, column in points.columns.items()
    }
    packed: bytes = msgpack.packb([pack_whole(points.times), columns])
    return packed


def unpack(data: bytes, names: Collection[str] | None = None) -> Points:
    """The points that `pack` was given, with the fields named; all if None."""
    if not data:
        return Points()
    times, columns = msgpack.unpackb(data)
    return Points(
        unpack_whole(times),
        {
            name: unpack_column(stored)[1]
            for name, stored in columns.items()
            if names is None or name in names
        },
    )


def kind_of_column(column: Column) -> Kind:
    """The kind of a column that has a value."""
    return kind_of(next(value for value in column if value is not None))


Parts = Mapping[str, tuple[Kind, dict[int, Part]]]


def parts_of(points: Points, interval: int) -> dict[str, tuple[Kind, dict[int, Part]]]:
    """For each field and interval with a value its figures, by the start of the interval."""
    stretches = list(intervals(points.times, interval))
    found: dict[str, tuple[Kind, dict[int, Part]]] = {}
    for name, column in points.columns.items():
        if not any(value is not None for value in column):
            continue
        kind = kind_of_column(column)
        parts = {
            start: part
            for start, low, high in stretches
            if (part := part_of(points.times[low:high], column[low:high], kind)) is not None
        }
        found[name] = (kind, parts)
    return found


def intervals(times: list[int], interval: int) -> Iterator[tuple[int, int, int]]:
    """Each interval with a point: its start, and where its points begin and end in `times`."""
    low = 0
    while low < len(times):
        start = times[low] - times[low] % interval
        high = bisect_left(times, start + interval, low)
        yield start, low, high
        low = high


def pack_summary(points: Points, starts_at: int, span: int) -> bytes:
    """Figures for the whole span, which `starts_at` begins."""
    rows = {}
    for name, (kind, parts) in parts_of(points, span).items():
        part = parts[starts_at]
        numbers = [part.sum, part.min, part.max] if kind is Kind.NUMBER else []
        ends = [part.first_at - starts_at, part.first, part.last_at - starts_at, part.last]
        rows[name] = [kind.value[:2], part.count, *ends, *numbers]
    packed: bytes = msgpack.packb(rows)
    return packed


_KINDS = {kind.value[:2]: kind for kind in Kind}


def unpack_summary(
    packed: bytes, starts_at: int, names: Collection[str] | None = None
) -> dict[str, tuple[Kind, Part]]:
    """What `pack_summary` was given, for the fields named; all if None."""
    found = {}
    for name, row in (msgpack.unpackb(packed) if packed else {}).items():
        if names is None or name in names:
            short, count, first_at, first, last_at, last, *numbers = row
            part = Part(count, starts_at + first_at, first, starts_at + last_at, last, *numbers)
            found[name] = (_KINDS[short], part)
    return found


def pack_hours(points: Points, starts_at: int) -> bytes:
    """Figures of the numbers for each hour; nothing where it would not pay."""
    hours = {at // HOUR for at in points.times}
    if len(points.times) < max(_MANY_POINTS, _MANY_AN_HOUR * len(hours)):
        return b""
    rows = {}
    for name, (kind, parts) in parts_of(points, HOUR).items():
        if kind is Kind.NUMBER:
            its = list(parts.values())
            rows[name] = [
                pack_whole([(start - starts_at) // HOUR for start in parts]),
                pack_whole([part.count for part in its]),
                pack_whole([part.first_at - starts_at for part in its]),
                pack_numbers([part.first for part in its]),
                pack_whole([part.last_at - starts_at for part in its]),
                pack_numbers([part.last for part in its]),
                pack_numbers([part.sum for part in its]),
                pack_numbers([part.min for part in its]),
                pack_numbers([part.max for part in its]),
            ]
    packed: bytes = msgpack.packb(rows) if len(rows) == len(points.columns) else b""
    return packed


def unpack_hours(
    packed: bytes, starts_at: int, names: Collection[str] | None = None
) -> dict[str, list[Part]]:
    """What `pack_hours` was given, in order of the hours; empty if it gave nothing."""
    found: dict[str, list[Part]] = {}
    for name, row in (msgpack.unpackb(packed) if packed else {}).items():
        if names is not None and name not in names:
            continue
        counts, firsts_at, lasts_at = (unpack_whole(row[place]) for place in (1, 2, 4))
        firsts, lasts, sums, mins, maxs = (unpack_numbers(row[place]) for place in (3, 5, 6, 7, 8))
        found[name] = [
            Part(count, starts_at + first_at, first, starts_at + last_at, last, total, least, most)
            for count, first_at, first, last_at, last, total, least, most in zip(
                counts, firsts_at, firsts, lasts_at, lasts, sums, mins, maxs, strict=True
            )
        ]
    return found
