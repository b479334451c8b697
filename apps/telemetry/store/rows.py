"""From what a store finds to the rows of a result: the same for every store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from apps.telemetry.store.aggregates import aggregate
from apps.telemetry.store.blocks import Points, intervals, kind_of_column
from apps.telemetry.store.queries import Function, Query, Result
from apps.telemetry.store.series import Column, Value


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
    if query.function is Function.COUNT:
        columns = {n: [value or 0 for value in column] for n, column in columns.items()}
    return Result(times, columns)


def add_figures(query: Query, points: Points, found: dict[str, dict[int, Value | None]]) -> None:
    """Add each field's values by start of interval, from points that make up whole intervals."""
    assert query.function is not None
    assert query.interval is not None
    stretches = list(intervals(points.times, query.interval))
    for name, column in points.columns.items():
        wanted = query.fields is None or name in query.fields
        if not wanted or all(value is None for value in column):
            continue
        kind = kind_of_column(column)
        values = found.setdefault(name, {})
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
