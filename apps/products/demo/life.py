"""The life of a made-up unit: what it is, when it moved from stage to stage, when it was heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from apps.products.demo.identity import Identity

STORED, SHIPPED, ACTIVATING, ACTIVATED, MONITORED = 2, 3, 4, 5, 6
UNMONITORED, IN_REPAIR, TERMINATED = 7, 8, 9
IN_USE = (ACTIVATED, MONITORED, UNMONITORED)
NOT_SOLD = (STORED, SHIPPED, ACTIVATING)

_DAY = dt.timedelta(days=1)
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Model:
    """A product type in the fleet: its share, and how long ago (days) it was made.

    `dcm` and `rtc` are the shares of units with device credit and real-time communication.
    """

    product_type_id: int
    share: int
    youngest: int
    oldest: int
    dcm: float = 0.0
    rtc: float = 0.0

    @property
    def old(self) -> bool:
        """Whether it is no longer made."""
        return self.youngest > 365


MODELS = (
    Model(1, 4, 2400, 3300),
    Model(2, 18, 1400, 2700),
    Model(3, 4, 1300, 2500),
    Model(4, 3, 20, 1400, rtc=0.3),
    Model(6, 36, 20, 1900),
    Model(7, 6, 20, 1500, rtc=0.3),
    Model(8, 13, 15, 1100, dcm=1.0, rtc=0.9),
    Model(9, 5, 15, 700, dcm=0.6, rtc=0.9),
    Model(10, 11, 15, 900, dcm=0.3, rtc=0.8),
)

# Where units stand now, in thousandths; older ones have all been sold.
_STANDING = {
    STORED: 70,
    SHIPPED: 60,
    ACTIVATING: 15,
    ACTIVATED: 220,
    MONITORED: 480,
    UNMONITORED: 60,
    IN_REPAIR: 50,
    TERMINATED: 45,
}


@dataclass
class Life:
    """What the makers of all apps need to know of a unit.

    steps         (when, stage) in order, the first being STORED
    heard         its last connection; in the factory, for a unit not sold yet
    repairs       (arrival, return or None) of each stay in a repair centre
    serial        set by the factory's maker
    row           the unit's row, once written; later makers set its pointers
    enable_rows   its enable history, once written
    """

    model: Model
    identity: Identity
    steps: list[tuple[dt.datetime, int]]
    heard: dt.datetime
    dcm: bool
    rtc: bool
    is_payg: bool
    serial: str = ""
    row: dict[str, Any] = field(default_factory=dict)
    enable_rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stage(self) -> int:
        """Where the unit stands now."""
        return self.steps[-1][1]

    @property
    def activated(self) -> dt.datetime | None:
        """When a customer first switched it on."""
        return next((when for when, stage in self.steps if stage == ACTIVATED), None)

    @property
    def repairs(self) -> list[tuple[dt.datetime, dt.datetime | None]]:
        ends = [when for when, _stage in self.steps[1:]] + [None]
        return [
            (when, end)
            for (when, stage), end in zip(self.steps, ends, strict=True)
            if stage == IN_REPAIR
        ]


def between(
    rng: Random, start: dt.datetime, end: dt.datetime, low: float = 0.0, high: float = 1.0
) -> dt.datetime:
    """A moment between `low` and `high` of the way from start to end."""
    return start + (end - start) * rng.uniform(low, high)


def draw_model(rng: Random) -> Model:
    """A product type, by its share of the fleet."""
    return rng.choices(MODELS, [model.share for model in MODELS])[0]


def live(rng: Random, model: Model, until: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """The stages a unit went through, with times, up to `until`."""
    stages = {at: weight for at, weight in _STANDING.items() if not (model.old and at in NOT_SOLD)}
    final = rng.choices(list(stages), list(stages.values()))[0]
    oldest = 120 if final in NOT_SOLD else model.oldest
    made = until - rng.uniform(model.youngest, oldest) * _DAY
    steps = [(made, STORED)]
    if final == STORED:
        return steps
    shipped = min(between(rng, made, until, 0.03, 0.12), made + rng.uniform(20, 60) * _DAY)
    steps.append((shipped, SHIPPED))
    if final == SHIPPED:
        return steps
    if final == ACTIVATING:
        return [*steps, (until - rng.uniform(1, 60) * _HOUR, ACTIVATING)]
    sold = min(between(rng, shipped, until, 0.05, 0.25), shipped + rng.uniform(30, 150) * _DAY)
    if rng.random() < 0.2:
        steps.append((sold - min(rng.uniform(1, 40) * _HOUR, (sold - shipped) / 2), ACTIVATING))
    return [*steps, (sold, ACTIVATED), *_in_use(rng, final, sold, until)]


def _in_use(
    rng: Random, final: int, sold: dt.datetime, until: dt.datetime
) -> list[tuple[dt.datetime, int]]:
    """What happened after a unit was first switched on."""
    whole = until - sold
    steps: list[tuple[dt.datetime, int]] = []
    if final != ACTIVATED or rng.random() < 0.2:
        steps.append((sold + min(whole * 0.1, rng.uniform(1, 14) * _DAY), MONITORED))
    if whole > 120 * _DAY and rng.random() < 0.2:
        arrival = between(rng, sold, until, 0.3, 0.6)
        back = arrival + min(whole * 0.1, rng.uniform(3, 30) * _DAY)
        steps += [(arrival, IN_REPAIR), (back, ACTIVATED)]
        if final != ACTIVATED:
            steps.append((back + min(whole * 0.02, _DAY), MONITORED))
    elif final == ACTIVATED:
        steps.clear()
    if final == UNMONITORED:
        steps.append((between(rng, sold, until, 0.75, 0.95), UNMONITORED))
    elif final == IN_REPAIR:
        steps.append((until - min(whole * 0.2, rng.uniform(0.3, 18) * _DAY), IN_REPAIR))
    elif final == TERMINATED:
        steps.append((between(rng, sold, until, 0.8, 0.98), TERMINATED))
    return steps


def last_heard(
    rng: Random, steps: Sequence[tuple[dt.datetime, int]], until: dt.datetime
) -> dt.datetime:
    """When the unit last connected: most within four hours, a tail silent for weeks."""
    made = steps[0][0]
    since, stage = steps[-1]
    if stage in NOT_SOLD:
        return made - rng.uniform(0.2, 5) * _HOUR
    activated = next(when for when, at in steps if at == ACTIVATED)
    if stage == TERMINATED:
        return between(rng, activated, since, 0.9, 1.0)
    if stage == IN_REPAIR:
        return between(rng, since - (since - activated) * 0.02, until, 0.0, 1.0)
    hours = rng.choices(
        (rng.uniform(0.05, 4), rng.uniform(4, 24), rng.uniform(24, 168), rng.uniform(168, 2000)),
        (74, 14, 7, 5),
    )[0]
    return max(until - hours * _HOUR, between(rng, activated, until, 0.6, 0.9))
