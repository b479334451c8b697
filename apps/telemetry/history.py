"""Reading over the time when points are gone: from the hourly figures that are kept of them.

    history.read(current(), Query("telemetry", imei, start, end, function=MEAN, interval=DAY))

The seam is a midnight: from it on all points are there. What is before is told by hours, except
for days that are marked, whose points are still there and may say more than their hours do. What
cannot be told exactly is left out: see docs/telemetry.md, "Old data".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from apps.telemetry.days import TelemetryDay
from apps.telemetry.horizon import TelemetryHorizon, horizon
from apps.telemetry.rollups import NEEDED, OVER, is_kept, merged, name_of, names_of, value_of
from apps.telemetry.store import catalogue
from apps.telemetry.store.admission import now
from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import COUNTS, Function, Query, Result
from apps.telemetry.store.rows import of_intervals
from apps.telemetry.store.series import DAY, HOUR, HOURLY, TELEMETRY, Kind, Value

# field -> start of interval -> figure -> its value
_Figures = dict[str, dict[int, dict[Function, float]]]
_Found = dict[str, dict[int, Value | None]]


def read(store: Store, query: Query, kept: TelemetryHorizon | None = None) -> Result:
    """As `Store.read`, with intervals of whole hours told from before points went by age.

    Where nothing is gone it costs one query of the program's database more, unless the caller
    knows what is `kept`. With `Query.empty` what is left out looks as if nothing were there. Raises
    StoreAway.
    """
    if query.function is None or query.measurement != TELEMETRY:
        return store.read(query)
    kept = kept or horizon()
    seam = kept.raw_seam(now())
    if query.start >= seam:
        return store.read(query)
    return _Reading(store, query, kept, seam).result()


def told_by_hours(query: Query) -> bool:
    """Whether hourly figures can answer a question, where points are gone."""
    return (
        query.function in NEEDED
        and query.interval is not None
        and not query.interval % HOUR
        and query.where is None
        and not query.tags
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time that is read at once, from its points or from the figures of its hours."""

    start: int
    end: int
    as_points: bool


class _Reading:
    """One question that begins before the seam."""

    def __init__(self, store: Store, query: Query, kept: TelemetryHorizon, seam: int) -> None:
        assert query.interval is not None
        self.store = store
        self.query = query
        self.interval = query.interval
        self.kept = kept
        self.seam = seam
        # From this interval on points tell all.
        self.cut = min(self._up(seam), query.end)
        self.fields: tuple[str, ...] = ()

    def result(self) -> Result:
        later = replace(self.query, start=self.cut, limit=None, descending=False, empty=False)
        found = _by_interval(self.store.read(later), self.query.function)
        if told_by_hours(self.query):
            for name, values in self._earlier().items():
                found.setdefault(name, {}).update(values)
        return of_intervals(self.query, found)

    def _earlier(self) -> _Found:
        """Each field's values by start of interval, before `cut`."""
        query = self.query
        function = query.function
        assert function is not None
        start = query.start
        known = self.kept.derived_seam(now())
        if start < known or start % HOUR:
            # The interval in which the question, or what is known, begins is known in part alone.
            start = self._up(max(start, known))
        end = self.cut
        if end == query.end and end % HOUR and end < self.seam:
            end -= end % self.interval
        self.fields = self._fields()
        figures: _Figures = {}
        for stretch in self._stretches(start, end):
            self._add(stretch, function, figures)
        return {
            field: {at: value_of(function, known_of) for at, known_of in intervals.items()}
            for field, intervals in figures.items()
        }

    def _fields(self) -> tuple[str, ...]:
        """Those asked for whose hours are kept: numbers."""
        names = self.query.fields
        if names is None:
            names = tuple(self.store.fields_of(self.query.imei, TELEMETRY))
        kinds = catalogue.kinds_of(TELEMETRY, names)
        return tuple(name for name in names if kinds.get(name) is Kind.NUMBER and is_kept(name))

    def _up(self, at: int) -> int:
        return -(-at // self.interval) * self.interval

    def _stretches(self, start: int, end: int) -> Iterator[_Stretch]:
        """In order of time, none overlapping: hours as figures, and as points those that differ."""
        if start >= end:
            return
        marked = set(
            TelemetryDay.objects.filter(
                imei=self.query.imei,
                day__gte=max(start // DAY, self.kept.raw_from),
                day__lt=self.seam // DAY,
            ).values_list("day", flat=True)
        )
        days = range(start // DAY, -(-end // DAY))
        for as_points, group in groupby(
            days, key=lambda day: day * DAY >= self.seam or day in marked
        ):
            its = list(group)
            low, high = max(start, its[0] * DAY), min(end, (its[-1] + 1) * DAY)
            yield _Stretch(low, high, as_points)

    def _add(self, stretch: _Stretch, function: Function, figures: _Figures) -> None:
        """Take in what a stretch says, which follows those before it."""
        needed = NEEDED[function]
        if stretch.as_points:
            for figure in needed:
                self._merge(self._read(stretch, TELEMETRY, self.fields, figure), figure, figures)
            return
        for over, group in groupby(needed, key=OVER.__getitem__):
            its = list(group)
            held = self._read(stretch, HOURLY, names_of(self.fields, its), over)
            for figure in its:
                named = {field: held.get(name_of(field, figure), {}) for field in self.fields}
                self._merge(named, figure, figures)

    def _read(
        self, stretch: _Stretch, measurement: str, fields: tuple[str, ...], function: Function
    ) -> _Found:
        if not fields:
            return {}
        query = Query(
            measurement,
            self.query.imei,
            stretch.start,
            stretch.end,
            fields=fields,
            function=function,
            interval=self.interval,
        )
        return _by_interval(self.store.read(query), function)

    def _merge(self, found: _Found, figure: Function, figures: _Figures) -> None:
        for field, values in found.items():
            intervals = figures.setdefault(field, {})
            for at, value in values.items():
                assert isinstance(value, float | int)
                known = intervals.setdefault(at, {})
                known[figure] = merged(figure, known[figure], value) if figure in known else value


def _by_interval(result: Result, function: Function | None) -> _Found:
    """The values there are, by field and start of interval."""
    nothing = 0 if function in COUNTS else None
    return {
        name: {
            at: value
            for at, value in zip(result.times, column, strict=True)
            if value is not None and value != nothing
        }
        for name, column in result.columns.items()
    }
