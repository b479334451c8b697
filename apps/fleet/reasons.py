"""Why a unit of a command is skipped or fails, in words; the keys stand in the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

ALREADY: Final = "already"
TERMINATED: Final = "terminated"
OUT_OF_SCOPE: Final = "out_of_scope"
STATE: Final = "state"
LOCKED: Final = "locked"
WRONG_TYPE: Final = "wrong_type"
NOT_OWNED: Final = "not_owned"
OTHER_OWNERS: Final = "other_owners"
NO_OWNER: Final = "no_owner"
NOTHING_WAITS: Final = "nothing_waits"
NOT_WAKEABLE: Final = "not_wakeable"
REFUSED: Final = "refused"
FAULT: Final = "fault"
HELD_UP: Final = "held_up"

MEANINGS: Final[Mapping[str, Any]] = {
    ALREADY: _("is so already, or has been asked for"),
    TERMINATED: _("at the end of its life: TERMINATED"),
    OUT_OF_SCOPE: _("no longer among the units of whoever gave the command"),
    STATE: _("the state it is in does not lead there"),
    LOCKED: _("locked to another software version"),
    WRONG_TYPE: _("not for units of this type"),
    NOT_OWNED: _("not assigned to this entity"),
    OTHER_OWNERS: _("assigned to other entities as well"),
    NO_OWNER: _("has no entity to be taken from"),
    NOTHING_WAITS: _("no update waits for it"),
    NOT_WAKEABLE: _("cannot be woken by SMS"),
    REFUSED: _("refused"),
    FAULT: _("an unexpected error"),
    HELD_UP: _("interrupted again and again"),
}


def meaning(reason: str | None) -> str:
    """A reason in words; the key itself where it is of an older program."""
    return "" if reason is None else str(MEANINGS.get(reason, reason))
