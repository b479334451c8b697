"""What a unit may have left by its commands: at least, if it used credit all the time; at most, if
it never did.

A countdown loses a second a second while it runs. What the office does not know is when it ran, and
when exactly within its delivery a command was booked, so there are two bounds and no one number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.dcm.models import PaymentCategory, PaymentStatus

_ENDS = (PaymentCategory.ZERO_COMMAND, PaymentCategory.FORCE_RESET)


@dataclass(frozen=True, slots=True)
class Booking:
    """One command of a unit that is not void; `acknowledged_at` is None while it waits."""

    category: str
    value: int
    created_at: datetime
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds that a unit may have left."""

    lowest: int
    highest: int

    def drift(self, balance: int, tolerance: int) -> int:
        """By how much a balance lies above (more than 0) or below; 0 within the tolerance."""
        if balance > self.highest + tolerance:
            return balance - self.highest
        if balance < self.lowest - tolerance:
            return balance - self.lowest
        return 0


def bounds(bookings: Iterable[Booking], *, made_at: datetime, heard_at: datetime) -> Bounds | None:
    """The bounds at `made_at` for a report that was received at `heard_at`.

    `bookings` are in the order of acceptance. A command that was accepted before the report was
    heard and acknowledged only after it, or not yet, may be in it or not: each bound takes what
    widens it. None while a force-reset waits for the unit: what it reports was given back.
    """
    lowest, highest = 0.0, 0
    clock: datetime | None = None
    for one in bookings:
        if one.category == PaymentCategory.FORCE_RESET and one.acknowledged_at is None:
            return None
        if one.created_at > heard_at:
            continue
        # Booked at the earliest, it is used up the earliest.
        lowest = _used(lowest, clock, one.created_at)
        clock = one.created_at
        known = one.acknowledged_at is not None and one.acknowledged_at <= heard_at
        if one.category in _ENDS:
            lowest, highest = 0.0, 0 if known else highest
        elif one.value > 0:
            highest += one.value
            lowest += one.value if known else 0
        else:
            lowest = max(0.0, lowest + one.value)
            highest = max(0, highest + one.value) if known else highest
    return Bounds(int(_used(lowest, clock, made_at)), highest)


def _used(left: float, since: datetime | None, until: datetime) -> float:
    """What is left of an amount that counted down from one moment to another."""
    if since is None or until <= since:
        return left
    return max(0.0, left - (until - since).total_seconds())


def acknowledged_at(status: str | None, modified_at: datetime | None) -> datetime | None:
    """When a command that is not void was acknowledged: that is the one change it has known."""
    return modified_at if status == PaymentStatus.ACKNOWLEDGED else None
