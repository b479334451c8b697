"""The spool: points that were acknowledged while the store was away, until it has them.

Rows reach the store through `services.draining`.
"""

from __future__ import annotations

import zlib

import msgpack

from apps.telemetry.services.spool_room import take_room
from apps.telemetry.spool import TelemetrySpool
from apps.telemetry.store.series import Batch, Series

_LARGEST = 2**63 - 1


def spool(batch: Batch) -> None:
    """Keep points until the store takes them, from the caller's commit on. Raises SpoolFull."""
    packed = pack(batch)
    take_room(len(packed))
    TelemetrySpool.objects.create(
        imei=batch.series.imei, points=batch.values, size=len(packed), payload=packed
    )


def pack(batch: Batch) -> bytes:
    """A batch as bytes."""
    series = batch.series
    told = [series.measurement, series.imei, series.tags, batch.times, batch.columns]
    return zlib.compress(msgpack.packb(told, default=_beyond), 1)


def _beyond(number: int) -> int:
    """What MessagePack can hold of a whole number beyond 64 bits: as far beyond what is stored."""
    return _LARGEST if number > 0 else -_LARGEST


def unpack(packed: bytes) -> Batch:
    """The batch that `pack` was given."""
    measurement, imei, tags, times, columns = msgpack.unpackb(zlib.decompress(packed))
    series = Series(measurement, imei, tuple((name, value) for name, value in tags))
    return Batch(series, times, columns)
