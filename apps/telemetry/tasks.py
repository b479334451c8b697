"""What telemetry does by the clock."""

from __future__ import annotations

from celery import shared_task

from apps.telemetry.services import days, draining, shards


@shared_task
def retain() -> int:
    """Drop what is older than it is kept."""
    return shards.retain()


@shared_task
def record_shards() -> bool:
    """Keep influx_shard_data truthful."""
    return shards.record_shards()


@shared_task
def drain_spool() -> int:
    """Write to the store what units sent while it was away."""
    return draining.drain()


@shared_task
def derive_days() -> int:
    """Work out energy, discharge, extremes and gaps of the days that got points."""
    return days.derive()


# Task -> seconds between runs; collected by smartsolar.celery.
SCHEDULE = {
    "apps.telemetry.tasks.retain": 21_600.0,
    "apps.telemetry.tasks.record_shards": 3_600.0,
    "apps.telemetry.tasks.drain_spool": 5.0,
    "apps.telemetry.tasks.derive_days": 300.0,
}
