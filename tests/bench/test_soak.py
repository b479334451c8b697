"""A small share of the long campaigns, so that they keep running."""

from __future__ import annotations

import pytest

from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.products.lifecycle import LifeStage
from bench.soak import operations
from bench.soak.contacts import Walk
from tests.factories import EntityFactory, ProductFactory, StateTypeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2])
def test_a_walk_of_wishes_and_contacts_keeps_every_history_whole(seed):
    done = Walk([ProductFactory() for _number in range(3)], seed=seed).run(80)
    assert sum(done.values()) == 80


@pytest.fixture
def reference_data(db: None) -> None:
    """The stages of life and the entity of units without one, under the ids they always have."""
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)
    EntityFactory.create(pk=UNKNOWN_ENTITY_ID)


@pytest.mark.usefixtures("reference_data")
def test_a_walk_of_all_operations_keeps_every_invariant():
    operations.walk(examples=3, seed=1)
