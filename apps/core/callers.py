"""Caller: who is asking, as every layer below the view needs to know it."""

from __future__ import annotations

from dataclasses import dataclass

from apps.core.levels import Level


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated person or program.

    `entity_id` is None for GLOBAL scope; an ENTITY caller without an entity carries `NO_ENTITY` and
    sees nothing.
    """

    user_id: int
    username: str
    level: Level
    entity_id: int | None

    @property
    def is_global(self) -> bool:
        return self.entity_id is None


# No entity has this id: ids are positive.
NO_ENTITY = 0
