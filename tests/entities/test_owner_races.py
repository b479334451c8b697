"""Requests at once about the entities of one unit."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import DomainError
from apps.entities.errors import NotAnOwner
from apps.entities.models import ProductEntityLinker
from apps.entities.services.owners import (
    assign_entity,
    change_entity,
    ensure_owner,
    remove_entity,
)
from tests.entities.races import together
from tests.factories import EntityFactory, ProductFactory

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has a single writer: nothing overlaps"
    ),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("unknown_entity"),
]

UNKNOWN = 1
BY = "erp"


@pytest.fixture
def entities(unknown_entity: Any) -> list[int]:
    return [EntityFactory.create().pk for _number in range(4)]


def unit_of(*entity_ids: int) -> str:
    """The IMEI of a new unit with these entities, or with none."""
    imei = ProductFactory.create().pk
    ensure_owner(product_imei=imei, by=BY)
    for entity_id in entity_ids:
        assign_entity(product_imei=imei, entity_id=entity_id, by=BY)
    return imei


def history(imei: str, entity_id: int) -> list[bool]:
    """The times of an entity as owner, in order, and whether each still runs."""
    rows = ProductEntityLinker.objects.filter(product=imei, entity=entity_id).order_by("pk")
    return [row.date_removed is None for row in rows]


def open_ids(imei: str) -> list[int]:
    rows = ProductEntityLinker.objects.filter(product=imei, date_removed__isnull=True)
    return sorted(rows.values_list("entity_id", flat=True))


def test_one_entity_assigned_several_times_at_once_is_one_row(entities: list[int]) -> None:
    imei = unit_of()
    act = partial(assign_entity, product_imei=imei, entity_id=entities[0], by=BY)
    assert sorted(together(*[act] * 6)) == [False] * 5 + [True]
    assert history(imei, entities[0]) == [True]
    assert history(imei, UNKNOWN) == [False]


def test_several_entities_assigned_at_once_are_all_owners(entities: list[int]) -> None:
    imei = unit_of()
    results = together(
        *(partial(assign_entity, product_imei=imei, entity_id=each, by=BY) for each in entities)
    )
    assert results == [True] * 4
    assert open_ids(imei) == entities
    assert history(imei, UNKNOWN) == [False]


def test_all_entities_removed_at_once_bring_unknown_entity_back_once(entities: list[int]) -> None:
    imei = unit_of(*entities)
    results = together(
        *(partial(remove_entity, product_imei=imei, entity_id=each, by=BY) for each in entities)
    )
    assert results == [None] * 4
    assert open_ids(imei) == [UNKNOWN]
    assert history(imei, UNKNOWN) == [False, True]


def test_one_removal_sent_several_times_at_once_happens_once(entities: list[int]) -> None:
    imei = unit_of(entities[0])
    act = partial(remove_entity, product_imei=imei, entity_id=entities[0], by=BY)
    results = together(*[act] * 4)
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, NotAnOwner) for result in results) == 3
    assert open_ids(imei) == [UNKNOWN]


def test_of_two_changes_of_one_entity_at_once_one_is_refused(entities: list[int]) -> None:
    old, *rest = entities
    imei = unit_of(old)
    results = together(
        *(
            partial(change_entity, product_imei=imei, old_entity_id=old, new_entity_id=new, by=BY)
            for new in rest
        )
    )
    assert sum(result is True for result in results) == 1
    assert sum(isinstance(result, NotAnOwner) for result in results) == 2
    assert open_ids(imei) == [rest[results.index(True)]]


def test_assigning_and_removing_at_once_never_leaves_a_unit_without_an_entity(
    entities: list[int],
) -> None:
    first, second, *_more = entities
    for _turn in range(10):
        imei = unit_of(first)
        results = together(
            partial(remove_entity, product_imei=imei, entity_id=first, by=BY),
            partial(assign_entity, product_imei=imei, entity_id=second, by=BY),
            partial(assign_entity, product_imei=imei, entity_id=first, by=BY),
        )
        assert not any(isinstance(result, DomainError) for result in results)
        assert second in open_ids(imei)
        assert UNKNOWN not in open_ids(imei)
        rows = ProductEntityLinker.objects.filter(product=imei, entity=UNKNOWN).order_by("pk")
        for earlier, later in pairwise(rows):
            assert earlier.date_removed <= later.date_added
