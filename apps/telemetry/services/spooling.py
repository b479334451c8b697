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
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.telemetry.errors import StoreAway, StoreRefused
from apps.telemetry.services import days, outages
from apps.telemetry.services.outages import Standing
from apps.telemetry.services.refusals import record_refusal
from apps.telemetry.services.spool_room import take_room
from apps.telemetry.spool import TelemetrySpool
from apps.telemetry.store import current
from apps.telemetry.store.interface import Store
from apps.telemetry.store.series import Batch, Series

logger = logging.getLogger("smartsolar.telemetry")

# Rows and values written at once: some megabytes, a second of the store's time.
_ROWS = 200
_VALUES = 200_000
_CLAIM = dt.timedelta(minutes=5)
_LARGEST = 2**63 - 1
_FIRST_RETRY = dt.timedelta(seconds=10)
_LONGEST_RETRY = dt.timedelta(hours=1)
# Batches of rows that one run of the worker writes at most; the next run goes on.
_TURNS = 50


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
    return list(TelemetrySpool.objects.filter(pk__in=keys, claim=token).order_by("pk"))


def _due(now: dt.datetime) -> QuerySet[TelemetrySpool]:
    """Rows that may be written now: none whose unit has an earlier one that waits."""
    earlier = TelemetrySpool.objects.filter(
        imei=OuterRef("imei"), pk__lt=OuterRef("pk"), due_at__gt=now
    )
    return TelemetrySpool.objects.filter(~Exists(earlier), due_at__lte=now).order_by("pk")


def _write(store: Store, rows: Sequence[TelemetrySpool]) -> int:
    """Write rows together; where that fails for some of them, one by one. Returns how many went."""
    try:
        batches = [unpack(bytes(row.payload)) for row in rows]
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
    except Exception:
        # Whatever is wrong with one row must not hold up those of all other units.
        logger.exception("%d rows were not written together", len(rows))
    else:
        days.mark(batches)
        _finish(rows)
        outages.note_back(store.name)
        return len(rows)
    return _write_singly(store, rows)


def _write_singly(store: Store, rows: Sequence[TelemetrySpool]) -> int:
    held_up: set[str] = set()
    done = 0
    until = timezone.now()
    for row in rows:
        if row.imei in held_up:
            continue
        if timezone.now() >= until:
            # A store that fails slowly takes longer than the claim stands.
            if not _hold_on(rows):
                break
            until = timezone.now() + _CLAIM / 2
        try:
            _write_one(store, row)
        except Exception as error:
            if not isinstance(error, StoreAway):
                logger.exception("upload %d of unit %s was not written", row.pk, row.imei)
            held_up.add(row.imei)
            _put_off(row, str(error) or type(error).__name__)
            continue
        done += 1
    if done:
        outages.note_back(store.name)
    return done


def _write_one(store: Store, row: TelemetrySpool) -> None:
    """Write one row and let it go; values that the store refuses are counted as it goes."""
    batch = unpack(bytes(row.payload))
    refusal = None
    try:
        store.write([batch])
    except StoreRefused as refused:
        refusal = refused
    with transaction.atomic():
        if refusal is not None:
            measurement = batch.series.measurement
            record_refusal(imei=row.imei, measurement=measurement, refused=refusal)
        days.mark([batch])
        _finish([row])


def _finish(rows: Sequence[TelemetrySpool]) -> None:
    _ours(rows).delete()


def _put_off(row: TelemetrySpool, why: str) -> None:
    attempts = row.attempts + 1
    wait = min(_LONGEST_RETRY, _FIRST_RETRY * 2 ** min(attempts, 10))
    _ours([row]).update(attempts=attempts, due_at=timezone.now() + wait, last_error=why[:2_000])


def _hold_on(rows: Sequence[TelemetrySpool]) -> bool:
    """Claim the rows for longer; False if another worker has taken them over."""
    return _ours(rows).update(claimed_until=timezone.now() + _CLAIM) > 0


def _release(rows: Sequence[TelemetrySpool]) -> None:
    """Let go what was claimed and not written."""
    _ours(rows).update(claim="", claimed_until=None)


def _ours(rows: Sequence[TelemetrySpool]) -> QuerySet[TelemetrySpool]:
    """Those that are there and nobody took over; by their keys, of all that wait."""
    return TelemetrySpool.objects.filter(pk__in=[row.pk for row in rows], claim=rows[0].claim)
