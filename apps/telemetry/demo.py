"""What made-up units measured: a week of the first ones that are in use."""

from __future__ import annotations

import datetime as dt
import math
from random import Random

from django.utils.translation import gettext as _

from apps.core.demo import Fleet, Maker, Unit
from apps.products.demo.life import IN_USE, Life
from apps.telemetry.consumers import nanoseconds
from apps.telemetry.errors import StoreAway, StoreRefused
from apps.telemetry.services import days
from apps.telemetry.store import current
from apps.telemetry.store.series import MINUTE, TELEMETRY, Batch, Column, Series

# More would take longer than all the rest of the fleet together.
_UNITS = 50
_DAYS = 7
_STEP = 5
_CAPACITY = 20.0
_NAMES = (
    *("voltage", "current", "current_in", "current_out"),
    *("temperature", "state_of_charge_percent"),
)


class TelemetryMaker(Maker):
    """Has units measure every five minutes, up to when they were last heard."""

    def setup(self, fleet: Fleet) -> None:
        self.chosen: list[tuple[Unit, dt.datetime]] = []

    def write(self, fleet: Fleet, unit: Unit) -> None:
        life = unit.get(Life)
        if len(self.chosen) < _UNITS and life.stage in IN_USE:
            self.chosen.append((unit, life.heard))

    def finish(self, fleet: Fleet) -> None:
        """Write straight to the store, which need not be the database."""
        store = current()
        for unit, heard in self.chosen:
            try:
                week = _week(fleet.rng("telemetry", unit.number), unit.key, heard)
                store.write([week])
            except StoreRefused:
                # A fleet of long ago: not all that it measured is kept any more.
                pass
            except StoreAway as error:
                fleet.say(_("No measurements were made: {why}").format(why=error))
                return
            days.mark([week])


def _week(rng: Random, imei: str, heard: dt.datetime) -> Batch:
    """Sun by day, light in the evening, and a battery in between."""
    last = nanoseconds(heard)
    last -= last % (_STEP * MINUTE)
    count = _DAYS * 24 * 60 // _STEP
    times = [last - (count - 1 - n) * _STEP * MINUTE for n in range(count)]
    charge, home = rng.uniform(0.5, 0.9), rng.uniform(0.4, 1.2)
    skies = [rng.uniform(0.4, 1.0) for _day in range(_DAYS + 1)]
    columns: dict[str, Column] = {name: [] for name in _NAMES}
    for place, at in enumerate(times):
        # Two hours ahead of UTC, where most of the fleet is.
        hour = (at // MINUTE / 60 + 2) % 24
        sun = max(0.0, math.sin((hour - 6) / 12 * math.pi)) * skies[place * _DAYS // count]
        into = 2.8 * sun * rng.uniform(0.92, 1.0) * min(1.0, (1.0 - charge) * 12)
        out = home * (1.0 if 18 <= hour < 23 else 0.15) * rng.uniform(0.9, 1.1)
        out = out if charge > 0.05 else 0.0
        charge = min(1.0, max(0.0, charge + (0.9 * into - out) * _STEP / 60 / _CAPACITY))
        row = (
            round(11.5 + 1.3 * charge + 0.28 * into - 0.18 * out, 2),
            round(into - out, 3),
            round(into, 3),
            round(out, 3),
            round(21 + 7 * math.sin((hour - 9) / 12 * math.pi) + 0.8 * into, 1),
            round(100.0 * charge),
        )
        for name, value in zip(_NAMES, row, strict=True):
            columns[name].append(float(value))
    return Batch(Series(TELEMETRY, imei), times, columns)


MAKER = TelemetryMaker()
