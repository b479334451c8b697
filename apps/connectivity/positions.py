"""From the cells a unit saw to where it was.

A unit stands within the reach of every cell it hears. The stronger it hears one and the shorter
that one reaches, the nearer it is, so those pull the estimate to them most. The error radius covers
the reach of every cell used: it is a promise, not a hope.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Metres that no cell is known better than, and the farthest that GSM carries, for cells whose reach
# nobody measured.
LEAST_REACH: Final = 500
FARTHEST: Final = 35_000
# For cells heard at a strength that makes no sense: about as weakly as one can be.
_FAINT: Final = -105
# The serving cell is as a rule the nearest, whatever the moment's signal.
_SERVING: Final = 2.0
# Signal falls by 35 dB for ten times the distance, in the open and in towns.
_DECAY: Final = 35.0
_EARTH: Final = 6_371_000.0
# Of a degree: a tenth of a metre, as surveys give it.
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class HeardCell:
    """A cell that a unit heard and whose place is known.

    number: 1 for the one that served. signal: as the unit gave it. reach: metres, 0 if not known.
    """

    number: int
    signal: int | None
    latitude: float
    longitude: float
    reach: int


@dataclass(frozen=True, slots=True)
class Position:
    """A place in degrees, and within how many metres of it the unit was."""

    latitude: float
    longitude: float
    error_radius: int


def dbm(signal: int | None) -> int:
    """A signal in dBm, as units give it or from a modem's 0 to 31."""
    if signal is None or signal > 31:
        return _FAINT
    return signal if signal < 0 else -113 + 2 * signal


def position_from(cells: Sequence[HeardCell]) -> Position | None:
    """Where a unit was that heard these cells, in order of their numbers; None without any.

    Cells that cannot be heard where the first of them is are mistakes of the survey and left out.
    """
    if not cells:
        return None
    first = cells[0]
    used = [cell for cell in cells if _may_be_heard_with(cell, first)]
    weights = [_weight(cell) for cell in used]
    total = sum(weights)
    # As differences from the first, so that nothing breaks at the 180th meridian.
    north = sum(w * (c.latitude - first.latitude) for w, c in zip(weights, used, strict=True))
    east = sum(w * _turn(c.longitude - first.longitude) for w, c in zip(weights, used, strict=True))
    latitude = round(first.latitude + north / total, _DIGITS)
    longitude = round(_turn(first.longitude + east / total), _DIGITS)
    radius = max(
        metres(latitude, longitude, cell.latitude, cell.longitude) + _reach(cell) for cell in used
    )
    return Position(latitude, longitude, math.ceil(radius))


def metres(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """The distance between two places."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    half = (
        math.sin((other - one) / 2) ** 2
        + math.cos(one)
        * math.cos(other)
        * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * _EARTH * math.asin(math.sqrt(min(half, 1.0)))


def _may_be_heard_with(cell: HeardCell, first: HeardCell) -> bool:
    apart = metres(cell.latitude, cell.longitude, first.latitude, first.longitude)
    return apart <= _reach(cell) + _reach(first)


def _reach(cell: HeardCell) -> int:
    return max(cell.reach, LEAST_REACH) if cell.reach else FARTHEST


def _weight(cell: HeardCell) -> float:
    nearness: float = 10 ** (dbm(cell.signal) / _DECAY)
    return nearness / _reach(cell) * (_SERVING if cell.number == 1 else 1.0)


def _turn(degrees: float) -> float:
    """An angle within -180 and 180 degrees."""
    return (degrees + 180) % 360 - 180
