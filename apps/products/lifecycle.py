"""The stages of a unit's life, and which one may follow which. Reference: "States"."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


class LifeStage(IntEnum):
    """Keys of state_type; their ids are known to other programs and never change."""

    NON_EXISTANT = 1
    STORED = 2
    SHIPPED = 3
    ACTIVATING = 4
    ACTIVATED = 5
    MONITORED = 6
    UNMONITORED = 7
    IN_REPAIR_SYSTEM = 8
    TERMINATED = 9


_S = LifeStage

# What people call the stages. Types of state that an installation adds go by their names.
STAGE_WORDS: Final[Mapping[LifeStage, Any]] = {
    _S.NON_EXISTANT: _("Not made yet"),
    _S.STORED: _("Stored"),
    _S.SHIPPED: _("Shipped"),
    _S.ACTIVATING: _("Activating"),
    _S.ACTIVATED: _("Activated"),
    _S.MONITORED: _("Monitored"),
    _S.UNMONITORED: _("Unmonitored"),
    _S.IN_REPAIR_SYSTEM: _("In repair system"),
    _S.TERMINATED: _("Terminated"),
}

# Nothing follows TERMINATED, and no stage follows itself.
TRANSITIONS: Final[Mapping[LifeStage, frozenset[LifeStage]]] = {
    _S.NON_EXISTANT: frozenset({_S.STORED}),
    _S.STORED: frozenset({_S.SHIPPED, _S.TERMINATED}),
    _S.SHIPPED: frozenset({_S.ACTIVATING, _S.ACTIVATED, _S.IN_REPAIR_SYSTEM, _S.TERMINATED}),
    _S.ACTIVATING: frozenset({_S.ACTIVATED, _S.IN_REPAIR_SYSTEM, _S.TERMINATED}),
    _S.ACTIVATED: frozenset({_S.MONITORED, _S.UNMONITORED, _S.IN_REPAIR_SYSTEM, _S.TERMINATED}),
    _S.MONITORED: frozenset({_S.UNMONITORED, _S.IN_REPAIR_SYSTEM, _S.TERMINATED}),
    _S.UNMONITORED: frozenset({_S.MONITORED, _S.IN_REPAIR_SYSTEM, _S.TERMINATED}),
    _S.IN_REPAIR_SYSTEM: frozenset({_S.ACTIVATED, _S.TERMINATED}),
    _S.TERMINATED: frozenset(),
}


def may_follow(current: int, new: int) -> bool:
    """Whether a unit in the stage `current` may move to `new`; a stage not named here has no way
    in or out.
    """
    return any(stage == current and new in after for stage, after in TRANSITIONS.items())
