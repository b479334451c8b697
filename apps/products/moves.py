"""What follows from a unit's move to another stage of its life, in the transaction of the move.

Each app says in its `consequences.py` what follows for what it keeps, in functions marked with
`consequence`. What may as well follow later consumes the event "state_changed" instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.module_loading import autodiscover_modules

from apps.products.lifecycle import LifeStage
from apps.products.models import Product


@dataclass(frozen=True, slots=True)
class Move:
    """A unit moved from one stage to another just now; its row is locked and says so already."""

    product: Product
    before: LifeStage
    after: LifeStage
    at: datetime
    by: str


# Units that move together move to the same stage.
Consequence = Callable[[Sequence[Move]], None]
_consequences: list[Consequence] = []


def consequence(function: Consequence) -> Consequence:
    """Mark a function as one that follows from every move. What it raises refuses the moves."""
    _consequences.append(function)
    return function


@lru_cache(maxsize=1)
def _load() -> None:
    autodiscover_modules("consequences")


def follow(moves: Sequence[Move]) -> None:
    """Let everything follow that does, in the order in which the apps are installed."""
    _load()
    for function in _consequences:
        function(moves)
