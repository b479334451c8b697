"""A store that a test can cut off, and what the tests put into it."""

from __future__ import annotations

from typing import Any

from apps.telemetry.errors import StoreAway
from apps.telemetry.services.points import read_points
from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import Health, Query
from apps.telemetry.store.series import LAST_TIME, Batch
from apps.telemetry.store.sql import SqlStore


class RemoteStore(Store):
    """A store over the network: the embedded one behind a line that can be cut."""

    name = "influxdb"

    def __init__(self) -> None:
        self.inside = SqlStore()
        self.away = False
        # Units whose points alone the store cannot take now.
        self.stuck: set[str] = set()
        self.asked = 0
        self.writes: list[tuple[str, tuple[int, ...]]] = []

    def write(self, batches: Any, known: Any = None) -> int:
        self.asked += 1
        if self.away or any(batch.series.imei in self.stuck for batch in batches):
            raise StoreAway("nobody answers at 127.0.0.1:8086")
        written = super().write(batches, known)
        self.writes += [(batch.series.imei, tuple(batch.times)) for batch in batches]
        return written

    def _write(self, admitted: Any) -> Any:
        return self.inside._write(admitted)

    def health(self) -> Health:
        return Health(not self.away, self.name, "")

    def read(self, query: Query) -> Any:
        return self.inside.read(query)

    def last(self, imei: str, measurement: str, fields: Any = None) -> Any:
        return self.inside.last(imei, measurement, fields)

    def delete(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError

    retain = shards = every_series = export = delete  # type: ignore[assignment]


def batch(imei: str, *times: int, value: Any = 12.5) -> Batch:
    return read_points({"fields": {"voltage": [[at, value] for at in times]}}, imei)


def values(imei: str) -> list[Any]:
    query = Query("telemetry", imei, 0, LAST_TIME, fields=("voltage",))
    return SqlStore().read(query).columns["voltage"]
