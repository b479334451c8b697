"""What an hour of a unit's measurements comes to, and what hours together tell of longer intervals.

For each field with numbers, and each hour with a value of it, at the start of the hour:

    voltage.count, voltage.sum       how many values there are, and their sum
    voltage.min, voltage.max         the lowest and the highest
    voltage.first, voltage.last      by time

All series of a unit count together, as they do when none is asked for by its tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, inf

from apps.telemetry.store.aggregates import part_of
from apps.telemetry.store.blocks import intervals, kind_of_column
from apps.telemetry.store.queries import Function, Result
from apps.telemetry.store.series import HOUR, Kind

# What each function of an interval is worked out from: figures of its hours.
NEEDED: Mapping[Function, tuple[Function, ...]] = {
    Function.COUNT: (Function.COUNT,),
    Function.SUM: (Function.SUM,),
    Function.MEAN: (Function.SUM, Function.COUNT),
    Function.MIN: (Function.MIN,),
    Function.MAX: (Function.MAX,),
    Function.SPREAD: (Function.MIN, Function.MAX),
    Function.FIRST: (Function.FIRST,),
    Function.LAST: (Function.LAST,),
}
FIGURES = (*NEEDED[Function.MEAN], *NEEDED[Function.SPREAD], Function.FIRST, Function.LAST)
# What makes figures of several hours into one of them together.
OVER: Mapping[Function, Function] = {figure: figure for figure in FIGURES} | {
    Function.COUNT: Function.SUM
}
# With a figure after it, a name is as long as names of fields may be.
_LONGEST = 58

# (time in nanoseconds, value)
Values = list[tuple[int, float]]


def name_of(field: str, figure: Function) -> str:
    """The field that holds a figure of a field."""
    return f"{field}.{figure.value}"


def names_of(fields: Iterable[str], figures: Sequence[Function]) -> tuple[str, ...]:
    """The fields that hold these figures of these fields."""
    return tuple(name_of(field, figure) for field in fields for figure in figures)


def is_kept(field: str) -> bool:
    """Whether the name of a field leaves room for a figure after it."""
    return len(field) <= _LONGEST


def hours_of(rows: Result) -> dict[str, Values]:
    """The figures of each hour, by the names of their fields, from all points of whole hours."""
    stretches = list(intervals(rows.times, HOUR))
    found: dict[str, Values] = {}
    for field, column in rows.columns.items():
        if not is_kept(field) or all(value is None for value in column):
            continue
        if kind_of_column(column) is not Kind.NUMBER:
            continue
        figures = [found.setdefault(name_of(field, figure), []) for figure in FIGURES]
        for start, low, high in stretches:
            part = part_of(rows.times[low:high], column[low:high], Kind.NUMBER)
            if part is not None:
                part.sum = _sum([float(value) for value in column[low:high] if value is not None])
                for figure, values in zip(FIGURES, figures, strict=True):
                    values.append((start, float(getattr(part, figure.value))))
    return found


def _sum(values: Sequence[float]) -> float:
    """Exact: the sum of short numbers is short, and stored so. Infinite where none can be told."""
    try:
        return fsum(values)
    except OverflowError:
        return inf


def value_of(function: Function, figures: Mapping[Function, float]) -> float | int | None:
    """What a function makes of the figures it needs; None where one of them is not known."""
    if any(figure not in figures for figure in NEEDED[function]):
        return None
    if function is Function.MEAN:
        return figures[Function.SUM] / figures[Function.COUNT]
    if function is Function.SPREAD:
        return figures[Function.MAX] - figures[Function.MIN]
    if function is Function.COUNT:
        return int(figures[Function.COUNT])
    return figures[function]


def merged(figure: Function, earlier: float, later: float) -> float:
    """A figure of two stretches of time that follow each other."""
    if figure in (Function.COUNT, Function.SUM):
        return earlier + later
    if figure in (Function.MIN, Function.MAX):
        return min(earlier, later) if figure is Function.MIN else max(earlier, later)
    return earlier if figure is Function.FIRST else later
