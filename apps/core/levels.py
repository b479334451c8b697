"""The five levels of permission, and what each table asks of a caller.

Level answers *what* a caller may do; scope (`apps.core.scope`) answers *to which rows*. Both are
checked in `apps.core` and nowhere else. Reference: "Using The API / Permissions and Scope".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Literal

from django.utils.translation import gettext_lazy as _

Verb = Literal["GET", "POST", "PUT", "DELETE"]
VERBS: tuple[Verb, ...] = ("GET", "POST", "PUT", "DELETE")


class Level(IntEnum):
    """Levels in ascending order: each may do all that the ones below it may."""

    OVERVIEW = 1
    TECHNICAL = 2
    ADMIN = 3
    FACTORY = 4
    SYSTEM = 5

    @property
    def meaning(self) -> str:
        return str(MEANINGS[self])


MEANINGS = {
    Level.OVERVIEW: _("can see data, not alter it"),
    Level.TECHNICAL: _("can switch units, write notes and create and edit repairs"),
    Level.ADMIN: _("can send messages to units, change their state and move them between entities"),
    Level.FACTORY: _("can create units and parts"),
    Level.SYSTEM: _("can read, edit and delete everything, the type tables included"),
}

Levels = Mapping[Verb, Level]


def levels(**by_verb: Level) -> Levels:
    """Levels for the verbs given; a verb left out is refused for everybody (405)."""
    unknown = set(by_verb) - set(VERBS)
    if unknown:
        raise ValueError(f"not a verb: {', '.join(sorted(unknown))}")
    return MappingProxyType(by_verb)  # type: ignore[arg-type]


_SYSTEM = Level.SYSTEM

# The presets the tables share. READ: everybody reads. The rest: who else may write.
TYPE_TABLE = levels(GET=Level.OVERVIEW, POST=_SYSTEM, PUT=_SYSTEM, DELETE=_SYSTEM)
READ_ONLY = levels(GET=Level.OVERVIEW)
READ_DELETE = levels(GET=Level.OVERVIEW, DELETE=_SYSTEM)
READ_EDIT_DELETE = levels(GET=Level.OVERVIEW, PUT=_SYSTEM, DELETE=_SYSTEM)
READ_APPEND = levels(GET=Level.OVERVIEW, POST=_SYSTEM)
TECHNICAL_WORK = levels(
    GET=Level.OVERVIEW, POST=Level.TECHNICAL, PUT=Level.TECHNICAL, DELETE=_SYSTEM
)
CLOSED = levels()
