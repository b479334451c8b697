"""The categories of part types that the program itself tells apart, by their fixed ids."""

from __future__ import annotations

from enum import IntEnum


class PartCategory(IntEnum):
    """Keys of part_type_category; staff may rename the rows, the ids stay."""

    SIM = 1
    PCB = 2
    BATTERY = 3
    SOLAR_PANEL = 13
