"""Reads about commands to many units: what a preview expects, and how far a command is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from apps.core.columns import render_time
from apps.fleet import reasons
from apps.fleet.expectations import expected_skips
from apps.fleet.models import CommandStatus, FleetCommand
from apps.fleet.services.steps import PREVIEW_LIFE

# Units that a preview names for each reason.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Skip:
    """Units that are expected to be skipped for one reason: how many, and the first of them."""

    reason: str
    count: int
    imeis: list[str]

    @property
    def meaning(self) -> str:
        return reasons.meaning(self.reason)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a preview says: how many units it is for, and who of them has nothing to do."""

    units: int
    to_do: int
    skips: list[Skip]
    sms: int
    sms_cost: float | None
    seconds: float
    until: dt.datetime


def expected(row: FleetCommand) -> Expected:
    """What is to be expected of a command, as of the moment it was made."""
    skips = [
        Skip(reason, count, list(_first(row, reason))) for reason, count in expected_skips(row)
    ]
    return Expected(
        units=row.units_total,
        to_do=row.units_total - sum(skip.count for skip in skips),
        skips=skips,
        sms=row.sms_expected,
        sms_cost=row.sms_cost,
        seconds=row.units_total * 60 / row.per_minute,
        until=row.created_at + PREVIEW_LIFE,
    )


def _first(row: FleetCommand, reason: str) -> Any:
    units = row.units.filter(expected_reason=reason).order_by("product_id")
    return units.values_list("product_id", flat=True)[:NAMED]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a command is. `per_minute` is measured; `ends_at` is where that leads."""

    status: str
    total: int
    pending: int
    done: int
    skipped: int
    failed: int
    cancelled: int
    per_minute: float | None
    ends_at: dt.datetime | None

    @property
    def settled(self) -> int:
        return self.total - self.pending

    @property
    def is_over(self) -> bool:
        return self.status not in (CommandStatus.PREVIEW, CommandStatus.RUNNING)


def progress(row: FleetCommand) -> Progress:
    """How far a command is, at what rate, and when it will be through if nothing changes."""
    worked = row.units_done + row.units_skipped + row.units_failed
    rate = ends = None
    if row.confirmed_at is not None and worked:
        until = row.ended_at or timezone.now()
        minutes = max((until - row.confirmed_at).total_seconds(), 1) / 60
        rate = round(worked / minutes, 1)
        if row.status == CommandStatus.RUNNING and rate:
            ends = timezone.now() + dt.timedelta(minutes=row.units_pending / rate)
    return Progress(
        status=row.status,
        total=row.units_total,
        pending=row.units_pending,
        done=row.units_done,
        skipped=row.units_skipped,
        failed=row.units_failed,
        cancelled=row.units_cancelled,
        per_minute=rate,
        ends_at=ends,
    )


def expected_data(row: FleetCommand) -> dict[str, Any]:
    """What a preview says, as the API writes it."""
    what = expected(row)
    return {
        "units": what.units,
        "to_do": what.to_do,
        "skipped": [
            {
                "reason": skip.reason,
                "meaning": skip.meaning,
                "count": skip.count,
                "product_imeis": skip.imeis,
            }
            for skip in what.skips
        ],
        "sms": what.sms,
        "sms_cost": what.sms_cost,
        "sms_currency": row.sms_currency,
        "seconds": round(what.seconds),
        "valid_until": render_time(what.until),
    }


def progress_data(row: FleetCommand) -> dict[str, Any]:
    """How far a command is, as the API writes it."""
    how = progress(row)
    return {
        "status": how.status,
        "units": how.total,
        "pending": how.pending,
        "done": how.done,
        "skipped": how.skipped,
        "failed": how.failed,
        "cancelled": how.cancelled,
        "units_per_minute": how.per_minute,
        "estimated_end": render_time(how.ends_at),
    }
