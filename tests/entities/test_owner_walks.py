"""Whatever is asked, in whatever order: what always holds of the entities of a unit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.core.resources import registry
from apps.core.scope import restrict
from apps.entities.models import ProductEntityLinker
from apps.entities.selectors import UNKNOWN_ENTITY_ID, owner_names
from apps.entities.services import owners
from apps.products.models import Product
from tests.factories import EntityFactory, ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unknown_entity")]

# Places in the list of entities: 0 is Unknown Entity, 4 is one that does not exist.
COUNT = 4
places = st.integers(0, COUNT)
steps = st.one_of(
    st.tuples(st.just("assign"), places),
    st.tuples(st.just("remove"), places),
    st.tuples(st.just("change"), places, places),
)
Step = tuple[Any, ...]


class Model:
    """What the rules say of one unit, without a database: `now` has entities, `ever` had them."""

    def __init__(self) -> None:
        self.now, self.ever = {0}, {0}

    def expects(self, step: Step) -> bool:
        """Take a step; whether it is allowed."""
        verb, *named = step
        if COUNT in named:
            return False
        return bool(getattr(self, verb)(*named))

    def assign(self, new: int) -> bool:
        return self.become({*self.now, new}, new)

    def remove(self, old: int) -> bool:
        if old == 0 or old not in self.now:
            return False
        return self.become(self.now - {old})

    def change(self, old: int, new: int) -> bool:
        if old not in self.now:
            return new in self.now and old in self.ever
        return self.become(self.now - {old} | {new}, new)

    def become(self, wanted: set[int], new: int | None = None) -> bool:
        if new == 0 and wanted != {0}:
            return False
        self.now = wanted - {0} or {0}
        self.ever |= self.now
        return True


def act(imei: str, step: Step, ids: list[int]) -> None:
    verb, *named = step
    keys = [ids[place] for place in named]
    if verb == "assign":
        owners.assign_entity(product_imei=imei, entity_id=keys[0], by="erp")
    elif verb == "remove":
        owners.remove_entity(product_imei=imei, entity_id=keys[0], by="erp")
    else:
        owners.change_entity(
            product_imei=imei, old_entity_id=keys[0], new_entity_id=keys[1], by="erp"
        )


def sees(entity_id: int, imei: str) -> bool:
    """Whether a caller of that entity sees the unit."""
    caller = Caller(user_id=0, username="", level=Level.OVERVIEW, entity_id=entity_id)
    units = Product.objects.filter(pk=imei)
    return restrict(units, caller, registry.named("product").scope).exists()


@pytest.fixture
def ids() -> list[int]:
    real = [EntityFactory.create().pk for _number in range(1, COUNT)]
    return [UNKNOWN_ENTITY_ID, *real, 999_999]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    # Each example makes a unit of its own; the entities are the same for all.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(walk=st.lists(steps, max_size=12))
def test_a_unit_always_has_just_the_entities_it_should(ids: list[int], walk: list[Step]) -> None:
    imei = ProductFactory.create().pk
    owners.ensure_owner(product_imei=imei, by="erp")
    model = Model()
    written = 1
    for step in walk:
        try:
            act(imei, step, ids)
            allowed = True
        except Invalid:
            allowed = False
        assert allowed == model.expects(step), step

        rows = ProductEntityLinker.objects.filter(product=imei)
        open_ids = list(rows.filter(date_removed=None).values_list("entity_id", flat=True))
        assert len(open_ids) == len(set(open_ids)) >= 1
        assert (UNKNOWN_ENTITY_ID in open_ids) == (open_ids == [UNKNOWN_ENTITY_ID])
        assert set(open_ids) == {ids[place] for place in model.now}
        assert len(owner_names(imei)) == len(open_ids)
        assert rows.count() >= written, "a row of the history is gone"
        written = rows.count()
    for entity_id in ids:
        assert sees(entity_id, imei) == (entity_id in {ids[place] for place in model.now})
