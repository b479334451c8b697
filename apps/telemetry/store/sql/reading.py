"""Reading points and figures out of blocks, touching as little of them as a query needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from apps.telemetry.models import TelemetryBlock, TelemetrySeries
from apps.telemetry.store import catalogue, conditions
from apps.telemetry.store.aggregates import FROM_PARTS, Part
from apps.telemetry.store.blocks import (
    SPANS,
    Points,
    joined,
    parts_of,
    unpack,
    unpack_hours,
    unpack_summary,
)
from apps.telemetry.store.queries import Condition, Query, Result
from apps.telemetry.store.rows import Figures, of_intervals, of_points
from apps.telemetry.store.series import HOUR, SECOND, Kind, Value, retention_of

# Spans looked at first where a limit may end the reading early; then twice as many, and so on.
_FIRST_WINDOW = 8


class Reading:
    """One query on its way through the blocks of the series it concerns."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.span = SPANS[retention_of(query.measurement)]
        self.conditions = _concerned(query)
        # In the order of their tags: that of points at the same time.
        self.order = {pk: place for place, pk in enumerate(self.conditions)}
        self.names: set[str] | None = None
        if query.fields is not None:
            self.names = {*query.fields}.union(
                *(conditions.names_in(condition) for condition in self.conditions.values())
            )

    def result(self) -> Result:
        query = self.query
        if query.function is None:
            return self._points()
        unconditional = all(left == conditions.TRUE for left in self.conditions.values())
        if query.function in FROM_PARTS and unconditional:
            return of_intervals(query, self._from_parts())
        return of_intervals(query, self._from_points())

    def _points(self) -> Result:
        query = self.query
        several = []
        enough = 0
        for points in self._groups():
            ordered = points.reversed() if query.descending else points
            found = of_points(query, ordered.times, ordered.columns)
            several.append(found)
            enough += len(found)
            if query.limit is not None and enough >= query.limit:
                break
        return _one_after_another(query, several)

    def _groups(self) -> Iterator[Points]:
        """The rows wanted, span by span in the order of the query, those of all series together."""
        for low, high in self._windows():
            blocks = self._blocks(low, high).values_list("starts_at", "series_id", "data")
            rows = sorted(
                blocks,
                key=lambda row: (-row[0] if self.query.descending else row[0], self.order[row[1]]),
            )
            for _start, group in groupby(rows, key=lambda row: row[0]):
                yield joined([self._wanted(series, data) for _at, series, data in group])

    def _windows(self) -> Iterator[tuple[int, int]]:
        """Stretches of blocks to fetch at once: all, unless a limit may make most of them idle."""
        query = self.query
        first = query.start - query.start % self.span
        if query.limit is None:
            yield first, query.end
            return
        blocks = self._blocks(first, query.end)
        length = _FIRST_WINDOW * self.span
        while first < query.end:
            # Where the next block is, however long the silence before it.
            order = "-starts_at" if query.descending else "starts_at"
            next_at = blocks.order_by(order).values_list("starts_at", flat=True).first()
            if next_at is None:
                return
            if query.descending:
                low = max(first, next_at * SECOND + self.span - length)
                yield low, (next_at + 1) * SECOND
                blocks = blocks.filter(starts_at__lt=low // SECOND)
            else:
                high = next_at * SECOND + length
                yield next_at * SECOND, min(high, query.end)
                blocks = blocks.filter(starts_at__gte=high // SECOND)
            length *= 2

    def _blocks(self, low: int, high: int) -> QuerySet[TelemetryBlock]:
        """The blocks that begin from `low` up to but without `high`."""
        return TelemetryBlock.objects.filter(
            series_id__in=list(self.conditions),
            starts_at__gte=low // SECOND,
            starts_at__lt=-(-high // SECOND),
        )

    def _wanted(self, series: int, data: Any) -> Points:
        points = unpack(bytes(data), self.names).slice(self.query.start, self.query.end)
        left = self.conditions[series]
        if left == conditions.TRUE:
            return points
        return points.where(conditions.rows(left, points.columns, len(points.times)))

    def _from_points(self) -> dict[str, dict[int, Value | None]]:
        """Values by interval from all points, an interval at a time."""
        figures = Figures(self.query)
        for points in self._all_groups():
            figures.add(points)
        return figures.found()

    @property
    def _interval(self) -> int:
        assert self.query.interval is not None
        return self.query.interval

    def _all_groups(self) -> Iterator[Points]:
        first = self.query.start - self.query.start % self.span
        blocks = self._blocks(first, self.query.end).values_list("starts_at", "series_id", "data")
        rows = sorted(blocks, key=lambda row: (row[0], self.order[row[1]]))
        for _start, group in groupby(rows, key=lambda row: row[0]):
            yield joined([self._wanted(series, data) for _at, series, data in group])

    def _from_parts(self) -> dict[str, dict[int, Value | None]]:
        """Values by interval from the blocks' own figures, and from points only at the edges."""
        query, interval = self.query, self._interval
        found: dict[str, tuple[Kind, dict[int, Part]]] = {}
        first = query.start - query.start % self.span
        within = -(-query.start // self.span) * self.span, query.end - query.end % self.span
        blocks = self._blocks(first, query.end)
        edges = blocks
        if within[0] < within[1] and not interval % HOUR:
            whole = blocks.filter(
                starts_at__gte=within[0] // SECOND, starts_at__lt=within[1] // SECOND
            )
            edges = blocks.exclude(pk__in=self._from_figures(whole, found))
        for series, data in edges.values_list("series_id", "data"):
            for name, (kind, parts) in parts_of(self._wanted(series, data), interval).items():
                for start, part in parts.items():
                    _add(found, name, kind, start, part)
        assert query.function is not None
        return {
            name: {start: part.value(query.function, kind) for start, part in parts.items()}
            for name, (kind, parts) in found.items()
            if query.fields is None or name in query.fields
        }

    def _from_figures(
        self, blocks: QuerySet[TelemetryBlock], found: dict[str, tuple[Kind, dict[int, Part]]]
    ) -> list[int]:
        """Take in the figures of whole blocks; returns those of them that are done with."""
        interval = self._interval
        done: list[int] = []
        if not interval % self.span:
            for pk, starts_at, packed in blocks.values_list("pk", "starts_at", "summary"):
                done.append(pk)
                start = starts_at * SECOND
                for name, (kind, part) in unpack_summary(bytes(packed), start, self.names).items():
                    _add(found, name, kind, start - start % interval, part)
            return done
        for pk, starts_at, packed in blocks.values_list("pk", "starts_at", "hours"):
            if not packed:
                continue
            done.append(pk)
            start = starts_at * SECOND
            for name, parts in unpack_hours(bytes(packed), start, self.names).items():
                for part in parts:
                    at = part.first_at - part.first_at % interval
                    _add(found, name, Kind.NUMBER, at, part)
        return done


def _add(
    found: dict[str, tuple[Kind, dict[int, Part]]], name: str, kind: Kind, start: int, part: Part
) -> None:
    _kind, parts = found.setdefault(name, (kind, {}))
    if start in parts:
        parts[start].add(part)
    else:
        parts[start] = part


def _one_after_another(query: Query, several: list[Result]) -> Result:
    names = {name for found in several for name in found.columns}
    columns: dict[str, list[Any]] = {name: [] for name in names}
    times: list[int] = []
    for found in several:
        times += found.times
        for name, column in columns.items():
            column += found.columns.get(name) or [None] * len(found)
    return of_points(query, times, columns)


def _concerned(query: Query) -> dict[int, Condition]:
    """The series a query may find points in, and what is left to ask of their fields."""
    found = {}
    for row in catalogue.of_unit(query.imei, query.measurement):
        tags = TelemetrySeries.tags_of(row.tags)
        if not query.tags.items() <= dict(tags).items():
            continue
        left = conditions.for_series(query.where, row)
        if left != conditions.FALSE:
            found[row.pk] = left
    return found


def newest(series: Sequence[TelemetrySeries]) -> Iterator[tuple[int, Any]]:
    """The summaries of the blocks of some series, the newest first, with where they begin."""
    blocks = TelemetryBlock.objects.filter(series__in=series).order_by("-starts_at")
    return blocks.values_list("starts_at", "summary").iterator(chunk_size=50)
