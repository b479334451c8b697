"""What a day of a unit's measurements comes to: energy, discharge, extremes, gaps.

Pure arithmetic on the points of one day in UTC and of `LONGEST_STEP` before and after it. Between
two points a quantity runs along the straight line; where they are further apart than LONGEST_STEP
nothing is known of the time between, and nothing is added for it. A line across midnight counts for
each day with its part, so that days add up.

Reference: "Product Data", Schema, measurement `analysis`; the names it lacks are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from apps.telemetry.store.queries import Result
from apps.telemetry.store.series import DAY, HOUR, SECOND

# Units measure every minute to every quarter of an hour: beyond this something was missed.
LONGEST_STEP = HOUR

_EXTREMES = ("voltage", "current_in", "current_out", "temperature")
# What a day is read with: any of these is a sign of life.
FIELDS = (*_EXTREMES, "active_power", "current", "state_of_charge_percent")

# Figures that a day may lose again: its points corrected, it no longer gave anything.
PASSING = ("discharge_imax", "discharge_vmin", "discharge_vmax", "discharge_end")

# (nanoseconds, value), by time.
Samples: TypeAlias = Sequence[tuple[int, float]]


def figures_of(rows: Result, start: int, *, over: bool) -> dict[str, float]:
    """The figures of the day that begins at `start` (nanoseconds); none of a day without a point.

    `rows` has FIELDS, from LONGEST_STEP before the day until LONGEST_STEP after it. Until the day
    is `over`, the silence after the last point is not yet a gap. A figure that cannot be told is
    left out:

    energy_in, energy_out          Wh: voltage × current_in; active_power, or voltage × current_out
    discharge_ah, discharge_wh     what the battery gave: current_out above current_in, in Ah and Wh
    discharge_imax                 A, the most it gave
    discharge_vmin, discharge_vmax V while it gave
    discharge_end                  seconds since 1970 when it last gave
    voltage_min, voltage_max, …    of voltage, current_in, current_out, temperature
    state_of_charge                %, the lowest
    points                         how many there are in the day
    gaps, gap_longest, gap_end     how many times longer than LONGEST_STEP without a point; the
                                   longest in seconds; when the last ended, in seconds since
                                   1970, the day's start if there is none
    covered                        seconds of the day outside of gaps
    """
    end = start + DAY
    inside = [start <= at < end for at in rows.times]
    if not any(inside):
        return {}
    columns = _Columns(rows, inside)
    figures = {"points": float(sum(inside))}
    figures |= _energy(columns, start, end)
    figures |= _discharge(columns, start, end)
    for name in _EXTREMES:
        if values := columns.of_day(name):
            figures[f"{name}_min"], figures[f"{name}_max"] = min(values), max(values)
    if levels := columns.of_day("state_of_charge_percent"):
        figures["state_of_charge"] = min(levels)
    return figures | _gaps(rows.times, start, end, over=over)


def integral(samples: Samples, start: int, end: int) -> float | None:
    """The integral from `start` to `end` in value hours; None where no two samples are near."""
    total = None
    for (since, first), (until, last) in pairwise(samples):
        low, high = max(since, start), min(until, end)
        if until - since > LONGEST_STEP or low >= high:
            continue
        middle = ((low - since) + (high - since)) / 2 / (until - since)
        total = (total or 0.0) + (first + (last - first) * middle) * (high - low) / HOUR
    return total


class _Columns:
    """The columns of the rows, as numbers."""

    def __init__(self, rows: Result, inside: Sequence[bool]) -> None:
        self.times = rows.times
        self.inside = inside
        self._empty: list[float | None] = [None] * len(rows)
        self._columns = {
            name: [None if value is None else float(value) for value in column]
            for name, column in rows.columns.items()
        }

    def __getitem__(self, name: str) -> list[float | None]:
        return self._columns.get(name, self._empty)

    def of_day(self, name: str) -> list[float]:
        found = zip(self[name], self.inside, strict=True)
        return [value for value, is_inside in found if is_inside and value is not None]

    def samples(self, values: Sequence[float | None]) -> Samples:
        found = zip(self.times, values, strict=True)
        return [(at, value) for at, value in found if value is not None]


def _energy(columns: _Columns, start: int, end: int) -> dict[str, float]:
    taken = _product(columns["voltage"], columns["current_in"])
    given = [
        power if power is not None else product
        for power, product in zip(
            columns["active_power"],
            _product(columns["voltage"], columns["current_out"]),
            strict=True,
        )
    ]
    return _known(
        energy_in=integral(columns.samples(taken), start, end),
        energy_out=integral(columns.samples(given), start, end),
    )


def _discharge(columns: _Columns, start: int, end: int) -> dict[str, float]:
    """What the battery gave; a unit that does not measure the current in is taken to get none."""
    net = [
        None if out is None else max(0.0, out - (into or 0.0))
        for out, into in zip(columns["current_out"], columns["current_in"], strict=True)
    ]
    power = _product(columns["voltage"], net)
    giving = [
        (at, given, voltage)
        for at, given, voltage, is_inside in zip(
            columns.times, net, columns["voltage"], columns.inside, strict=True
        )
        if is_inside and given
    ]
    voltages = [voltage for _at, _given, voltage in giving if voltage is not None]
    return _known(
        discharge_ah=integral(columns.samples(net), start, end),
        discharge_wh=integral(columns.samples(power), start, end),
        discharge_imax=max((given for _at, given, _voltage in giving), default=None),
        discharge_vmin=min(voltages, default=None),
        discharge_vmax=max(voltages, default=None),
        discharge_end=float(giving[-1][0] // SECOND) if giving else None,
    )


def _gaps(times: Sequence[int], start: int, end: int, *, over: bool) -> dict[str, float]:
    # Beyond what was read nothing is near enough to matter.
    moments = [start - 2 * LONGEST_STEP, *times, *([end + 2 * LONGEST_STEP] if over else [])]
    gaps: list[tuple[int, int]] = []
    covered = 0
    for since, until in pairwise(moments):
        low, high = max(since, start), min(until, end)
        if low >= high:
            continue
        if until - since > LONGEST_STEP:
            gaps.append((low, high))
        else:
            covered += high - low
    return {
        "gaps": float(len(gaps)),
        "gap_longest": max((high - low for low, high in gaps), default=0) / SECOND,
        # Told without a gap too: what is left out would leave the end of one that was filled since.
        "gap_end": float((gaps[-1][1] if gaps else start) // SECOND),
        "covered": covered / SECOND,
    }


def _product(one: Sequence[float | None], other: Sequence[float | None]) -> list[float | None]:
    return [None if a is None or b is None else a * b for a, b in zip(one, other, strict=True)]


def _known(**figures: float | None) -> dict[str, float]:
    return {name: figure for name, figure in figures.items() if figure is not None}
