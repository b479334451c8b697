"""Taking in points: on the store at once, or kept in the spool until the store has them.

Whoever sent points deletes them once we say so: nothing here returns before they are durable, or,
inside the caller's transaction, certain to be so with its commit.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.core.prepared import Prepared
from apps.telemetry.data_points import read_points
from apps.telemetry.errors import StoreAway, StoreRefused
from apps.telemetry.plain_points import read_plain, read_plain_json
from apps.telemetry.services import days, outages, spooling
from apps.telemetry.services.outages import Standing
from apps.telemetry.services.refusals import record_refusal
from apps.telemetry.store import catalogue, current
from apps.telemetry.store.catalogue import Rows
from apps.telemetry.store.interface import Store
from apps.telemetry.store.series import Batch
from apps.telemetry.store.sql import SqlStore

logger = logging.getLogger("smartsolar.telemetry")

__all__ = [
    "Batch",
    "Kept",
    "dropped",
    "in_callers_transaction",
    "keep_later",
    "keep_points",
    "read_plain",
    "read_plain_json",
    "read_points",
    "told",
]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of values: on the store, waiting for it, or dropped, which nothing can change."""

    written: int = 0
    waiting: int = 0
    dropped: int = 0
    reasons: tuple[str, ...] = ()


def told(kept: Kept) -> str:
    """What became of an upload, in the reference's words where it is on the store."""
    if kept.waiting:
        return _("{n} data-point(s) kept, to be written to influx shortly").format(n=kept.waiting)
    return _("{n} data-point(s) successfully written to influx").format(n=kept.written)


def dropped(kept: Kept) -> dict[str, Any] | None:
    """What was dropped of an upload and why; None where all was taken in."""
    if not kept.dropped:
        return None
    return {"dropped": kept.dropped, "reasons": list(kept.reasons)}


def in_callers_transaction() -> bool:
    """Whether `keep_points` joins the caller's transaction, as the embedded store does.

    Otherwise it must be called outside of any: the store is reached over the network.
    """
    return isinstance(current(), SqlStore)


def keep_points(*, batch: Batch) -> Kept:
    """Store one upload; once this returns, nothing of it is lost but what `Kept` says was dropped.

    The same points again change nothing. Raises Invalid for names outside the allow-list and
    SpoolFull (503) where neither the store nor the spool can take more.
    """
    store = current()
    if not batch.times:
        return Kept()
    if isinstance(store, SqlStore):
        with transaction.atomic():
            return _write(store, batch)
    kept = _try(store, batch)
    if kept is None:
        spooling.spool(batch)
        kept = Kept(waiting=batch.values)
    return kept


def keep_later(*, batch: Batch) -> None:
    """As `keep_points`, within a transaction under way: what needs the network waits in the spool.

    What the store will not take is counted for staff alone. Raises SpoolFull.
    """
    if in_callers_transaction():
        keep_points(batch=batch)
    else:
        spooling.spool(batch)


# Asked with every upload: whether earlier points of the unit wait, which later ones must not
# overtake, whether the store was found away, and what the catalogue has of the series.
_BEFORE = Prepared(
    "upload_before",
    "SELECT EXISTS (SELECT 1 FROM telemetry_spool WHERE imei = %s),"
    " EXISTS (SELECT 1 FROM telemetry_outage WHERE store = %s), s.id, s.fields"
    " FROM (SELECT 1) one LEFT JOIN telemetry_series s"
    " ON s.imei = %s AND s.measurement = %s AND s.tags = %s",
)


def _try(store: Store, batch: Batch) -> Kept | None:
    """Write to a store that may be away; None if it is, or the points have to wait their turn."""
    series = batch.series
    key = catalogue.key_of(series)
    with connection.cursor() as cursor:
        _BEFORE.run(cursor, [series.imei, store.name, *key])
        others_wait, was_away, *found = cursor.fetchone()
    if others_wait:
        return None
    standing = outages.standing(store.name) if was_away else Standing.THERE
    if standing is Standing.AWAY:
        return None
    try:
        kept = _write(store, batch, catalogue.row_of(series, *found))
    except StoreAway as error:
        logger.warning("the telemetry store is away: %s", error)
        outages.note_away(store.name, str(error))
        return None
    if standing is Standing.YOUR_TURN:
        outages.note_back(store.name)
    return kept


def _write(store: Store, batch: Batch, known: Rows | None = None) -> Kept:
    try:
        kept = Kept(written=store.write([batch], known))
    except StoreRefused as refused:
        series = batch.series
        record_refusal(imei=series.imei, measurement=series.measurement, refused=refused)
        kept = Kept(
            written=refused.written,
            dropped=refused.dropped,
            reasons=tuple(str(reason) for reason in refused.reasons),
        )
    if kept.written:
        days.mark([batch])
    return kept
