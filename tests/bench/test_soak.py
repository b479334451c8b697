"""A small share of the long campaigns, so that they keep running."""

from __future__ import annotations

import pytest

from bench.soak.contacts import Walk
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2])
def test_a_walk_of_wishes_and_contacts_keeps_every_history_whole(seed):
    done = Walk([ProductFactory() for _number in range(3)], seed=seed).run(80)
    assert sum(done.values()) == 80
