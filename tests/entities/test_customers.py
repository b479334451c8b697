"""Customers: created once within an entity, under identifiers of their own."""

from __future__ import annotations

from typing import Any

import pytest

from apps.entities.errors import CustomerExists
from apps.entities.models import (
    Customer,
    CustomerEntityLinker,
)
from tests.entities.customers import customer_of, holders, owned_by
from tests.entities.owners import NOON, path
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


CREATE = "/v1/customers/create_customer"


@pytest.fixture
def product(entity: Any) -> Any:
    return owned_by(entity)


def test_a_customer_is_created_with_their_entity(api: Api, entity) -> None:
    body = {
        "name": "A. Person",
        "external_customer_id": 7,
        "external_customer_code": "KE-7",
        "entity_id": entity.pk,
    }
    answer = api.as_("admin").post(CREATE, json=body)
    assert answer.status_code == 201
    made = Customer.objects.get()
    assert answer.json() == {
        "status": "success",
        "message": "Customer created",
        "data": {
            "customer_id": made.pk,
            "name": "A. Person",
            "external_customer_id": 7,
            "external_customer_code": "KE-7",
            "created_at": "2024-05-01T12:00:00.000000",
            "created_by": "admin@example.com",
            "modified_at": None,
            "modified_by": None,
        },
    }
    link = CustomerEntityLinker.objects.get()
    assert (link.customer, link.entity, link.date_removed) == (made, entity, None)
    assert (link.date_added, link.created_by) == (NOON, "admin@example.com")


@pytest.mark.parametrize(
    "identity", [{"external_customer_id": 7}, {"external_customer_code": "KE-7"}]
)
def test_one_external_identifier_is_enough(api: Api, entity, identity: dict[str, Any]) -> None:
    body = {"name": "A. Person", "entity_id": entity.pk, **identity}
    assert api.as_("admin").post(CREATE, json=body).status_code == 201


@pytest.mark.parametrize(
    ("identity", "column"),
    [
        ({"external_customer_id": 7}, "external_customer_id"),
        ({"external_customer_code": "KE-7"}, "external_customer_code"),
        ({"external_customer_id": 8, "external_customer_code": "KE-7"}, "external_customer_code"),
    ],
)
def test_a_duplicate_within_the_entity_is_refused_by_column(
    api: Api, entity, identity: dict[str, Any], column: str
) -> None:
    customer_of(entity, external_customer_id=7, external_customer_code="KE-7")
    body = {"name": "B. Person", "entity_id": entity.pk, **identity}
    answer = api.as_("admin").post(CREATE, json=body)
    assert answer.status_code == 400
    assert answer.json()["status"] == "validation-error"
    assert set(answer.json()["validation_errors"]) == {column}
    assert Customer.objects.count() == 1


def test_another_entity_may_use_the_same_identifier(entity, other_entity) -> None:
    customer_of(entity, external_customer_id=7)
    assert customer_of(other_entity, external_customer_id=7)


def test_the_identifier_of_a_former_customer_is_free(entity) -> None:
    customer_of(entity, external_customer_id=7)
    with pytest.raises(CustomerExists):
        customer_of(entity, external_customer_id=7)
    CustomerEntityLinker.objects.update(date_removed=NOON)
    assert customer_of(entity, external_customer_id=7)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"external_customer_id": None}, {"external_customer_id", "external_customer_code"}),
        ({"external_customer_id": "7"}, {"external_customer_id"}),
        ({"external_customer_id": True}, {"external_customer_id"}),
        ({"external_customer_id": 2**31}, {"external_customer_id"}),
        ({"external_customer_code": ""}, {"external_customer_code"}),
        ({"external_customer_code": "x" * 256}, {"external_customer_code"}),
        ({"name": ""}, {"name"}),
        ({"name": None}, {"name"}),
        ({"name": "x" * 256}, {"name"}),
        ({"entity_id": None}, {"entity_id"}),
        ({"entity_id": 0}, {"entity_id"}),
        ({"entity_id": -1}, {"entity_id"}),
        ({"entity_id": 2**70}, {"entity_id"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_a_wrong_customer_is_refused_by_column(
    api: Api, entity, change: dict[str, Any], named: set[str]
) -> None:
    body = {"name": "A", "external_customer_id": 7, "entity_id": entity.pk, **change}
    answer = api.as_("admin").post(CREATE, json=body)
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == named
    assert not Customer.objects.exists()


def test_an_entity_out_of_scope_is_one_that_does_not_exist(
    api: Api, outsider, entity, other_entity
) -> None:
    body = {"name": "A", "external_customer_id": 7}
    answers = [
        api.as_(outsider).post(CREATE, json={**body, "entity_id": key})
        for key in (entity.pk, 999_999)
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    assert not Customer.objects.exists()
    answer = api.as_(outsider).post(CREATE, json={**body, "entity_id": other_entity.pk})
    assert answer.status_code == 201


@pytest.mark.parametrize("persona", ["overview", "technician"])
def test_customers_need_level_admin(api: Api, persona: str, entity, product) -> None:
    holder = customer_of(entity)
    body = {"name": "A", "external_customer_id": 99, "entity_id": entity.pk}
    assert api.as_(persona).post(CREATE, json=body).status_code == 403
    choice = {"customer_id": holder.pk}
    change = api.as_(persona).put(path(product, "change_customer"), json=choice)
    assert change.status_code == 403
    assert api.as_(persona).put(path(product, "expire_customer")).status_code == 403
    assert Customer.objects.count() == 1
    assert holders(product) == []
