"""The last day of a unit as lines beside its newest values, to be seen without opening a chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import Function, Query
from apps.telemetry.store.series import DAY, MINUTE, TELEMETRY

_INTERVAL = 30 * MINUTE
# Units that report every four hours have no gap after each value.
_GAP = 5 * 60 * MINUTE
_WIDTH, _HEIGHT, _EDGE = 96, 22, 2


def sparklines(store: Store, imei: str, names: Sequence[str], end: int) -> Mapping[str, SafeString]:
    """A line of each of these fields with numbers over the day before `end`, in nanoseconds.

    A field with fewer than two values has none. Raises StoreAway.
    """
    start = end - DAY
    rows = store.read(
        Query(
            TELEMETRY,
            imei,
            max(0, start),
            end,
            fields=tuple(names),
            function=Function.MEAN,
            interval=_INTERVAL,
        )
    )
    found = {}
    for name, column in rows.columns.items():
        points = [
            (at, float(value))
            for at, value in zip(rows.times, column, strict=True)
            if value is not None
        ]
        if len(points) > 1:
            found[name] = _drawn(points, start)
    return found


def _drawn(points: Sequence[tuple[int, float]], start: int) -> SafeString:
    values = [value for _at, value in points]
    low, reach = min(values), max(values) - min(values)
    places = []
    for at, value in points:
        x = _EDGE + (at - start) / DAY * (_WIDTH - 2 * _EDGE)
        # A value that never moves runs along the middle.
        y = (value - low) / reach if reach else 0.5
        places.append((at, f"{x:.1f} {_HEIGHT - _EDGE - y * (_HEIGHT - 2 * _EDGE):.1f}"))
    return format_html(
        '<svg width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true" fill="none"'
        ' stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"><path d="{}"/></svg>',
        _WIDTH,
        _HEIGHT,
        _WIDTH,
        _HEIGHT,
        "".join(_path(places)),
    )


def _path(places: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Over a gap the pen is lifted."""
    yield f"M{places[0][1]}"
    for (before, _place), (at, place) in pairwise(places):
        yield f"{'M' if at - before > _GAP else 'L'}{place}"
