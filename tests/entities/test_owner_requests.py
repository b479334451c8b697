"""Who may change the entities of a unit through the API, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from apps.core.errors import NotFound
from apps.entities.errors import UnknownEntity
from apps.entities.services import owners
from tests.entities.owners import BY, UNKNOWN, change, history, path
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unknown_entity", "clock")]


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
