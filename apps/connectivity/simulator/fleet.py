"""Many simulated units in one process: who connects when, on a few threads."""

from __future__ import annotations

import heapq
import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from apps.connectivity.simulator.link import Link
from apps.connectivity.simulator.unit import INTERVAL, Contact, Outcome, Unit

logger = logging.getLogger("smartsolar.simulator")

SUMMARY_EVERY = 60.0
# A unit that fell behind (a slow server) connects late, never twice at once.
MAX_THREADS = 8


class Fleet:
    """Units that connect in turn until they are stopped.

    `speed` compresses time: at 240, the four hours between two contacts take a minute.
    """

    def __init__(
        self, units: Sequence[Unit], url: str, *, stop: threading.Event, speed: float = 1.0
    ) -> None:
        self.url = url
        self.speed = speed
        self.counts: Counter[str] = Counter()
        self._stop = stop
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(
            max_workers=max(1, min(MAX_THREADS, len(units))), thread_name_prefix="unit"
        )
        # Spread evenly over the interval, in an order of its own.
        order = list(units)
        random.Random(len(order)).shuffle(order)
        step = INTERVAL / max(len(order), 1)
        self._first = [(place * step, unit) for place, unit in enumerate(order)]
        # By the SIM in it: the number `wake` takes, and the unit.
        self.by_imsi = {
            unit.identity.imsi: (number, unit)
            for number, unit in enumerate(order)
            if unit.identity.imsi
        }
        self._due: list[tuple[float, int, Unit]] = []

    def run(self) -> None:
        """Let the units connect until `stop` is set; waits for the server before the first."""
        if not self._wait_for_server():
            return
        began = time.monotonic()
        self._due = [
            (began + offset / self.speed, number, unit)
            for number, (offset, unit) in enumerate(self._first)
        ]
        heapq.heapify(self._due)
        summary_at = began + SUMMARY_EVERY
        try:
            while not self._stop.is_set():
                now = time.monotonic()
                if now >= summary_at:
                    self._summarise()
                    summary_at = now + SUMMARY_EVERY
                self._stop.wait(self._start_due(now, summary_at))
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def wake(self, number: int) -> None:
        """Let a unit connect at once; one that is connecting hears what it is to do anyway."""
        with self._lock:
            for place, (_due, other, unit) in enumerate(self._due):
                if other == number:
                    self._due[place] = (time.monotonic(), number, unit)
                    heapq.heapify(self._due)
                    return

    def _start_due(self, now: float, summary_at: float) -> float:
        """Start every unit that is due; returns the seconds until something is to be done."""
        with self._lock:
            while self._due and self._due[0][0] <= now:
                _due, number, unit = heapq.heappop(self._due)
                self._pool.submit(self._connect, number, unit)
            next_at = min(self._due[0][0], summary_at) if self._due else summary_at
        # Units under way come back with a time of their own, so look again before long.
        return min(max(next_at - now, 0.01), 0.5)

    def _connect(self, number: int, unit: Unit) -> None:
        if self._stop.is_set():
            return
        link = Link(self.url)
        try:
            contact = unit.connect(link)
        except Exception:
            logger.exception("unit %s failed", unit.identity.imei)
            contact = Contact(Outcome.NO_ANSWER, INTERVAL)
        finally:
            link.close()
        with self._lock:
            self.counts[contact.outcome.value] += 1
            self.counts["changed"] += contact.changed
            due = time.monotonic() + contact.next_in / self.speed
            heapq.heappush(self._due, (due, number, unit))

    def _wait_for_server(self) -> bool:
        """Whether the server answers; says once that it does not yet."""
        link = Link(self.url)
        waited = 0
        while not link.reachable():
            if waited == 30:
                logger.warning("nothing answers at %s yet", self.url)
            waited += 1
            if self._stop.wait(1.0):
                return False
        return not self._stop.is_set()

    def _summarise(self) -> None:
        with self._lock:
            counts, self.counts = self.counts, Counter()
        parts = [f"{counts[o.value]} {o.value}" for o in Outcome]
        logger.info("contacts: %s; %d units changed", ", ".join(parts), counts["changed"])
