"""Units that upload what they measured and keep it until it is acknowledged, and what they must
find in the store in the end.

A unit deletes what was answered with 200 and only that. Of each time of measuring the books hold
the value last acknowledged, and every value that may have arrived beside it: those sent without an
answer that the unit heard.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.connectivity.simulator.link import Link, NoAnswerError, encode

HOUR = 3_600_000  # milliseconds
TURN = 4 * HOUR
POINTS = 12

# What a unit measures at a time, each made of the one number that the books hold.
FIELDS = ("voltage", "current_in")
# A row of the store: time in milliseconds -> the values of FIELDS.
Rows = Mapping[int, tuple[float | None, ...]]


def values_of(number: float) -> tuple[float, ...]:
    return number, number / 8


@dataclass
class UploadingUnit:
    """One unit: what it has not yet got rid of, and what it believes to be in the store.

    `set_aside` is told some turns late. A unit that is `lost` never connects again.
    """

    imei: str
    key: str
    chance: random.Random
    waiting: dict[int, float] = field(default_factory=dict)
    set_aside: dict[int, float] = field(default_factory=dict)
    acknowledged: dict[int, float] = field(default_factory=dict)
    unheard: dict[int, set[float]] = field(default_factory=dict)
    lost: bool = False

    def measure(self, start: int) -> None:
        """Measure for four hours from `start`, and at times measure an old moment anew."""
        each = TURN // POINTS
        new = {start + n * each: self.chance.uniform(10, 15) for n in range(POINTS)}
        if self.chance.random() < 0.05:
            self.set_aside |= new
        else:
            self.waiting |= new
        if self.set_aside and self.chance.random() < 0.3:
            self.waiting |= self.set_aside
            self.set_aside = {}
        if self.acknowledged and self.chance.random() < 0.05:
            again = self.chance.choice(list(self.acknowledged))
            self.waiting[again] = self.chance.uniform(20, 25)

    def body(self) -> dict[str, Any]:
        columns = zip(*(values_of(number) for number in self.waiting.values()), strict=True)
        return {
            "fields": {
                name: [list(pair) for pair in zip(self.waiting, column, strict=True)]
                for name, column in zip(FIELDS, columns, strict=True)
            }
        }

    def upload(self, url: str) -> str:
        """Try once to get rid of what waits, some point at least; returns how it went."""
        content = encode(self.body(), compact=int(self.imei) % 4 == 0)
        link = Link(url)
        try:
            reply = link.upload(self.imei, self.key, *content)
        except NoAnswerError:
            self._not_heard()
            return "without an answer"
        finally:
            link.close()
        if reply.status == 503:
            # A store that died over the write may have it all the same.
            self._not_heard()
            return "refused with 503"
        if reply.status != 200:
            return f"answered {reply.status}: {reply.body}"
        if self.chance.random() < 0.04:
            # The answer gets lost: the same will be sent again.
            self._not_heard()
            return "acknowledged unheard"
        self.acknowledged |= self.waiting
        for at in self.waiting:
            # Whatever came before is overwritten.
            self.unheard.pop(at, None)
        self.waiting = {}
        return "acknowledged"

    def _not_heard(self) -> None:
        for at, number in self.waiting.items():
            self.unheard.setdefault(at, set()).add(number)


EXPECTED = frozenset(
    {"acknowledged", "acknowledged unheard", "without an answer", "refused with 503"}
)


class Tally:
    """How the uploads went, counted by many threads."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, outcome: str) -> None:
        with self._lock:
            self.counts[outcome] += 1

    @property
    def uploads(self) -> int:
        return self.counts.total()

    @property
    def wrong(self) -> list[str]:
        return sorted(self.counts.keys() - EXPECTED)


def faults(unit: UploadingUnit, stored: Rows) -> list[str]:
    """Whatever is not as the unit may believe: acknowledged and not there, or not with its value;
    there and never sent; half there.
    """
    found = []
    for at in sorted(unit.acknowledged.keys() - stored.keys()):
        found.append(f"{unit.imei} {at}: acknowledged, and is not there")
    for at, row in stored.items():
        allowed = set(unit.unheard.get(at, ()))
        if at in unit.acknowledged:
            allowed.add(unit.acknowledged[at])
        if not allowed:
            found.append(f"{unit.imei} {at}: is there, and was never sent")
        elif row not in {values_of(number) for number in allowed}:
            found.append(f"{unit.imei} {at}: {row} is there, not any of {sorted(allowed)}")
    return found


def rows_of(answers: Iterable[Mapping[str, Any]], imei: str) -> tuple[Rows, list[str]]:
    """What InfluxDB answered of a unit, and what must not be: a point in two series."""
    rows: dict[int, tuple[float | None, ...]] = {}
    wrong = []
    for one in answers:
        for nanoseconds, *values in one["values"]:
            at, rest = divmod(nanoseconds, 1_000_000)
            if rest or at in rows:
                wrong.append(f"{imei} {nanoseconds}: is there twice, or at a time never sent")
            rows[at] = tuple(values)
    return rows, wrong
