"""How what waits in the spool reaches the store: in order per unit, by one worker at a time.

A worker claims rows, writes, then deletes: one that dies in between leaves rows that are written
again, which changes nothing. Its claim lapses soon, since a living one renews it between requests.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.telemetry.errors import StoreAway, StoreRefused
from apps.telemetry.services import days, outages
from apps.telemetry.services.outages import Standing
from apps.telemetry.services.refusals import record_refusal
from apps.telemetry.services.spooling import unpack
from apps.telemetry.spool import TelemetrySpool
from apps.telemetry.store import current
from apps.telemetry.store.interface import Store
from apps.telemetry.store.series import Batch

logger = logging.getLogger("smartsolar.telemetry")

# Rows and values claimed at once: some megabytes, a second of the store's time.
_ROWS = 200
_VALUES = 200_000
# Times of points written at once: what the store takes in one request.
_TIMES = 5_000
# Longer than a request to the store that is not answered, and what goes before it.
_CLAIM = dt.timedelta(seconds=45)
_RENEWED = dt.timedelta(seconds=5)
_FIRST_RETRY = dt.timedelta(seconds=10)
_LONGEST_RETRY = dt.timedelta(hours=1)
# Claims of one run of the worker at most; the next run goes on.
_TURNS = 50


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
            written = _Writer(store, rows).write()
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


class _Upload(NamedTuple):
    """A claimed row and the points in it."""

    row: TelemetrySpool
    batch: Batch


class _Writer:
    """Writes claimed rows to a store, for as long as the claim stands."""

    def __init__(self, store: Store, rows: Sequence[TelemetrySpool]) -> None:
        self.store = store
        self.rows = rows
        self.renew_at = timezone.now() + _RENEWED
        # Units one of whose rows failed: their later ones must not overtake it.
        self.held_up: set[str] = set()
        self.done = 0

    def write(self) -> int:
        """Write row after row, as many at once as the store takes; returns how many went."""
        for uploads in self._portions():
            waiting = [one for one in uploads if one.row.imei not in self.held_up]
            if waiting and not (self._holds_on() and self._write(waiting)):
                return self.done
        if self.done:
            outages.note_back(self.store.name)
        return self.done

    def _portions(self) -> Iterator[list[_Upload]]:
        uploads: list[_Upload] = []
        times = 0
        for row in self.rows:
            try:
                batch = unpack(bytes(row.payload))
            except Exception as error:
                self._fail(row, error)
                continue
            if uploads and times + len(batch.times) > _TIMES:
                yield uploads
                uploads, times = [], 0
            uploads.append(_Upload(row, batch))
            times += len(batch.times)
        yield uploads

    def _write(self, uploads: Sequence[_Upload]) -> bool:
        """Write rows together, or where that fails for some of them one by one.

        False if the store is away or another worker took over: then nothing more is to be tried.
        """
        batches = [one.batch for one in uploads]
        try:
            self.store.write(batches)
        except StoreAway as error:
            if not self.store.health().ok:
                logger.warning("%d rows wait for the telemetry store: %s", len(uploads), error)
                outages.note_away(self.store.name, str(error))
                return False
        except StoreRefused:
            # Once more row by row, to tell whose values they were.
            pass
        except Exception:
            # Whatever is wrong with one row must not hold up those of all other units.
            logger.exception("%d rows were not written together", len(uploads))
        else:
            days.mark(batches)
            self._finish([one.row for one in uploads])
            return True
        return self._write_singly(uploads)

    def _write_singly(self, uploads: Sequence[_Upload]) -> bool:
        for one in uploads:
            if one.row.imei in self.held_up:
                continue
            if not self._holds_on():
                return False
            try:
                self._write_one(one)
            except Exception as error:
                self._fail(one.row, error)
        return True

    def _write_one(self, upload: _Upload) -> None:
        """Write one row and let it go; values that the store refuses are counted as it goes."""
        row, batch = upload
        refusal = None
        try:
            self.store.write([batch])
        except StoreRefused as refused:
            refusal = refused
        with transaction.atomic():
            if refusal is not None:
                measurement = batch.series.measurement
                record_refusal(imei=row.imei, measurement=measurement, refused=refusal)
            days.mark([batch])
            self._finish([row])

    def _finish(self, rows: Sequence[TelemetrySpool]) -> None:
        self.done += _ours(rows).delete()[0]

    def _fail(self, row: TelemetrySpool, error: Exception) -> None:
        """Try a row again later, and those of its unit after it no sooner."""
        if not isinstance(error, StoreAway):
            logger.error("upload %d of unit %s not written", row.pk, row.imei, exc_info=error)
        self.held_up.add(row.imei)
        attempts = row.attempts + 1
        wait = min(_LONGEST_RETRY, _FIRST_RETRY * 2 ** min(attempts, 10))
        why = str(error) or type(error).__name__
        _ours([row]).update(attempts=attempts, due_at=timezone.now() + wait, last_error=why[:2_000])

    def _holds_on(self) -> bool:
        """Claim the rows for longer if it is time; False if another worker has taken them over."""
        now = timezone.now()
        if now < self.renew_at:
            return True
        self.renew_at = now + _RENEWED
        return _ours(self.rows).update(claimed_until=now + _CLAIM) > 0


def _release(rows: Sequence[TelemetrySpool]) -> None:
    """Let go what was claimed and not written."""
    _ours(rows).update(claim="", claimed_until=None)


def _ours(rows: Sequence[TelemetrySpool]) -> QuerySet[TelemetrySpool]:
    """Those that are there and nobody took over; by their keys, of all that wait."""
    return TelemetrySpool.objects.filter(pk__in=[row.pk for row in rows], claim=rows[0].claim)
