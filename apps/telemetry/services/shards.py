"""Keeping the store no longer than it should, and a truthful record of what it is made of."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.telemetry.errors import StoreAway
from apps.telemetry.models import InfluxShardData
from apps.telemetry.selectors import RetentionState, retention_state
from apps.telemetry.services import rollups
from apps.telemetry.store import current
from apps.telemetry.store.admission import now
from apps.telemetry.store.queries import Shard
from apps.telemetry.store.series import DAY, SECOND, Retention

logger = logging.getLogger("smartsolar.telemetry")

WRITER = "telemetry"
# The store drops what is too old when it gets round to it.
_GRACE = 2 * DAY


def retain() -> int:
    """Drop what is older than it is kept; returns how many shards went. Nothing if it is away.

    Points stay until the hourly figures of their days are written: see services.rollups.
    """
    rollups.settle()
    try:
        return current().retain()
    except StoreAway as error:
        logger.warning("Nothing dropped by age: %s", error)
        return 0


def record_shards() -> bool:
    """Write down the shards there are now, if they are others than last time (influx_shard_data).

    Of the same shards only the sizes are brought up to date. Returns whether anything was written.
    """
    try:
        shards = current().shards()
    except StoreAway as error:
        logger.warning("Shards not recorded: %s", error)
        return False
    at = now()
    told = [_told(shard) for shard in shards]
    anomalies = anomalies_of(shards, at, retention_state())
    with transaction.atomic():
        newest = InfluxShardData.objects.select_for_update()
        last = newest.filter(created_by=WRITER).order_by("-influx_shard_data_id").first()
        if last is not None and (last.shard_data, last.anomalies) == (told, anomalies):
            return False
        if last is not None and _spans(last.shard_data) == _spans(told):
            last.shard_data, last.anomalies = told, anomalies
            last.modified_at, last.modified_by = timezone.now(), WRITER
            last.save(update_fields=["shard_data", "anomalies", "modified_at", "modified_by"])
        else:
            InfluxShardData.objects.create(shard_data=told, anomalies=anomalies, created_by=WRITER)
    return True


def anomalies_of(
    shards: list[Shard], at: int, state: RetentionState | None = None
) -> list[dict[str, Any]]:
    """What is odd about the shards at a moment: each with the shard's id and what it is."""
    found = []
    waiting = state.waiting if state else 0
    why = f": the hourly figures of {waiting} days are not written yet" if waiting else ""
    ours = {retention.value for retention in Retention}
    last: dict[str, Shard] = {}
    for shard in sorted(shards, key=lambda one: (one.retention, one.start)):
        before = last.get(shard.retention)
        if shard.retention not in ours:
            found.append(_odd(shard, "a retention policy that nothing is written to"))
        if shard.expires is not None and shard.expires + _GRACE < at:
            found.append(_odd(shard, f"older than it is kept{why}"))
        if shard.start > at + DAY:
            found.append(_odd(shard, "points from the future"))
        if before is not None and before.end > shard.start:
            found.append(_odd(shard, f"overlaps {before.key}"))
        if before is not None and before.end < shard.start:
            silence = f"{_moment(before.end)} to {_moment(shard.start)}"
            found.append(_odd(shard, f"no points from {silence}"))
        last[shard.retention] = shard
    return found


def _odd(shard: Shard, what: str) -> dict[str, Any]:
    return {"id": shard.key, "retention_policy": shard.retention, "anomaly": what}


def _told(shard: Shard) -> dict[str, Any]:
    return {
        "id": shard.key,
        "retention_policy": shard.retention,
        "start_time": _moment(shard.start),
        "end_time": _moment(shard.end),
        "expiry_time": None if shard.expires is None else _moment(shard.expires),
        "points": shard.points,
        "bytes": shard.size,
    }


def _spans(told: Any) -> list[Any]:
    """What makes shards the same as before: all but how full they are."""
    return [{**shard, "points": None, "bytes": None} for shard in told or ()]


def _moment(nanoseconds: int) -> str:
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return f"{epoch + dt.timedelta(seconds=nanoseconds // SECOND):%Y-%m-%dT%H:%M:%S}Z"
