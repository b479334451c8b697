"""Customers: created once within an entity, given a unit and taken from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from apps.entities.errors import CustomerExists, UnknownCustomer
from apps.entities.models import (
    Customer,
    CustomerEntityLinker,
    CustomerProductHistory,
    ProductEntityLinker,
)
from apps.entities.services.customers import change_customer, create_customer
from tests.factories.entities import ProductEntityLinkerFactory
from tests.factories.products import ProductFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

CREATE = "/v1/customers/create_customer"
NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


def owned_by(*entities: Any) -> Any:
    """A unit that these entities own."""
    product = ProductFactory.create()
    for entity in entities:
        ProductEntityLinkerFactory.create(product=product, entity=entity)
    return product


@pytest.fixture
def product(entity: Any) -> Any:
    return owned_by(entity)


def customer_of(entity: Any, **identity: Any) -> Customer:
    identity = identity or {"external_customer_id": Customer.objects.count() + 1}
    return create_customer(name="A. Person", entity_id=entity.pk, by="erp", **identity)


def holders(product: Any) -> list[tuple[int, bool]]:
    """Who had the unit, in order, and whether they still have it."""
    rows = CustomerProductHistory.objects.filter(product=product).order_by("pk")
    return [(row.customer_id, row.date_removed is None) for row in rows]


def path(product: Any, action: str) -> str:
    return f"/v1/products/{product.pk}/{action}"


# --- creating ----------------------------------------------------------------------------------


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


# --- giving a unit -----------------------------------------------------------------------------


def test_a_unit_is_given_to_a_customer(api: Api, entity, product) -> None:
    holder = customer_of(entity)
    answer = api.as_("admin").put(path(product, "change_customer"), json={"customer_id": holder.pk})
    assert answer.status_code == 200
    row = CustomerProductHistory.objects.get()
    assert answer.json() == {
        "status": "success",
        "message": f"Product #{product.pk} given to customer #{holder.pk}",
        "data": {
            "customer_product_history_id": row.pk,
            "customer_id": holder.pk,
            "product_imei": product.pk,
            "date_added": "2024-05-01T12:00:00.000000",
            "date_removed": None,
            "removal_reason": None,
            "created_at": "2024-05-01T12:00:00.000000",
            "created_by": "admin@example.com",
            "modified_at": None,
            "modified_by": None,
        },
    }


@pytest.mark.parametrize(
    "choice",
    [
        {"external_customer_id": 7},
        {"external_customer_code": "KE-7"},
        {"external_customer_id": 7, "external_customer_code": "KE-7"},
    ],
)
def test_a_customer_is_found_by_an_external_identifier(
    api: Api, entity, other_entity, product, choice: dict[str, Any]
) -> None:
    identity = {"external_customer_id": 7, "external_customer_code": "KE-7"}
    customer_of(other_entity, **identity)
    holder = customer_of(entity, **identity)
    answer = api.as_("admin").put(path(product, "change_customer"), json=choice)
    assert answer.status_code == 200
    assert holders(product) == [(holder.pk, True)]


def test_the_next_customer_ends_the_time_of_the_last(api: Api, entity, product, clock) -> None:
    first, second = customer_of(entity), customer_of(entity)
    url = path(product, "change_customer")
    api.as_("admin").put(url, json={"customer_id": first.pk})
    clock.shift(timedelta(days=1))
    body = {"customer_id": second.pk, "removal_reason": "moved away"}
    assert api.as_("system").put(url, json=body).status_code == 200
    assert holders(product) == [(first.pk, False), (second.pk, True)]
    closed = CustomerProductHistory.objects.get(customer=first)
    assert closed.date_removed == closed.modified_at == NOON + timedelta(days=1)
    assert (closed.removal_reason, closed.modified_by) == ("moved away", "system@example.com")


def test_repeating_is_a_success_without_a_second_row(api: Api, entity, product) -> None:
    holder = customer_of(entity)
    url, body = path(product, "change_customer"), {"customer_id": holder.pk}
    first = api.as_("admin").put(url, json=body)
    again = api.as_("admin").put(url, json=body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["message"].endswith(f"is already with customer #{holder.pk}")
    assert again.json()["data"] == first.json()["data"]
    assert holders(product) == [(holder.pk, True)]


def test_only_a_present_customer_of_an_owner_gets_a_unit(
    api: Api, entity, other_entity, product
) -> None:
    stranger = customer_of(other_entity, external_customer_id=70)
    former = customer_of(entity, external_customer_id=71)
    CustomerEntityLinker.objects.filter(customer=former).update(date_removed=NOON)
    answers = [
        api.as_("admin").put(path(product, "change_customer"), json={"customer_id": key})
        for key in (stranger.pk, former.pk, 999_999, 0, -1, 2**70)
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert set(answers[0].json()["validation_errors"]) == {"customer_id"}
    assert holders(product) == []


def test_a_former_owners_customers_get_no_unit(entity, product) -> None:
    holder = customer_of(entity)
    ProductEntityLinker.objects.filter(product=product).update(date_removed=NOON)
    with pytest.raises(UnknownCustomer):
        change_customer(product_imei=product.pk, customer={"customer_id": holder.pk}, by="erp")


def test_two_owners_with_the_same_identifier_need_the_customer_id(
    api: Api, entity, other_entity
) -> None:
    product = owned_by(entity, other_entity)
    customers = [customer_of(owner, external_customer_id=7) for owner in (entity, other_entity)]
    url = path(product, "change_customer")
    answer = api.as_("admin").put(url, json={"external_customer_id": 7})
    assert answer.status_code == 400
    assert "customer_id" in answer.json()["validation_errors"]["external_customer_id"]
    answer = api.as_("admin").put(url, json={"customer_id": customers[1].pk})
    assert answer.status_code == 200


def test_a_caller_gives_a_shared_unit_to_the_own_customers_only(
    api: Api, insider, entity, other_entity
) -> None:
    product = owned_by(entity, other_entity)
    own, foreign = (customer_of(owner, external_customer_id=7) for owner in (entity, other_entity))
    url = path(product, "change_customer")
    assert api.as_(insider).put(url, json={"customer_id": foreign.pk}).status_code == 400
    assert holders(product) == []
    assert api.as_(insider).put(url, json={"external_customer_id": 7}).status_code == 200
    assert holders(product) == [(own.pk, True)]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"customer_id", "external_customer_id", "external_customer_code"}),
        ({"customer_id": "1"}, {"customer_id"}),
        ({"customer_id": 1.0}, {"customer_id"}),
        ({"customer_id": 1, "removal_reason": 5}, {"removal_reason"}),
        ({"customer_id": 1, "removal_reason": "x" * 256}, {"removal_reason"}),
        ({"customer": 1}, {"customer"}),
    ],
)
def test_a_wrong_choice_is_refused_by_column(
    api: Api, product, body: dict[str, Any], named: set[str]
) -> None:
    answer = api.as_("admin").put(path(product, "change_customer"), json=body)
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == named


# --- taking a unit -----------------------------------------------------------------------------


def test_a_unit_is_taken_from_its_customer(api: Api, entity, product) -> None:
    holder = customer_of(entity)
    api.as_("admin").put(path(product, "change_customer"), json={"customer_id": holder.pk})
    answer = api.as_("admin").put(
        path(product, "expire_customer"), json={"removal_reason": "contract ended"}
    )
    assert answer.status_code == 200
    assert answer.json()["message"] == f"Product #{product.pk} taken from customer #{holder.pk}"
    assert answer.json()["data"]["removal_reason"] == "contract ended"
    assert answer.json()["data"]["date_removed"] == "2024-05-01T12:00:00.000000"
    assert holders(product) == [(holder.pk, False)]


def test_taking_needs_no_body_and_may_be_repeated(api: Api, entity, product) -> None:
    holder = customer_of(entity)
    api.as_("admin").put(path(product, "change_customer"), json={"customer_id": holder.pk})
    url = path(product, "expire_customer")
    answers = [api.as_("admin").put(url) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["data"]["removal_reason"] == "Customer expired"
    assert answers[1].json()["data"] is None
    assert holders(product) == [(holder.pk, False)]


@pytest.mark.parametrize("action", ["change_customer", "expire_customer"])
def test_a_unit_out_of_scope_is_one_that_does_not_exist(
    api: Api, outsider, entity, product, action: str
) -> None:
    holder = customer_of(entity)
    change_customer(product_imei=product.pk, customer={"customer_id": holder.pk}, by="erp")
    body = {"customer_id": holder.pk} if action == "change_customer" else {}
    there = api.as_(outsider).put(path(product, action), json=body)
    nowhere = api.as_(outsider).put(f"/v1/products/999999999999999/{action}", json=body)
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content
    assert holders(product) == [(holder.pk, True)]
