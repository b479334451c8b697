"""The enable and tamper histories of a made-up unit: chains from "init" to how it stands now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from apps.products.models import EnableState

UNIT = "unit"
_S = EnableState
_ON = (_S.PENDING_ENABLED, _S.ENABLED)
_OFF = (_S.PENDING_DISABLED, _S.DISABLED)
# A unit hears of a change at its next connection.
_HEARS_WITHIN = dt.timedelta(hours=4)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """One row of a history."""

    at: dt.datetime
    by: str
    before: str
    after: str


class Chain:
    """A history in the making: each wish starts from where the one before left the unit."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.state: str = _S.INIT

    def ask(self, *, on: bool, at: dt.datetime, by: str, confirmed: dt.datetime | None) -> None:
        """Somebody asks for on or off; the unit confirms at a later time, or has not yet."""
        pending, done = _ON if on else _OFF
        self._move(pending, at, by)
        if confirmed:
            self._move(done, confirmed, UNIT)

    def _move(self, after: str, at: dt.datetime, by: str) -> None:
        self.changes.append(Change(at=at, by=by, before=self.state, after=after))
        self.state = after

    @property
    def current(self) -> bool:
        """What the unit last confirmed."""
        return self.state in (_S.ENABLED, _S.PENDING_DISABLED)

    @property
    def desired(self) -> bool:
        """What was last asked for."""
        return self.state in _ON

    @property
    def switched_off_at(self) -> dt.datetime | None:
        """When staff asked for off, if that is the last thing they asked."""
        asked = [change for change in self.changes if change.by != UNIT]
        return asked[-1].at if asked and not self.desired else None


def switch_on_and_off(
    rng: Random,
    chain: Chain,
    *,
    start: dt.datetime,
    heard: dt.datetime,
    until: dt.datetime,
    by: str,
    times: int,
    ends_off: bool,
    pending: bool,
) -> None:
    """Fill a chain: on at `start`, off and on again `times` times, all heard before `heard`.

    `ends_off`: the last switching off stands. `pending`: one more change was asked for after the
    unit was last heard, and waits.
    """
    span = (heard - start) / (times + 2)
    chain.ask(on=True, at=start, by=by, confirmed=start + _lag(rng, span))
    for turn in range(1, times + 1):
        if ends_off and turn == times:
            off = heard - min(span * 0.9, rng.uniform(0.3, 20) * _DAY)
            chain.ask(on=False, at=off, by=by, confirmed=off + _lag(rng, heard - off))
            break
        off = start + span * (turn + rng.uniform(0.0, 0.2))
        chain.ask(on=False, at=off, by=by, confirmed=off + _lag(rng, span))
        on = off + min(span * 0.5, rng.uniform(0.5, 25) * _DAY)
        chain.ask(on=True, at=on, by=by, confirmed=on + _lag(rng, span))
    if pending:
        asked = heard + (until - heard) * rng.uniform(0.1, 0.9)
        chain.ask(on=not chain.current, at=asked, by=by, confirmed=None)


def _lag(rng: Random, span: dt.timedelta) -> dt.timedelta:
    """How long until the unit hears; never as long as until the next change."""
    return min(_HEARS_WITHIN, span * 0.2) * rng.uniform(0.02, 1)
