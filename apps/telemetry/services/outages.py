"""Whether the store is known to be away: one row that all processes see.

Without it every upload would wait for a time-out of its own before its points go to the spool.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum

from django.db import transaction
from django.utils import timezone

from apps.telemetry.spool import TelemetryOutage

_FIRST_RETRY = dt.timedelta(seconds=5)
_LONGEST_RETRY = dt.timedelta(minutes=5)
# How long whoever asks the store may take to find out.
_TURN = dt.timedelta(seconds=45)


class Standing(Enum):
    """What is known of a store: nothing bad, or that it is away, and who is to ask it now."""

    THERE = "there"
    AWAY = "away"
    YOUR_TURN = "your turn"


def standing(store: str) -> Standing:
    """How the store stands. With YOUR_TURN the caller asks it and tells what it found."""
    outage = TelemetryOutage.objects.filter(pk=store).first()
    if outage is None:
        return Standing.THERE
    now = timezone.now()
    due = TelemetryOutage.objects.filter(pk=store, retry_at__lte=now)
    if outage.retry_at <= now and due.update(retry_at=now + _TURN):
        return Standing.YOUR_TURN
    return Standing.AWAY


@transaction.atomic
def note_away(store: str, reason: str) -> None:
    """The store did not answer: ask it again later, ever more rarely."""
    now = timezone.now()
    outage = TelemetryOutage.objects.select_for_update().filter(pk=store).first()
    if outage is None:
        TelemetryOutage.objects.bulk_create(
            [TelemetryOutage(store=store, retry_at=now + _FIRST_RETRY, last_error=reason[:2_000])],
            ignore_conflicts=True,
        )
        return
    outage.attempts += 1
    wait = min(_LONGEST_RETRY, _FIRST_RETRY * 2 ** min(outage.attempts - 1, 10))
    outage.retry_at = now + wait
    outage.last_error = reason[:2_000]
    outage.save(update_fields=["attempts", "retry_at", "last_error"])


def note_back(store: str) -> None:
    """The store answered."""
    TelemetryOutage.objects.filter(pk=store).delete()
