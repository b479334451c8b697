"""The spool: points that were acknowledged while the store was away, and how they reach it.

Rows are written to the store in order per unit, many at once, by one worker at a time. A worker
claims rows, writes, then deletes: one that dies in between leaves rows that are written again,
which changes nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import zlib
from collections.abc import Sequence
from uuid import uuid4

import msgpack
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from apps.telemetry.errors import SpoolFull, StoreAway, StoreRefused
from apps.telemetry.services import days, outages
from apps.telemetry.services.outages import Standing
from apps.telemetry.services.refusals import record_refusal
from apps.telemetry.spool import TelemetrySpool
from apps.telemetry.store import current
from apps.telemetry.store.interface import Store
from apps.telemetry.store.series import Batch, Series

logger = logging.getLogger("smartsolar.telemetry")

# Rows and values written at once: some megabytes, a second of the store's time.
_ROWS = 200
_VALUES = 200_000
_CLAIM = dt.timedelta(minutes=5)
_FIRST_RETRY = dt.timedelta(seconds=10)
_LONGEST_RETRY = dt.timedelta(hours=1)
# Batches of rows that one run of the worker writes at most; the next run goes on.
_TURNS = 50


def spool(batch: Batch) -> None:
    """Keep points until the store takes them, from the caller's commit on. Raises SpoolFull."""
    packed = pack(batch)
    if size_of_spool() + len(packed) > settings.TELEMETRY_SPOOL_MB * 1_000_000:
        raise SpoolFull
    TelemetrySpool.objects.create(
        imei=batch.series.imei, points=batch.values, size=len(packed), payload=packed
    )


def size_of_spool() -> int:
    """How many bytes wait."""
    return TelemetrySpool.objects.aggregate(size=Sum("size"))["size"] or 0


def pack(batch: Batch) -> bytes:
    """A batch as bytes."""
    series = batch.series
    told = [series.measurement, series.imei, series.tags, batch.times, batch.columns]
    return zlib.compress(msgpack.packb(told), 1)


def unpack(packed: bytes) -> Batch:
    """The batch that `pack` was given."""
    measurement, imei, tags, times, columns = msgpack.unpackb(zlib.decompress(packed))
    series = Series(measurement, imei, tuple((name, value) for name, value in tags))
    return Batch(series, times, columns)


def drain() -> int:
    """Write what is due to the store, if it is there; returns how many rows left the spool.

    While the store is away nothing is claimed and no row is blamed for it.
    """
    store = current()
    done = 0
    for _turn in range(_TURNS):
        rows = _claim_if_possible(store)
        if not rows:
            break
        try:
            written = _write(store, rows)
        finally:
            _release(rows)
        done += written
        if not written:
            break
    return done


def _claim_if_possible(store: Store) -> list[TelemetrySpool]:
    if not TelemetrySpool.objects.exists() or outages.standing(store.name) is Standing.AWAY:
        return []
    return _claim()


@transaction.atomic
def _claim() -> list[TelemetrySpool]:
    """The oldest rows that are due; none while another worker has rows, so that order is kept."""
    now = timezone.now()
    if TelemetrySpool.objects.filter(claimed_until__gt=now).exists():
        return []
    keys: list[int] = []
    values = 0
    for key, points in _due(now).values_list("pk", "points")[:_ROWS]:
        values += points
        if keys and values > _VALUES:
            break
        keys.append(key)
    token = uuid4().hex
    claimed = TelemetrySpool.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lte=now), pk__in=keys
    ).update(claim=token, claimed_until=now + _CLAIM)
    if claimed < len(keys):
        # Another worker was faster; this one would have written out of order.
        transaction.set_rollback(True)
        return []
    return list(TelemetrySpool.objects.filter(claim=token).order_by("pk"))


def _due(now: dt.datetime) -> QuerySet[TelemetrySpool]:
    """Rows that may be written now: none whose unit has an earlier one that waits."""
    earlier = TelemetrySpool.objects.filter(
        imei=OuterRef("imei"), pk__lt=OuterRef("pk"), due_at__gt=now
    )
    return TelemetrySpool.objects.filter(~Exists(earlier), due_at__lte=now).order_by("pk")


def _write(store: Store, rows: Sequence[TelemetrySpool]) -> int:
    """Write rows together; where that fails for some of them, one by one. Returns how many went."""
    batches = [unpack(bytes(row.payload)) for row in rows]
    try:
        store.write(batches)
    except StoreAway as error:
        health = store.health()
        if not health.ok:
            logger.warning("%d rows wait for the telemetry store: %s", len(rows), error)
            outages.note_away(store.name, str(error))
            return 0
    except StoreRefused:
        # Once more row by row, to tell whose values they were.
        pass
    else:
        days.mark(batches)
        _finish(rows)
        outages.note_back(store.name)
        return len(rows)
    return _write_singly(store, rows)


def _write_singly(store: Store, rows: Sequence[TelemetrySpool]) -> int:
    held_up: set[str] = set()
    done = 0
    for row in rows:
        if row.imei in held_up:
            continue
        batch = unpack(bytes(row.payload))
        try:
            store.write([batch])
        except StoreAway as error:
            held_up.add(row.imei)
            _put_off(row, str(error))
            continue
        except StoreRefused as refused:
            record_refusal(imei=row.imei, measurement=batch.series.measurement, refused=refused)
        days.mark([batch])
        _finish([row])
        done += 1
    if done:
        outages.note_back(store.name)
    return done


def _finish(rows: Sequence[TelemetrySpool]) -> None:
    TelemetrySpool.objects.filter(claim=rows[0].claim, pk__in=[row.pk for row in rows]).delete()


def _put_off(row: TelemetrySpool, why: str) -> None:
    row.attempts += 1
    wait = min(_LONGEST_RETRY, _FIRST_RETRY * 2 ** min(row.attempts, 10))
    row.due_at = timezone.now() + wait
    row.last_error = why[:2_000]
    row.save(update_fields=["attempts", "due_at", "last_error"])


def _release(rows: Sequence[TelemetrySpool]) -> None:
    """Let go what was claimed and not written."""
    TelemetrySpool.objects.filter(claim=rows[0].claim).update(claim="", claimed_until=None)
