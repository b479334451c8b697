"""The credit a unit counts itself: a countdown, and a list of what it has booked.

A command is booked once, by its transaction_id, however often it comes. What was booked is told
until the server has heard. All of it stands in memory that survives a reboot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

# What one report may acknowledge; the rest is told in the next.
MOST_ACKS = 1_000


class Credit:
    """The countdown of one unit, in whole seconds. It runs whether the unit is switched on or not.

    `counts` says whether the unit keeps credit at all: from the first command it ever hears.
    `limits` is False for a unit that is paid off, which runs out of credit and stays on.
    """

    def __init__(self, seconds: int | None = None, *, limits: bool = True) -> None:
        self.counts = seconds is not None
        self.limits = limits
        self.booked: set[str] = set()
        self.untold: list[str] = []
        self.finals: list[tuple[str, int]] = []
        self._held = seconds or 0
        self._since: datetime | None = None

    def balance(self, now: datetime) -> int:
        """The seconds left at a moment, never below 0."""
        if self._since is None or now <= self._since:
            return self._held
        return max(0, self._held - int((now - self._since).total_seconds()))

    def allows(self, now: datetime) -> bool:
        """Whether a unit that is wished to be on may be on."""
        return not (self.counts and self.limits) or self.balance(now) > 0

    def book(self, commands: Iterable[Mapping[str, Any]], now: datetime) -> bool:
        """Book commands in their order; whether any was there, which is to be told soon."""
        there = False
        for command in commands:
            there = self.counts = True
            name = str(command["transaction_id"])
            if name not in self.booked:
                self.booked.add(name)
                self._apply(name, str(command["category"]), int(command["value"]), now)
            if name not in self.untold:
                # Known or not: that it came again says that the server has not heard.
                self.untold.append(name)
        return there

    def _apply(self, name: str, category: str, value: int, now: datetime) -> None:
        left = self.balance(now)
        if category == "zero-command":
            self.finals.append((name, left))
        sets_to_zero = category in ("zero-command", "force-reset")
        self._hold(0 if sets_to_zero else max(0, left + value), now)

    def _hold(self, seconds: int, now: datetime) -> None:
        self._held = seconds
        if self._since is None or now > self._since:
            self._since = now

    def begin(self, now: datetime) -> None:
        """Let the countdown run from this moment, where it does not run yet."""
        if self._since is None:
            self._since = now

    def report(self, now: datetime) -> dict[str, Any]:
        """The fields of POST rc_data that tell of credit; none for a unit that keeps none."""
        if not self.counts:
            return {}
        fields: dict[str, Any] = {"balance": self.balance(now)}
        if self.untold:
            fields["acks"] = self.untold[:MOST_ACKS]
        if self.finals:
            transaction_id, value = self.finals[0]
            fields["final_balance"] = {"transaction_id": transaction_id, "value": value}
        return fields

    def heard(self, report: Mapping[str, Any]) -> None:
        """The server has taken in this report: what it told of is not told again."""
        told = set(report.get("acks") or ())
        self.untold = [name for name in self.untold if name not in told]
        final = report.get("final_balance")
        if final:
            self.finals = [one for one in self.finals if one[0] != final["transaction_id"]]
