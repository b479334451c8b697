"""Moving time series from one store to another, in pieces that can be taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet

from apps.telemetry.errors import StoreRefused
from apps.telemetry.models import TelemetryCopy, TelemetrySeries
from apps.telemetry.services import rollups
from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import Function, Query
from apps.telemetry.store.series import DAY, LAST_TIME, Series

# One interval for all times the figures of whole blocks can be used for.
_AGES = 3_000 * 30 * DAY


class Shortfall(NamedTuple):
    """A field of a unit of which the target has fewer values than the source."""

    imei: str
    measurement: str
    field: str
    source: int
    target: int


@dataclass(slots=True)
class Progress:
    """Where a copy stands; `values` counts this run's, `dropped` those the target refused."""

    total: int
    done: int = 0
    values: int = 0
    dropped: int = 0
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of all series from one store to another; the names of the two identify it.

    What is in the target stays, and is overwritten where a series has a value at the same time. A
    run takes each series up after the last time that an earlier one copied: points that came to the
    source since with older times are found by `verify`, and copied after `restart`.
    """

    source: Store
    target: Store
    source_name: str
    target_name: str

    def restart(self) -> None:
        """Forget how far the copy came."""
        self._rows().delete()

    def run(self) -> Iterator[Progress]:
        """Copy what is not copied yet, yielding after each batch. After StoreAway run it again."""
        every = list(self.source.every_series())
        progress = Progress(len(every))
        try:
            for series in every:
                yield from self._series(series, progress)
                progress.done += 1
                yield progress
        finally:
            rollups.start_over()

    def _series(self, series: Series, progress: Progress) -> Iterator[Progress]:
        row, _made = TelemetryCopy.objects.get_or_create(
            source=self.source_name, target=self.target_name, series=_key(series)
        )
        for batch in self.source.export(series, after=row.reached if row.reached >= 0 else None):
            try:
                written = self.target.write([batch])
            except StoreRefused as error:
                written = error.written
                progress.dropped += error.dropped
                progress.reasons += [r for r in error.reasons if r not in progress.reasons]
            progress.values += written
            row.reached = batch.times[-1]
            row.values += written
            row.save(update_fields=["reached", "values"])
            yield progress

    def verify(self) -> Iterator[Shortfall]:
        """Every field of which the target has fewer values than the source has now."""
        units = dict.fromkeys((one.imei, one.measurement) for one in self.source.every_series())
        for imei, measurement in units:
            theirs, ours = (_counts(s, imei, measurement) for s in (self.source, self.target))
            for name, count in sorted(theirs.items()):
                if ours[name] < count:
                    yield Shortfall(imei, measurement, name, count, ours[name])

    def _rows(self) -> QuerySet[TelemetryCopy]:
        return TelemetryCopy.objects.filter(source=self.source_name, target=self.target_name)


def _counts(store: Store, imei: str, measurement: str) -> Counter[str]:
    query = Query(measurement, imei, 0, LAST_TIME, function=Function.COUNT, interval=_AGES)
    found: Counter[str] = Counter()
    for name, column in store.read(query).columns.items():
        found[name] = sum(int(count or 0) for count in column)
    return found


def _key(series: Series) -> str:
    return f"{series.measurement} {series.imei} {TelemetrySeries.text_of(series.tags)}"
