"""Customers: given a unit and taken from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.entities.errors import UnknownCustomer
from apps.entities.models import (
    CustomerEntityLinker,
    CustomerProductHistory,
    ProductEntityLinker,
)
from apps.entities.services.customers import change_customer
from tests.entities.customers import customer_of, holders, owned_by
from tests.entities.owners import NOON, path
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def product(entity: Any) -> Any:
    return owned_by(entity)


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
