"""How fast a command goes: so many units a minute, whoever and how many work on it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings

LEAST: Final = 1
MOST: Final = 1_000_000
# Units of one batch begin together, and a batch takes at most this long of a command's time.
_WINDOW: Final = dt.timedelta(seconds=5)
_MINUTE: Final = dt.timedelta(minutes=1)


def default_per_minute() -> int:
    """Units a minute where nobody says otherwise (FLEET_PER_MINUTE)."""
    return min(max(settings.FLEET_PER_MINUTE, LEAST), MOST)


def share(per_minute: int, most: int) -> int:
    """How many units may begin at once."""
    return max(1, min(most, int(per_minute * (_WINDOW / _MINUTE))))


def next_begin(now: dt.datetime, begun: int, per_minute: int) -> dt.datetime:
    """When the next units may begin, after `begun` of them began now."""
    return now + begun * _MINUTE / per_minute
