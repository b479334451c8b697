"""Entities of a unit: assigned, changed and removed, with Unknown Entity in the place of none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.core.errors import Unavailable
from apps.entities.errors import NotAnOwner
from apps.entities.models import ProductEntityLinker
from apps.entities.services import owners
from tests.entities.owners import BY, NOON, UNKNOWN, change, history, path
from tests.factories import EntityFactory, ProductEntityLinkerFactory, ProductFactory
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unknown_entity", "clock")]


# --- assigning ---------------------------------------------------------------------------------


def test_a_unit_is_assigned_and_unknown_entity_leaves(api: Api, product: Any, entity: Any) -> None:
    answer = api.as_("admin").put(path(product, "assign_entity"), json={"entity_id": entity.pk})
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "message": f"Product #{product.pk} assigned to entity: {entity.pk}",
        "data": {product.pk: [entity.name]},
    }
    assert history(product) == [(UNKNOWN, False), (entity.pk, True)]


def test_the_history_has_no_gap_and_names_who_wrote_it(
    api: Api, product: Any, entity: Any, clock: Any
) -> None:
    clock.shift(timedelta(days=1))
    api.as_("system").put(path(product, "assign_entity"), json={"entity_id": entity.pk})
    old, new = ProductEntityLinker.objects.filter(product=product).order_by("pk")
    day = NOON + timedelta(days=1)
    assert (old.date_added, old.date_removed) == (NOON, day)
    assert (old.created_by, old.modified_by, old.modified_at) == (BY, "system@example.com", day)
    assert (new.date_added, new.date_removed) == (day, None)
    assert (new.created_by, new.created_at) == ("system@example.com", day)
    assert (new.modified_by, new.modified_at) == (None, None)


def test_a_unit_may_have_many_entities_listed_oldest_first(
    api: Api, owned: Any, entity: Any, other_entity: Any, clock: Any
) -> None:
    clock.shift(timedelta(hours=1))
    answer = api.as_("admin").put(path(owned, "assign_entity"), json={"entity_id": other_entity.pk})
    assert answer.json()["data"] == {owned.pk: [entity.name, other_entity.name]}
    assert history(owned)[1:] == [(entity.pk, True), (other_entity.pk, True)]


def test_assigning_again_answers_the_same_without_a_second_row(
    api: Api, product: Any, entity: Any
) -> None:
    url, body = path(product, "assign_entity"), {"entity_id": entity.pk}
    first, again = (api.as_("admin").put(url, json=body) for _time in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert history(product) == [(UNKNOWN, False), (entity.pk, True)]


def test_an_entity_may_return(owned: Any, entity: Any) -> None:
    owners.remove_entity(product_imei=owned.pk, entity_id=entity.pk, by=BY)
    assert owners.assign_entity(product_imei=owned.pk, entity_id=entity.pk, by=BY)
    assert history(owned) == [
        (UNKNOWN, False),
        (entity.pk, False),
        (UNKNOWN, False),
        (entity.pk, True),
    ]


def test_assigning_unknown_entity_to_a_unit_without_any_changes_nothing(
    api: Api, product: Any
) -> None:
    answer = api.as_("admin").put(path(product, "assign_entity"), json={"entity_id": UNKNOWN})
    assert (answer.status_code, answer.json()["data"]) == (200, {product.pk: ["Unknown Entity"]})
    assert history(product) == [(UNKNOWN, True)]


def test_unknown_entity_is_not_put_beside_an_owner(api: Api, owned: Any, entity: Any) -> None:
    before = history(owned)
    answer = api.as_("admin").put(path(owned, "assign_entity"), json={"entity_id": UNKNOWN})
    assert answer.status_code == 400
    assert answer.json()["validation_errors"] == {
        "entity_id": "Entity #1 stands for having no entity; "
        f"remove the entities of Product #{owned.pk} instead"
    }
    assert history(owned) == before


# --- changing ----------------------------------------------------------------------------------


def test_an_entity_is_changed_and_the_others_stay(
    api: Api, owned: Any, entity: Any, other_entity: Any, clock: Any
) -> None:
    third = EntityFactory.create()
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    clock.shift(timedelta(hours=1))
    answer = api.as_("admin").put(path(owned, "change_entity"), json=change(entity, third))
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "message": f"Product #{owned.pk} assigned to entity: {third.pk}",
        "data": {owned.pk: [other_entity.name, third.name]},
    }
    assert history(owned) == [
        (UNKNOWN, False),
        (entity.pk, False),
        (other_entity.pk, True),
        (third.pk, True),
    ]


def test_changing_again_answers_the_same_without_a_second_row(
    api: Api, owned: Any, entity: Any, other_entity: Any
) -> None:
    url, body = path(owned, "change_entity"), change(entity, other_entity)
    first, again = (api.as_("admin").put(url, json=body) for _time in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert history(owned)[1:] == [(entity.pk, False), (other_entity.pk, True)]


def test_changing_into_an_owner_leaves_that_one(
    owned: Any, entity: Any, other_entity: Any, clock: Any
) -> None:
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    clock.shift(60)
    assert owners.change_entity(
        product_imei=owned.pk, old_entity_id=entity.pk, new_entity_id=other_entity.pk, by=BY
    )
    assert history(owned)[1:] == [(entity.pk, False), (other_entity.pk, True)]


def test_changing_into_the_same_changes_nothing(owned: Any, entity: Any) -> None:
    before = history(owned)
    assert not owners.change_entity(
        product_imei=owned.pk, old_entity_id=entity.pk, new_entity_id=entity.pk, by=BY
    )
    assert history(owned) == before


def test_unknown_entity_may_be_changed_into_an_owner_and_back(
    api: Api, product: Any, entity: Any, unknown_entity: Any
) -> None:
    url = path(product, "change_entity")
    there = api.as_("admin").put(url, json=change(unknown_entity, entity))
    assert there.json()["data"] == {product.pk: [entity.name]}
    back = api.as_("admin").put(url, json=change(entity, unknown_entity))
    assert back.json()["data"] == {product.pk: ["Unknown Entity"]}
    assert history(product) == [(UNKNOWN, False), (entity.pk, False), (UNKNOWN, True)]


def test_one_of_several_entities_is_not_changed_into_unknown_entity(
    api: Api, owned: Any, entity: Any, other_entity: Any, unknown_entity: Any
) -> None:
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    before = history(owned)
    answer = api.as_("admin").put(path(owned, "change_entity"), json=change(entity, unknown_entity))
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {"new_entity_id"}
    assert history(owned) == before


def test_an_entity_that_never_was_an_owner_cannot_be_changed(
    api: Api, owned: Any, entity: Any, other_entity: Any
) -> None:
    before = history(owned)
    for new in (entity, EntityFactory.create()):
        answer = api.as_("admin").put(path(owned, "change_entity"), json=change(other_entity, new))
        assert answer.status_code == 400
        assert answer.json()["validation_errors"] == {
            "old_entity_id": f"Product #{owned.pk} is not assigned to entity: {other_entity.pk}"
        }
    assert history(owned) == before


def test_a_former_owner_cannot_be_changed_into_a_new_one(
    owned: Any, entity: Any, other_entity: Any
) -> None:
    owners.remove_entity(product_imei=owned.pk, entity_id=entity.pk, by=BY)
    before = history(owned)
    with pytest.raises(NotAnOwner):
        owners.change_entity(
            product_imei=owned.pk, old_entity_id=entity.pk, new_entity_id=other_entity.pk, by=BY
        )
    assert history(owned) == before


# --- removing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["remove_entity", "remove"])
def test_removing_the_last_entity_brings_unknown_entity_back(
    api: Api, owned: Any, entity: Any, action: str
) -> None:
    answer = api.as_("admin").put(path(owned, action), json={"entity_id": entity.pk})
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "message": f"Entity #{entity.pk} removed from Product #{owned.pk}",
        "data": {owned.pk: ["Unknown Entity"]},
    }
    assert history(owned) == [(UNKNOWN, False), (entity.pk, False), (UNKNOWN, True)]


def test_removing_one_of_several_leaves_the_others(
    api: Api, owned: Any, entity: Any, other_entity: Any
) -> None:
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    answer = api.as_("admin").put(path(owned, "remove_entity"), json={"entity_id": entity.pk})
    assert answer.json()["data"] == {owned.pk: [other_entity.name]}
    assert history(owned) == [(UNKNOWN, False), (entity.pk, False), (other_entity.pk, True)]


@pytest.mark.parametrize("times", [0, 1])
def test_removing_an_entity_that_the_unit_has_not_is_refused_in_words(
    api: Api, owned: Any, other_entity: Any, times: int
) -> None:
    for _time in range(times):
        owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
        owners.remove_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    before = history(owned)
    answer = api.as_("admin").put(path(owned, "remove_entity"), json={"entity_id": other_entity.pk})
    assert answer.status_code == 400
    assert answer.json()["status"] == "validation-error"
    assert answer.json()["validation_errors"] == {
        "entity_id": f"Product #{owned.pk} is not assigned to entity: {other_entity.pk}"
    }
    assert history(owned) == before


def test_unknown_entity_cannot_be_removed(api: Api, product: Any) -> None:
    answer = api.as_("admin").put(path(product, "remove_entity"), json={"entity_id": UNKNOWN})
    assert answer.status_code == 400
    assert "as soon as another is assigned" in answer.json()["validation_errors"]["entity_id"]
    assert history(product) == [(UNKNOWN, True)]


# --- units without a row, clocks, events ---------------------------------------------------------


def test_a_unit_without_an_owner_is_given_to_unknown_entity_once(product: Any) -> None:
    assert history(product) == [(UNKNOWN, True)]
    assert not owners.ensure_owner(product_imei=product.pk, by=BY)
    assert history(product) == [(UNKNOWN, True)]


def test_a_unit_that_has_no_row_at_all_is_assigned(entity: Any) -> None:
    product = ProductFactory.create()
    assert owners.assign_entity(product_imei=product.pk, entity_id=entity.pk, by=BY)
    assert history(product) == [(entity.pk, True)]


def test_an_unknown_entity_left_beside_an_owner_goes_with_the_next_change(
    owned: Any, entity: Any, other_entity: Any
) -> None:
    ProductEntityLinkerFactory.create(product=owned, entity_id=UNKNOWN)
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    assert history(owned)[1:] == [(entity.pk, True), (UNKNOWN, False), (other_entity.pk, True)]


def test_the_history_stays_in_order_when_the_clock_is_set_back(
    owned: Any, entity: Any, clock: Any
) -> None:
    clock.shift(-3600)
    owners.remove_entity(product_imei=owned.pk, entity_id=entity.pk, by=BY)
    rows = ProductEntityLinker.objects.filter(product=owned).order_by("pk")
    assert [(row.date_added, row.date_removed) for row in rows] == [
        (NOON, NOON),
        (NOON, NOON),
        (NOON, None),
    ]


def test_without_the_row_of_unknown_entity_the_last_entity_stays(
    unknown_entity: Any, entity: Any
) -> None:
    product = ProductEntityLinkerFactory.create(entity=entity).product
    unknown_entity.delete()
    with pytest.raises(Unavailable, match="bootstrap"):
        owners.remove_entity(product_imei=product.pk, entity_id=entity.pk, by=BY)
    assert history(product) == [(entity.pk, True)]


def test_every_change_is_told_once(
    api: Api, product: Any, entity: Any, other_entity: Any, told: Any
) -> None:
    caller = api.as_("admin")
    for _time in range(2):
        caller.put(path(product, "assign_entity"), json={"entity_id": entity.pk})
        caller.put(path(product, "change_entity"), json=change(entity, other_entity))
        caller.put(path(product, "remove_entity"), json={"entity_id": other_entity.pk})
        caller.put(path(product, "remove_entity"), json={"entity_id": other_entity.pk})
    one, two = entity.pk, other_entity.pk
    changes = [([one], [UNKNOWN]), ([two], [one]), ([UNKNOWN], [two])]
    assert told() == 2 * [
        (product.pk, {"added": added, "removed": removed, "by": "admin@example.com"})
        for added, removed in changes
    ]
