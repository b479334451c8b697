"""Points that go by age: an InfluxDB drops them by a clock of its own, so tests take them away."""

from __future__ import annotations

import time

from apps.telemetry.errors import StoreAway
from apps.telemetry.store import current
from apps.telemetry.store.series import TELEMETRY

_TRIES = 50
_PAUSE = 0.1


def lose(imei: str, start: int, end: int) -> None:
    """Delete what the unit measured from `start` before `end`, in nanoseconds.

    InfluxDB 1.6 refuses one now and then, with "engine is closed", and takes it a moment later.
    """
    for left in reversed(range(_TRIES)):
        try:
            current().delete(imei, TELEMETRY, start=start, end=end)
        except StoreAway:
            if not left:
                raise
            time.sleep(_PAUSE)
        else:
            return
