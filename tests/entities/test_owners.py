"""Entities of a unit: assigned, changed and removed, with Unknown Entity in the place of none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from apps.core import events
from apps.core.errors import NotFound, Unavailable
from apps.entities.errors import NotAnOwner, UnknownEntity
from apps.entities.models import ProductEntityLinker
from apps.entities.services import owners
from tests.factories import EntityFactory, ProductEntityLinkerFactory, ProductFactory
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unknown_entity")]

NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
BY = "admin@example.com"
UNKNOWN = 1


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


@pytest.fixture
def product() -> Any:
    """A new unit, of no entity."""
    made = ProductFactory.create()
    owners.ensure_owner(product_imei=made.pk, by=BY)
    return made


@pytest.fixture
def owned(product: Any, entity: Any) -> Any:
    """The unit, of `entity`."""
    owners.assign_entity(product_imei=product.pk, entity_id=entity.pk, by=BY)
    return product


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The events on owners that were published, as (subject, data)."""
    monkeypatch.setitem(events._consumers, "entity_changed", [lambda event: None])
    before = events.Event.objects.values_list("pk", flat=True)
    rows = events.Event.objects.filter(name="entity_changed").order_by("pk")
    rows = rows.exclude(pk__in=list(before))
    return lambda: list(rows.values_list("subject", "data"))


def history(product: Any) -> list[tuple[int, bool]]:
    """Which entities had the unit, in order, and whether they still have it."""
    rows = ProductEntityLinker.objects.filter(product=product).order_by("pk")
    return [(row.entity_id, row.date_removed is None) for row in rows]


def path(product: Any, action: str) -> str:
    return f"/v1/products/{product.pk}/{action}"


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


def change(old: Any, new: Any) -> dict[str, int]:
    return {"old_entity_id": old.pk, "new_entity_id": new.pk}


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


# --- levels, scope, bad input --------------------------------------------------------------------

REQUESTS = {
    "assign_entity": ("entity_id",),
    "change_entity": ("old_entity_id", "new_entity_id"),
    "remove_entity": ("entity_id",),
    "remove": ("entity_id",),
}


def body_of(action: str, entity_id: Any) -> dict[str, Any]:
    return dict.fromkeys(REQUESTS[action], entity_id)


@pytest.mark.parametrize("action", REQUESTS)
def test_entities_need_level_admin(api: Api, owned: Any, entity: Any, action: str) -> None:
    before = history(owned)
    for persona, status in (("overview", 403), ("technician", 403)):
        answer = api.as_(persona).put(path(owned, action), json=body_of(action, entity.pk))
        assert answer.status_code == status
    assert api.anonymous().put(path(owned, action)).status_code == 401
    assert history(owned) == before
    for persona in ("factory", "system"):
        owners.assign_entity(product_imei=owned.pk, entity_id=entity.pk, by=BY)
        answer = api.as_(persona).put(path(owned, action), json=body_of(action, entity.pk))
        assert answer.status_code == 200


@pytest.mark.parametrize("action", REQUESTS)
def test_a_unit_of_somebody_else_is_not_there(
    api: Api, owned: Any, other_entity: Any, action: str
) -> None:
    before = history(owned)
    body = body_of(action, other_entity.pk)
    outside = api.as_("outsider").put(path(owned, action), json=body)
    absent = api.as_("outsider").put(f"/v1/products/999999999999999/{action}", json=body)
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert history(owned) == before


@pytest.mark.parametrize("action", REQUESTS)
def test_an_entity_out_of_scope_is_one_that_does_not_exist(
    api: Api, owned: Any, other_entity: Any, action: str
) -> None:
    """Even one that owns the unit too."""
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    before = history(owned)
    answers = [
        api.as_("insider").put(path(owned, action), json=body_of(action, key))
        for key in (other_entity.pk, UNKNOWN, 999_999)
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["validation_errors"] == dict.fromkeys(
        REQUESTS[action], "No row with this key exists"
    )
    assert history(owned) == before


def test_each_entity_that_does_not_exist_is_named_alone(api: Api, owned: Any, entity: Any) -> None:
    body = {"old_entity_id": entity.pk, "new_entity_id": 999_999}
    answer = api.as_("admin").put(path(owned, "change_entity"), json=body)
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {"new_entity_id"}


def test_who_gives_a_unit_away_sees_it_no_more(
    api: Api, owned: Any, entity: Any, other_entity: Any
) -> None:
    insider, outsider = api.as_("insider"), api.as_("outsider")
    unit = f"/v1/products/{owned.pk}"
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    assert (insider.get(unit).status_code, outsider.get(unit).status_code) == (200, 200)
    answer = insider.put(path(owned, "remove_entity"), json={"entity_id": entity.pk})
    assert answer.json()["data"] == {owned.pk: []}
    assert (insider.get(unit).status_code, outsider.get(unit).status_code) == (404, 200)
    again = insider.put(path(owned, "remove_entity"), json={"entity_id": entity.pk})
    assert again.status_code == 404


def test_who_is_assigned_a_unit_sees_it_at_the_next_request(
    api: Api, owned: Any, entity: Any, other_entity: Any
) -> None:
    unit = f"/v1/products/{owned.pk}"
    assert api.as_("outsider").get(unit).status_code == 404
    api.as_("admin").put(path(owned, "change_entity"), json=change(entity, other_entity))
    assert api.as_("outsider").get(unit).status_code == 200
    assert api.as_("insider").get(unit).status_code == 404


def test_other_owners_are_not_named_to_a_caller_of_one_entity(
    api: Api, owned: Any, entity: Any, other_entity: Any
) -> None:
    owners.assign_entity(product_imei=owned.pk, entity_id=other_entity.pk, by=BY)
    answer = api.as_("insider").put(path(owned, "assign_entity"), json={"entity_id": entity.pk})
    assert answer.status_code == 200
    assert answer.json()["data"] == {owned.pk: [entity.name]}


def test_a_caller_who_loses_a_unit_meanwhile_cannot_take_it_back(
    owned: Any, entity: Any, other_entity: Any
) -> None:
    """The unit leaves the caller's entity between the look and the lock."""
    owners.change_entity(
        product_imei=owned.pk, old_entity_id=entity.pk, new_entity_id=other_entity.pk, by=BY
    )
    before = history(owned)
    with pytest.raises(NotFound):
        owners.assign_entity(
            product_imei=owned.pk, entity_id=entity.pk, within=entity.pk, by="insider"
        )
    assert history(owned) == before


@pytest.mark.parametrize("wrong", [None, "", "5", 5.0, True, [5], {}, 0, -1, 2**31, 2**63, 2**70])
@pytest.mark.parametrize("action", REQUESTS)
def test_what_is_no_entity_is_refused_by_column(
    api: Api, owned: Any, action: str, wrong: Any
) -> None:
    before = history(owned)
    answer = api.as_("admin").put(path(owned, action), json=body_of(action, wrong))
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == set(REQUESTS[action])
    assert history(owned) == before


@pytest.mark.parametrize("action", REQUESTS)
def test_a_body_without_its_columns_or_with_others_is_refused(
    api: Api, owned: Any, entity: Any, action: str
) -> None:
    before = history(owned)
    url, good = path(owned, action), body_of(action, entity.pk)
    for body, named in (({}, set(good)), ({**good, "date_added": "2020-01-01"}, {"date_added"})):
        answer = api.as_("admin").put(url, json=body)
        assert answer.status_code == 400
        assert set(answer.json()["validation_errors"]) == named
    for raw in (b"", b"[]", b"5", b'{"entity_id": ', b'{"entity_id": 5, "entity_id": 6}'):
        assert api.as_("admin").put(url, data=raw).status_code == 400
    assert api.as_("admin").post(url, json=good).status_code == 405
    assert history(owned) == before


def test_units_and_entities_that_do_not_exist_are_refused_by_the_service(
    owned: Any, entity: Any
) -> None:
    before = history(owned)
    with pytest.raises(NotFound):
        owners.assign_entity(product_imei="999999999999999", entity_id=entity.pk, by=BY)
    with pytest.raises(UnknownEntity):
        owners.assign_entity(product_imei=owned.pk, entity_id=999_999, by=BY)
    assert history(owned) == before
