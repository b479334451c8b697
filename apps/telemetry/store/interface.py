"""The one interface to time series; `apps.telemetry.store.current()` returns the store in use.

    batch = Batch.of(Series.of("telemetry", imei), {"voltage": [(time, 12.6), (later, 12.7)]})
    current().write([batch])
    result = current().read(Query("telemetry", imei, start, end, fields=("voltage",)))

Both stores give the same answers; tests/telemetry/test_store_conformance.py holds them to it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence

from apps.telemetry.errors import StoreRefused
from apps.telemetry.store import admission, catalogue
from apps.telemetry.store.admission import Admitted, Refusal
from apps.telemetry.store.catalogue import Rows
from apps.telemetry.store.queries import Health, Latest, Query, Result, Shard
from apps.telemetry.store.series import Batch, Series


class Store(ABC):
    """Keeps time series. Every method raises StoreAway when the store cannot be asked now.

    The store on InfluxDB speaks over the network: never call it inside a transaction. `place` is
    what identifies the store, without its password.
    """

    name: str
    place: str

    def write(self, batches: Sequence[Batch], known: Rows | None = None) -> int:
        """Store values and return how many; after that they survive a crash.

        Idempotent: the same series, time and field again overwrites the value. The first value of a
        field decides its kind for good. `known` are rows of the catalogue read just now.

        Raises StoreRefused if values are dropped because they have another kind than their field,
        are older than their measurement is kept, or go beyond the bounds on names and numbers: all
        others are stored. Raises StoreAway if it is not known what was stored: write all again.
        """
        admitted, refused = admission.admit(batches, known)
        late = self._write(admitted) if admitted else []
        written = sum(one.batch.values for one in admitted) - sum(one.dropped for one in late)
        if refused or late:
            raise StoreRefused(
                list(dict.fromkeys(one.reason for one in (*refused, *late))),
                dropped=sum(one.dropped for one in (*refused, *late)),
                written=max(0, written),
            )
        return written

    @abstractmethod
    def _write(self, admitted: Sequence[Admitted]) -> list[Refusal]:
        """Store admitted values; returns what was dropped after all."""

    @abstractmethod
    def read(self, query: Query) -> Result:
        """The rows a query asks for; an unknown unit, measurement or field has no values."""

    def fields_of(self, imei: str, measurement: str) -> list[str]:
        """The fields in which a unit has ever had values, by name."""
        rows = catalogue.of_unit(imei, measurement)
        return sorted({name for row in rows for name in row.fields})

    @abstractmethod
    def last(
        self, imei: str, measurement: str, fields: Sequence[str] | None = None
    ) -> dict[str, Latest]:
        """The newest value of each field (all if None); a field without any value is left out."""

    @abstractmethod
    def delete(
        self,
        imei: str,
        measurement: str,
        *,
        start: int | None = None,
        end: int | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Delete a unit's points from `start` up to but without `end`.

        With `tags` only those of series that have these tags with these values.
        """

    @abstractmethod
    def retain(self) -> int:
        """Drop what is older than its retention policy keeps; returns how many shards went.

        A shard goes when all of it is too old. InfluxDB does so by itself: there this brings its
        policies in line with the settings.
        """

    @abstractmethod
    def shards(self) -> list[Shard]:
        """The parts the store is made of, by retention policy and time."""

    @abstractmethod
    def health(self) -> Health:
        """Whether the store can work now; does not raise."""

    @abstractmethod
    def every_series(self) -> Iterator[Series]:
        """Each series there is, for copying."""

    @abstractmethod
    def export(self, series: Series, *, after: int | None = None) -> Iterator[Batch]:
        """All points of one series by time, those after a moment, in batches fit for `write`."""
