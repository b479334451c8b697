"""What must be known of a unit, told from what was asked and reported alone.

It says without the program's transition tables what the histories of the switches must end with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from apps.products.services.switch import CLOCK_TOLERANCE

START = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)


@dataclass
class SwitchModel:
    """What the history of one switch must end with; told without looking at the program's tables.

    said: what the newest report said. asked: the wish no report has confirmed yet. known: whether
    anything was ever asked or reported otherwise than at first.
    """

    said: bool = False
    asked: bool | None = None
    asked_at: dt.datetime = START
    known: bool = False

    @property
    def state(self) -> str | None:
        if not self.known:
            return None
        if self.asked is not None:
            return "pending_enabled" if self.asked else "pending_disabled"
        return "enabled" if self.said else "disabled"

    def ask(self, on: bool, now: dt.datetime) -> None:
        if self.asked is on or (self.known and self.asked is None and self.said is on):
            return
        self.asked, self.asked_at, self.known = on, now, True

    def report(self, on: bool, made_at: dt.datetime) -> None:
        """A report that is not late; one made before the wish cannot confirm it."""
        self.known |= on is not self.said
        self.said = on
        if self.asked is on and made_at >= self.asked_at - CLOCK_TOLERANCE:
            self.asked = None

    def withdraw(self) -> None:
        if self.asked:
            self.asked = None


@dataclass
class FieldUnit:
    """One unit in the field: how it is, what it has sent, and what must be known of it."""

    imei: str
    key: str
    enabled: bool = False
    tamper: bool = False
    software: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    said_at: dt.datetime = START
    main: SwitchModel = field(default_factory=SwitchModel)
    watch: SwitchModel = field(default_factory=SwitchModel)
