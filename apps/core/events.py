"""Domain events: what happened, told to whoever needs to know, without the teller knowing them.

`publish` writes a row in the caller's transaction: an event exists exactly if what it tells of was
committed. Consumers are functions named in an app's `consumers.py`; `deliver_events` runs them
from a worker. A consumer's writes and the mark that it ran commit together, so a worker may die at
any line and nothing is lost or done twice. A consumer makes no network call: it writes rows for a
sender.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from apps.core.bulk import insert_rows

logger = logging.getLogger("smartsolar.events")

# One run ends before the next is due; what is left over is told then.
RUNS_FOR = 8.0  # seconds
MAX_ATTEMPTS = 10
_FIRST_RETRY = dt.timedelta(seconds=10)


class Event(models.Model):
    """Something that happened to one subject, waiting for its consumers or told to all of them."""

    name = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "event"
        indexes = [
            models.Index(
                "due_at", "id", name="event_waiting", condition=models.Q(delivered_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


Consumer = Callable[[Event], None]
_consumers: dict[str, list[Consumer]] = defaultdict(list)


def consumer(*names: str) -> Callable[[Consumer], Consumer]:
    """Mark a function as a consumer of the events named."""

    def mark(function: Consumer) -> Consumer:
        for name in names:
            _consumers[name].append(function)
        return function

    return mark


@lru_cache(maxsize=1)
def _load() -> None:
    autodiscover_modules("consumers")


def publish(name: str, *, subject: str, data: dict[str, Any] | None = None) -> None:
    """Record an event in the transaction under way; it is told after the commit.

    An event that no app consumes is not written.
    """
    _load()
    if _consumers.get(name):
        Event.objects.create(name=name, subject=subject, data=data or {})


def publish_many(name: str, told: Mapping[str, dict[str, Any]]) -> None:
    """`publish` for many subjects, each with its data, in few statements."""
    _load()
    if _consumers.get(name):
        rows = [{"name": name, "subject": key, "data": data} for key, data in told.items()]
        insert_rows(Event, rows)


def deliver_events() -> int:
    """Tell every event that is due, oldest first; returns how many were told.

    An event that a consumer refuses is tried again later, ever more rarely, and then left with its
    error for staff to see; it does not hold up the others.
    """
    _load()
    told = 0
    deadline = time.monotonic() + RUNS_FOR
    while time.monotonic() < deadline:
        with transaction.atomic():
            event = _claim()
            if event is None:
                break
            told += _tell(event)
    return told


def _claim() -> Event | None:
    """The next event that is due, locked, skipping what another worker holds."""
    waiting = Event.objects.filter(
        delivered_at__isnull=True, due_at__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS
    ).order_by("due_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    return waiting.first()


def _tell(event: Event) -> bool:
    try:
        with transaction.atomic():
            for function in _consumers.get(event.name, ()):
                function(event)
    except Exception as error:
        event.attempts += 1
        event.due_at = timezone.now() + _FIRST_RETRY * 2**event.attempts
        event.last_error = f"{type(error).__name__}: {error}"[:2_000]
        event.save(update_fields=["attempts", "due_at", "last_error"])
        logger.exception("event %s was refused by a consumer", event)
        return False
    event.delivered_at = timezone.now()
    event.save(update_fields=["delivered_at"])
    return True


def purge_events(*, older_than: dt.timedelta = dt.timedelta(days=7)) -> int:
    """Delete told events older than that; returns how many."""
    horizon = timezone.now() - older_than
    return Event.objects.filter(delivered_at__lt=horizon).delete()[0]
