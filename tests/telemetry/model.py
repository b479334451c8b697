"""What a store must answer, worked out in the plainest way from all that was written."""

from __future__ import annotations

import math
import statistics
from typing import Any

from apps.telemetry.store.queries import And, Compare, Condition, Function, Query
from apps.telemetry.store.series import Batch, Series

NUMERIC = {
    Function.INTEGRAL,
    Function.MEAN,
    Function.MEDIAN,
    Function.SPREAD,
    Function.STDDEV,
    Function.SUM,
    Function.MIN,
    Function.MAX,
    Function.PERCENTILE,
}
Row = tuple[int, Series, dict[str, Any]]


class Model:
    """Points in a dictionary."""

    def __init__(self) -> None:
        self.points: dict[tuple[int, Series], dict[str, Any]] = {}

    def write(self, batches: list[Batch]) -> None:
        for batch in batches:
            for place, at in enumerate(batch.times):
                row = {n: c[place] for n, c in batch.columns.items() if c[place] is not None}
                self.points.setdefault((at, batch.series), {}).update(row)

    def rows(self, query: Query) -> list[Row]:
        """The rows a query concerns, in order."""
        return [
            (at, series, row)
            for (at, series), row in sorted(
                self.points.items(), key=lambda item: (item[0][0], item[0][1].tags)
            )
            if row
            and (series.measurement, series.imei) == (query.measurement, query.imei)
            and query.start <= at < query.end
            and query.tags.items() <= dict(series.tags).items()
            and holds(query.where, series, row)
        ]

    def read(self, query: Query) -> tuple[list[int], dict[str, list[Any]]]:
        """The times and columns of the answer."""
        table = self._intervals(query) if query.function else self._points(query)
        if query.descending:
            table.reverse()
        table = table[: query.limit]
        names = query.fields
        if names is None:
            names = sorted({name for _at, row in table for name in row})
        nothing = 0 if query.function in (Function.COUNT, Function.DISTINCT) else None
        return (
            [at for at, _row in table],
            {name: [row.get(name, nothing) for _at, row in table] for name in names},
        )

    def _points(self, query: Query) -> list[tuple[int, dict[str, Any]]]:
        wanted = query.fields
        return [
            (at, row)
            for at, _series, row in self.rows(query)
            if wanted is None or any(name in row for name in wanted)
        ]

    def _intervals(self, query: Query) -> list[tuple[int, dict[str, Any]]]:
        gathered: dict[int, dict[str, list[tuple[int, Any]]]] = {}
        for at, _series, row in self.rows(query):
            fields = gathered.setdefault(at - at % query.interval, {})
            for name, value in row.items():
                if query.fields is None or name in query.fields:
                    fields.setdefault(name, []).append((at, value))
        areas = self._areas(gathered, query) if query.function is Function.INTEGRAL else None
        table = {}
        for start, fields in gathered.items():
            row = {
                name: figure(query, pairs) if areas is None else areas[name].get(start)
                for name, pairs in fields.items()
            }
            row = {name: value for name, value in row.items() if value is not None}
            if row:
                table[start] = row
        if query.empty:
            for start in range(query.start // query.interval * query.interval, query.end,
                               query.interval):  # fmt: skip
                table.setdefault(start, {})
        return sorted(table.items())

    @staticmethod
    def _areas(
        gathered: dict[int, dict[str, list[tuple[int, Any]]]], query: Query
    ) -> dict[str, dict[int, float]]:
        every: dict[str, list[tuple[int, Any]]] = {}
        for fields in gathered.values():
            for name, pairs in fields.items():
                every.setdefault(name, []).extend(pairs)
        return {name: areas(pairs, query.interval) for name, pairs in every.items()}


def areas(pairs: list[tuple[int, Any]], interval: int) -> dict[int, float]:
    """The area under the line through some values in each interval; none under other kinds."""
    if sort_of(pairs[0][1]) is not float:
        return {}
    line = sorted(dict(sorted(pairs)).items())
    starts = [at - at % interval for at, _value in line]
    found = dict.fromkeys(starts, 0.0)
    if starts[-1] == line[-1][0] and starts.count(starts[-1]) == 1:
        del found[starts[-1]]
    for (at, value), (then, after), start, into in zip(
        line, line[1:], starts, starts[1:], strict=False
    ):
        cut = min(then, start + interval)
        there = value + (after - value) * (cut - at) / (then - at)
        found[start] += (value + there) / 2 * (cut - at) / 10**9
        if into in found:
            found[into] += (there + after) / 2 * (then - cut) / 10**9
    return found


def holds(condition: Condition | None, series: Series, row: dict[str, Any]) -> bool:
    if condition is None:
        return True
    if not isinstance(condition, Compare):
        parts = [holds(part, series, row) for part in condition.parts]
        return all(parts) if isinstance(condition, And) else any(parts)
    tags = {**dict(series.tags), "product_imei": series.imei}
    value = tags.get(condition.name, row.get(condition.name))
    if value is None or sort_of(value) is not sort_of(condition.value):
        return False
    wanted = condition.value
    return {
        "=": value == wanted,
        "!=": value != wanted,
        "<": condition.op == "<" and value < wanted,
        "<=": condition.op == "<=" and value <= wanted,
        ">": condition.op == ">" and value > wanted,
        ">=": condition.op == ">=" and value >= wanted,
    }[condition.op.value]


def sort_of(value: Any) -> type:
    return bool if isinstance(value, bool) else str if isinstance(value, str) else float


def figure(query: Query, pairs: list[tuple[int, Any]]) -> Any:
    """A function of an interval's values of one field."""
    function = query.function
    values = [value for _at, value in pairs]
    if function in NUMERIC and sort_of(values[0]) is not float:
        return None
    if function is Function.PERCENTILE:
        rank = math.floor(len(values) * query.argument / 100 + 0.5)
        return sorted(values)[rank - 1] if rank else None
    if function is Function.STDDEV:
        return statistics.stdev(values) if len(values) > 1 else None
    if function is Function.MODE:
        most = max(map(values.count, values))
        first = min(at for at, value in pairs if values.count(value) == most)
        return max(v for at, v in pairs if at == first and values.count(v) == most)
    ends = {Function.FIRST: min, Function.LAST: max}
    if function in ends:
        end = ends[function](at for at, _value in pairs)
        choose = min if function is Function.FIRST and isinstance(values[0], bool) else max
        return choose(value for at, value in pairs if at == end)
    return {
        Function.COUNT: len,
        Function.DISTINCT: lambda some: len(set(some)),
        Function.MEAN: statistics.fmean,
        Function.MEDIAN: statistics.median,
        Function.SPREAD: lambda numbers: max(numbers) - min(numbers),
        Function.SUM: math.fsum,
        Function.MIN: min,
        Function.MAX: max,
    }[function](values)
