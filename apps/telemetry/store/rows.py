"""From what a store finds to the rows of a result: the same for every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from apps.telemetry.store.aggregates import aggregate
from apps.telemetry.store.blocks import Points, intervals, joined, kind_of_column
from apps.telemetry.store.integral import Area
from apps.telemetry.store.queries import COUNTS, Function, Query, Result
from apps.telemetry.store.series import LAST_TIME, Column, Kind, Value


def of_intervals(query: Query, found: Mapping[str, Mapping[int, Value | None]]) -> Result:
    """The result of a query with a function, from each field's values by start of interval."""
    assert query.interval is not None
    known = {at for values in found.values() for at, value in values.items() if value is not None}
    if query.empty:
        first = query.start - query.start % query.interval
        times = list(range(first, query.end, query.interval))
    else:
        times = sorted(known)
    if query.descending:
        times.reverse()
    if query.limit is not None:
        times = times[: query.limit]
    rows = {name: [values.get(at) for at in times] for name, values in found.items()}
    columns = _named(query, rows, len(times))
    if query.function in COUNTS:
        columns = {n: [value or 0 for value in column] for n, column in columns.items()}
    return Result(times, columns)


class Figures:
    """Each field's values by start of interval, from the points of a query in order of time."""

    def __init__(self, query: Query) -> None:
        assert query.interval is not None
        self.query = query
        self.interval = query.interval
        self._found: dict[str, dict[int, Value | None]] = {}
        self._areas: dict[str, Area] = {}
        # The points of the last interval, which may go on.
        self._open = Points()

    def add(self, points: Points) -> None:
        """Go on with more points, all of them after those there were."""
        if not points.times:
            return
        if self.query.function is Function.INTEGRAL:
            self._add_areas(points)
            return
        if self._open.times:
            points = joined([self._open, points])
        last = points.times[-1] - points.times[-1] % self.interval
        self._settle(points.slice(0, last))
        self._open = points.slice(last, LAST_TIME)

    def found(self) -> dict[str, dict[int, Value | None]]:
        """What all points come to."""
        self._settle(self._open)
        self._open = Points()
        return {**self._found, **{name: area.found() for name, area in self._areas.items()}}

    def _columns(self, points: Points) -> Iterator[tuple[str, Column, Kind]]:
        """Those wanted that have a value."""
        for name, column in points.columns.items():
            wanted = self.query.fields is None or name in self.query.fields
            if wanted and any(value is not None for value in column):
                yield name, column, kind_of_column(column)

    def _add_areas(self, points: Points) -> None:
        for name, column, kind in self._columns(points):
            if kind is Kind.NUMBER:
                area = self._areas.setdefault(name, Area(self.interval))
                area.add(points.times, column)

    def _settle(self, points: Points) -> None:
        """Take in points that make up whole intervals."""
        query = self.query
        assert query.function is not None
        stretches = list(intervals(points.times, self.interval))
        for name, column, kind in self._columns(points):
            values = self._found.setdefault(name, {})
            for start, low, high in stretches:
                values[start] = aggregate(
                    query.function, query.argument, points.times[low:high], column[low:high], kind
                )


def of_points(query: Query, times: Sequence[int], columns: Mapping[str, Column]) -> Result:
    """The result of a query without a function, from all its rows in the order it wants them."""
    chosen = columns
    if query.fields is not None:
        chosen = {name: columns.get(name) or [None] * len(times) for name in query.fields}
    places: Sequence[int] = range(len(times))
    if all(None in column for column in chosen.values()):
        rows = zip(*chosen.values(), strict=True)
        places = [n for n, row in enumerate(rows) if any(value is not None for value in row)]
    places = places[: query.limit]
    if len(places) < len(times):
        chosen = {name: [column[at] for at in places] for name, column in chosen.items()}
        times = [times[at] for at in places]
    return Result(list(times), _named(query, chosen, len(times)))


def _named(query: Query, columns: Mapping[str, Column], length: int) -> dict[str, Column]:
    """The columns of a result: those asked for, or all with a value."""
    if query.fields is not None:
        return {name: columns.get(name) or [None] * length for name in query.fields}
    return {
        name: columns[name]
        for name in sorted(columns)
        if any(value is not None for value in columns[name])
    }
