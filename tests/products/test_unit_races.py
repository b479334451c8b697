"""A small share of the races about one unit (`bench.soak.races`): staff and the unit at once."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.entities.models import Entity
from apps.products.lifecycle import LifeStage
from bench.soak.races import DRILLS, race
from tests.entities.conftest import unknown_entity
from tests.factories import StateTypeFactory

__all__ = ["unknown_entity"]

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has a single writer: nothing overlaps"
    ),
    pytest.mark.django_db(transaction=True),
]

ROUNDS = 3


@pytest.mark.parametrize("drill", DRILLS)
def test_whoever_comes_first_every_history_stays_whole(drill: str, unknown_entity: Entity) -> None:
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)
    for seed in range(ROUNDS):
        race(drill, seed=seed)
