"""One simulated unit: what it remembers, what it senses and what it does when it is told to."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from apps.connectivity.simulator.credit import Credit
from apps.connectivity.simulator.link import Link, NoAnswerError, Reply, encode
from apps.connectivity.simulator.meter import Meter

# Seconds of a unit's own time.
INTERVAL = 4 * 3600.0
SOON = 120.0
RETRY = 600.0
MAX_RETRIES = 3
# Of a thousand contacts, how many come after a reboot.
REBOOTS = 3

DEFAULT_SOFTWARE = "3.6a"
# Networks units are found on: MCC, MNC, and about where (latitude, longitude).
PLACES = (
    (635, 10, -1.95, 30.06),
    (635, 13, -2.60, 29.74),
    (639, 2, -1.29, 36.82),
    (639, 3, -0.10, 34.75),
    (630, 86, -4.32, 15.31),
    (615, 3, 6.17, 1.23),
)


class Outcome(Enum):
    """How a contact went."""

    HEARD = "heard"
    NO_SIGNAL = "no signal"
    NO_ANSWER = "no answer"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is burned into a unit at the factory, and what it last knew of itself.

    network: MCC and MNC. place: latitude and longitude. Where they are None, chance decides.
    credit: seconds left, None where the unit keeps none. payg: whether it ends with its credit.
    """

    imei: str
    device_key: str
    enabled: bool = False
    tamper_enabled: bool = False
    software: str = DEFAULT_SOFTWARE
    network: tuple[int, int] | None = None
    place: tuple[float, float] | None = None
    credit: int | None = None
    payg: bool = True
    imsi: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """The end of a contact and when, in seconds of the unit's time, it tries again."""

    outcome: Outcome
    next_in: float
    changed: bool = False


@dataclass
class Unit:
    """A unit in the field. All it does by chance comes from its IMEI, so a run can be repeated."""

    identity: Identity
    parameters: dict[str, Any] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        # Without credit a unit is off, whatever is wished.
        self.wished = self.identity.enabled
        self.credit = Credit(self.identity.credit, limits=self.identity.payg)
        self.credit.begin(self.clock())
        self.tamper_enabled = self.identity.tamper_enabled
        self.software = self.identity.software
        self.chance = random.Random(int(self.identity.imei))
        mcc, mnc, latitude, longitude = self.chance.choice(PLACES)
        self.network = self.identity.network or (mcc, mnc)
        self.place = self.identity.place or (
            latitude + self.chance.uniform(-0.5, 0.5),
            longitude + self.chance.uniform(-0.5, 0.5),
        )
        # Most units have a fair signal, a few a bad one, for as long as they stay where they are.
        self.signal = self.chance.choices((-65, -80, -95, -108), (3, 5, 3, 1))[0]
        self.mast = self.chance.randrange(1, 60_000), self.chance.randrange(1, 60_000)
        self.has_gps = self.chance.random() < 0.3
        self.compact = self.chance.random() < 0.25
        self.meter = Meter(int(self.identity.imei) + 1, self.place[1])
        self.failures = 0
        # What is still to be told, because no answer came: it is sent again as it was.
        self.unanswered: dict[str, Any] | None = None

    @property
    def enabled(self) -> bool:
        """Whether the unit is on: it switches itself off without credit, and on again with it."""
        return self.wished and self.credit.allows(self.clock())

    def connect(self, link: Link) -> Contact:
        """Tell what was measured, report, then do what is asked; says when to connect again.

        A unit that changed something connects again soon, to confirm. One without signal or answer
        tries again a few times, then waits for its next turn.
        """
        if self.chance.randrange(1_000) < REBOOTS:
            self.reboot()
        if self.chance.random() < self.drop_rate():
            return self._try_again(Outcome.NO_SIGNAL)
        report = self.unanswered = self.unanswered or self.report()
        key = self.identity.device_key
        try:
            self._hand_over(link)
            told = link.post(self.identity.imei, key, *encode(report, compact=self.compact))
            # At times the server has the report, and the unit never learns so.
            if told.busy or self.loses():
                return self._try_again(Outcome.NO_ANSWER)
            self.unanswered = None
            if told.accepted:
                self.credit.heard(report)
            heard = link.get(self.identity.imei, key) if told.accepted else told
        except NoAnswerError:
            return self._try_again(Outcome.NO_ANSWER)
        if self.loses():
            return self._try_again(Outcome.NO_ANSWER)
        return self._act(heard)

    def loses(self) -> bool:
        """Whether an answer gets lost on its way to the unit."""
        return self.chance.random() < self.drop_rate() / 4

    def reboot(self) -> None:
        """Start anew: settings, wishes and credit are kept, an unanswered report is not."""
        self.unanswered = None
        self.failures = 0

    def report(self) -> dict[str, Any]:
        """The body of POST rc_data: how the unit is at this moment."""
        body: dict[str, Any] = {
            "time": self.clock().isoformat(timespec="milliseconds"),
            "enabled": self.enabled,
            "tamper_enabled": self.tamper_enabled,
            "software": self.software,
            "cells": self.cells(),
        }
        if body["cells"]:
            body["timing_advance"] = self.chance.randrange(0, 8)
        if self.has_gps:
            latitude, longitude = self.place
            body["gps"] = {"lat": round(latitude, 5), "lon": round(longitude, 5)}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body | self.credit.report(self.clock())

    def cells(self) -> list[dict[str, int]]:
        """What the modem sees: the serving cell first, its neighbours ever weaker."""
        lac, cid = self.mast
        mcc, mnc = self.network
        count = self.chance.randrange(1, 8)
        serving = self.signal + self.chance.randrange(-4, 5)
        return [
            {
                "mcc": mcc,
                "mnc": mnc,
                "lac": lac,
                "cid": cid + place,
                "signal": max(serving - 3 * place, -113),
            }
            for place in range(count)
        ]

    def hear(self, wishes: Mapping[str, Any]) -> bool:
        """Do what the server asks; whether anything changed that is still to be confirmed."""
        before = (self.enabled, self.tamper_enabled, self.software, dict(self.parameters))
        self.wished = bool(wishes.get("enable", self.wished))
        booked = self.credit.book(wishes.get("payment_commands") or (), self.clock())
        self.tamper_enabled = bool(wishes.get("tamper_switch", self.tamper_enabled))
        software = wishes.get("software")
        if software:
            self.software = str(software["name"])
        self.parameters.update(wishes.get("parameters") or {})
        after = (self.enabled, self.tamper_enabled, self.software, self.parameters)
        return booked or before != after

    def _hand_over(self, link: Link) -> None:
        """Upload what was measured, and keep it until the server says that it has it."""
        body = self.meter.body(self.clock(), on=self.enabled)
        if body is not None:
            content = encode(body, compact=self.compact)
            if link.upload(self.identity.imei, self.identity.device_key, *content).accepted:
                self.meter.taken()

    def _act(self, heard: Reply) -> Contact:
        if heard.busy:
            return self._try_again(Outcome.NO_ANSWER)
        self.failures = 0
        if not heard.accepted or not isinstance(heard.body, dict):
            return Contact(Outcome.REFUSED, INTERVAL)
        changed = self.hear(heard.body.get("data") or {})
        return Contact(Outcome.HEARD, SOON if changed else INTERVAL, changed)

    def _try_again(self, outcome: Outcome) -> Contact:
        self.failures += 1
        if self.failures > MAX_RETRIES:
            self.failures = 0
            return Contact(outcome, INTERVAL)
        return Contact(outcome, RETRY * self.chance.uniform(0.5, 1.5))

    def drop_rate(self) -> float:
        """How likely a contact or a message fails with this signal (dBm)."""
        return 0.01 if self.signal > -90 else 0.05 if self.signal > -100 else 0.25
