"""What a simulated unit measures: a panel, a battery and a home, a value of each every minute."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

EVERY = timedelta(minutes=1)
# What a unit has to tell when it first connects, and the most that it can remember.
FIRST = timedelta(hours=4)
MEMORY = timedelta(days=3)

CAPACITY = 20.0  # Ah of a 12 V battery
PANEL = 2.8  # A in full sun
# Hours of the evening in which a home has its light and radio on.
EVENING = (18, 23)


class Meter:
    """Measures since what the server took in last; the battery remembers what went in and out."""

    def __init__(self, seed: int, longitude: float) -> None:
        self._chance = random.Random(seed)
        self._ahead = timedelta(hours=longitude / 15)
        self._charge = self._chance.uniform(0.5, 0.9)
        self._home = self._chance.uniform(0.4, 1.2)
        self._sky = (0, 1.0)
        self._measured: datetime | None = None
        self._waiting: list[tuple[int, dict[str, float]]] = []

    def body(self, now: datetime, *, on: bool) -> dict[str, Any] | None:
        """The body of POST rm_data with all that is still to be told; None where nothing is."""
        self._measure(now, on)
        if not self._waiting:
            return None
        names = self._waiting[0][1]
        fields = {name: [[at, row[name]] for at, row in self._waiting] for name in names}
        return {"measurement": "telemetry", "fields": fields}

    def taken(self) -> None:
        """The server has what the last body told."""
        self._waiting = []

    def _measure(self, now: datetime, on: bool) -> None:
        """Measure every minute since the last time, however long that is ago."""
        last = now.replace(second=0, microsecond=0)
        at = max(self._measured or last - FIRST, last - MEMORY) + EVERY
        while at <= last:
            self._waiting.append((int(at.timestamp() * 1_000), self._minute(at, on)))
            at += EVERY
        self._measured = last
        del self._waiting[: -int(MEMORY / EVERY)]

    def _minute(self, at: datetime, on: bool) -> dict[str, float]:
        local = at.astimezone(UTC) + self._ahead
        hour = local.hour + local.minute / 60
        if self._sky[0] != local.toordinal():
            self._sky = (local.toordinal(), self._chance.uniform(0.45, 1.0))
        sun = max(0.0, math.sin((hour - 6) / 12 * math.pi)) * self._sky[1]
        into = PANEL * sun * self._chance.uniform(0.92, 1.0)
        # A full battery takes no more.
        into *= min(1.0, (1.0 - self._charge) * 12)
        busy = EVENING[0] <= hour < EVENING[1]
        out = self._home * (1.0 if busy else 0.15) * self._chance.uniform(0.9, 1.1) if on else 0.02
        if self._charge < 0.05:
            out = 0.0
        moved = (0.9 * into - out) * EVERY / timedelta(hours=1) / CAPACITY
        self._charge = min(1.0, max(0.0, self._charge + moved))
        voltage = 11.5 + 1.3 * self._charge + 0.28 * into - 0.18 * out
        return {
            "voltage": round(voltage, 2),
            "current": round(into - out, 3),
            "current_in": round(into, 3),
            "current_out": round(out, 3),
            "temperature": round(21 + 7 * math.sin((hour - 9) / 12 * math.pi) + 0.8 * into, 1),
            "state_of_charge_percent": round(100 * self._charge),
        }
