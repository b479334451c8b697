"""How much more the spool may keep, without counting all that waits for every upload.

Each process remembers what it counted last and adds what it kept since. What other processes keep
meanwhile goes beyond the bound: some seconds of uploads, where the bound is hours of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from apps.telemetry.errors import SpoolFull
from apps.telemetry.spool import TelemetrySpool

# Seconds; and how many times longer than it takes to count.
_FRESH = 1.0
_AT_MOST = 50


@dataclass
class _Count:
    """Bytes that wait, and until when (of the monotonic clock) this is good enough."""

    size: int = 0
    until: float = 0.0


_count = _Count()


def take_room(size: int) -> None:
    """Raises SpoolFull where so many bytes more are too many."""
    began = time.monotonic()
    if began >= _count.until:
        # Others need not count at the same time.
        _count.until = began + _FRESH
        _count.size = size_of_spool()
        ended = time.monotonic()
        _count.until = ended + max(_FRESH, _AT_MOST * (ended - began))
    if _count.size + size > settings.TELEMETRY_SPOOL_MB * 1_000_000:
        raise SpoolFull
    _count.size += size


def size_of_spool() -> int:
    """How many bytes wait."""
    return TelemetrySpool.objects.aggregate(size=Sum("size"))["size"] or 0
