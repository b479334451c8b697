"""What the values of an interval become: the functions of `queries.Function` on plain lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, fsum, sqrt
from typing import Any

from apps.telemetry.store.queries import ON_ANY_KIND, Function
from apps.telemetry.store.series import Kind, Value

# Functions whose value for an interval follows from partial figures for its parts.
FROM_PARTS = frozenset(
    {
        Function.COUNT,
        Function.MEAN,
        Function.SUM,
        Function.MIN,
        Function.MAX,
        Function.SPREAD,
        Function.FIRST,
        Function.LAST,
    }
)


@dataclass(slots=True)
class Part:
    """Figures of a field over some of its points; sum, least and most of numbers only."""

    count: int
    first_at: int
    first: Any
    last_at: int
    last: Any
    sum: float = 0.0
    min: float = 0.0
    max: float = 0.0

    def add(self, other: Part) -> None:
        """Take in the figures of other points, whichever come first."""
        self.count += other.count
        self.sum += other.sum
        self.min = min(self.min, other.min)
        self.max = max(self.max, other.max)
        if (other.first_at, _Reverse(other.first)) < (self.first_at, _Reverse(self.first)):
            self.first_at, self.first = other.first_at, other.first
        if (other.last_at, other.last) > (self.last_at, self.last):
            self.last_at, self.last = other.last_at, other.last

    def value(self, function: Function, kind: Kind) -> Value | None:
        """What the function makes of the points; None where it does not know their kind."""
        if kind is not Kind.NUMBER and function not in ON_ANY_KIND:
            return None
        return _OF_PART[function](self)


class _Reverse:
    """Orders values the other way round: of several first ones the largest counts, or false."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Reverse) -> bool:
        if isinstance(self.value, bool):
            return bool(self.value < other.value)
        return bool(self.value > other.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reverse) and self.value == other.value


_OF_PART: dict[Function, Callable[[Part], Value]] = {
    Function.COUNT: lambda part: part.count,
    Function.MEAN: lambda part: part.sum / part.count,
    Function.SUM: lambda part: part.sum,
    Function.MIN: lambda part: part.min,
    Function.MAX: lambda part: part.max,
    Function.SPREAD: lambda part: part.max - part.min,
    Function.FIRST: lambda part: part.first,
    Function.LAST: lambda part: part.last,
}


def part_of(times: Sequence[int], values: Sequence[Any], kind: Kind) -> Part | None:
    """The figures of a stretch of a column, its times ascending; None without any value."""
    if None in values:
        present = [
            (at, value) for at, value in zip(times, values, strict=True) if value is not None
        ]
        if not present:
            return None
        times, values = zip(*present, strict=True)
    if not values:
        return None
    part = Part(len(values), times[0], values[0], times[-1], values[-1])
    if len(times) > 1:
        _settle_ties(part, times, values)
    if kind is Kind.NUMBER:
        part.sum, part.min, part.max = sum(values), min(values), max(values)
    return part


def _settle_ties(part: Part, times: Sequence[int], values: Sequence[Any]) -> None:
    """Of several series with a value at the first or last time, the largest counts.

    Of truth values at the first time it is false: InfluxDB has it so.
    """
    if times[1] == part.first_at:
        foremost = min if isinstance(part.first, bool) else max
        part.first = foremost(v for at, v in zip(times, values, strict=True) if at == part.first_at)
    if times[-2] == part.last_at:
        part.last = max(v for at, v in zip(times, values, strict=True) if at == part.last_at)


def aggregate(
    function: Function,
    argument: float | None,
    times: Sequence[int],
    values: Sequence[Any],
    kind: Kind,
) -> Value | None:
    """The function of a stretch of a column, its times ascending; None where it has no value.

    Any but INTEGRAL, which is not of one stretch alone.
    """
    if function in FROM_PARTS:
        part = part_of(times, values, kind)
        return part.value(function, kind) if part else None
    present = [value for value in values if value is not None]
    if not present or (kind is not Kind.NUMBER and function not in ON_ANY_KIND):
        return None
    if function is Function.DISTINCT:
        return len(set(present))
    if function is Function.MODE:
        return _mode(times, values)
    if function is Function.STDDEV:
        return _stddev(present)
    present.sort()
    if function is Function.MEDIAN:
        middle = len(present) // 2
        return present[middle] if len(present) % 2 else sum(present[middle - 1 : middle + 1]) / 2
    assert argument is not None
    rank = floor(len(present) * argument / 100 + 0.5)
    return present[min(rank, len(present)) - 1] if rank > 0 else None


def _mode(times: Sequence[int], values: Sequence[Any]) -> Value:
    """The most frequent value; of several the one seen first, the largest of several at once."""
    counts = Counter(value for value in values if value is not None)
    most = max(counts.values())
    seen: dict[Any, int] = {}
    for at, value in zip(times, values, strict=True):
        if value is not None and counts[value] == most:
            seen.setdefault(value, at)
    earliest = min(seen.values())
    return max(value for value, at in seen.items() if at == earliest)


def _stddev(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    mean = fsum(values) / len(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
