"""Groups of units through the API: who may fill them, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory

from apps.accounts.models import User
from apps.accounts.services import issue_token
from apps.products.group_api import AddProduct, RemoveProduct
from apps.products.models import Product, ProductGroup, ProductProductGroupLinker
from tests.entities.conftest import unknown_entity
from tests.factories import (
    ProductEntityLinkerFactory,
    ProductFactory,
)
from tests.products.groups import add, history

__all__ = ["unknown_entity"]

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


VIEWS = {"add_product": AddProduct, "remove_product": RemoveProduct}


class Answered:
    """The status, the parsed body and the bytes of an answer."""

    def __init__(self, response: Any) -> None:
        self.status, self.content = response.status_code, response.content
        self.json = json.loads(response.content)


def put(user: User | None, group: Any, action: str, body: Any) -> Answered:
    """What the action on the group with that key answers."""
    headers = {"Authorization": f"Token token={issue_token(user=user)[0]}"} if user else {}
    key = getattr(group, "pk", group)
    request = RequestFactory().put(
        f"/v1/product_groups/{key}/{action}",
        body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers=headers,
    )
    return Answered(VIEWS[action].as_view()(request, product_group_id=str(key)))


def test_an_admin_puts_a_unit_into_a_group_and_out_of_it(
    admin: User, product: Product, group: ProductGroup, clock: Any
) -> None:
    body = {"product_imei": product.pk}
    added = put(admin, group, "add_product", body)
    row = ProductProductGroupLinker.objects.get()
    record = {
        "product_product_group_linker_id": row.pk,
        "product_group_id": group.pk,
        "product_imei": product.pk,
        "date_added": "2026-03-01T12:00:00.000000",
        "date_removed": None,
        "created_at": "2026-03-01T12:00:00.000000",
        "created_by": "admin@example.com",
        "modified_at": None,
        "modified_by": None,
    }
    assert (added.status, added.json) == (
        200,
        {
            "status": "success",
            "message": f"Product #{product.pk} added to group #{group.pk}",
            "data": record,
        },
    )
    clock.shift(60)
    removed = put(admin, group, "remove_product", body)
    ended = {
        "date_removed": "2026-03-01T12:01:00.000000",
        "modified_at": "2026-03-01T12:01:00.000000",
        "modified_by": "admin@example.com",
    }
    assert (removed.status, removed.json) == (
        200,
        {
            "status": "success",
            "message": f"Product #{product.pk} removed from group #{group.pk}",
            "data": record | ended,
        },
    )


def test_a_repeated_request_is_a_success_with_the_same_row(
    admin: User, product: Product, group: ProductGroup
) -> None:
    first, again = (
        put(admin, group, "add_product", {"product_imei": product.pk}) for _time in range(2)
    )
    assert (first.status, again.status) == (200, 200)
    assert again.json["message"].endswith(f"is already in group #{group.pk}")
    assert again.json["data"] == first.json["data"]
    assert history(product) == [(group.pk, True)]


def test_a_unit_the_group_does_not_take_is_a_refusal_by_column(
    admin: User, group: ProductGroup
) -> None:
    stranger = ProductFactory.create()
    for action in VIEWS:
        refused = put(admin, group, action, {"product_imei": stranger.pk})
        assert (refused.status, refused.json["status"]) == (400, "validation-error")
        assert set(refused.json["validation_errors"]) == {"product_imei"}
    assert history(stranger) == []


@pytest.mark.parametrize("action", VIEWS)
def test_groups_need_level_admin(
    overview: User,
    technician: User,
    factory: User,
    product: Product,
    group: ProductGroup,
    action: str,
) -> None:
    if action == "remove_product":
        add(product, group)
    before, body = history(product), {"product_imei": product.pk}
    assert put(overview, group, action, body).status == 403
    assert put(technician, group, action, body).status == 403
    assert put(None, group, action, body).status == 401
    assert history(product) == before
    assert put(factory, group, action, body).status == 200


@pytest.mark.parametrize("action", VIEWS)
def test_a_group_of_somebody_else_is_not_there(
    outsider: User, product: Product, group: ProductGroup, open_group: ProductGroup, action: str
) -> None:
    body = {"product_imei": product.pk}
    answers = [put(outsider, key, action, body) for key in (group, open_group, 999_999, "x")]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert history(product) == []


@pytest.mark.parametrize("action", VIEWS)
def test_a_unit_of_somebody_else_is_one_that_does_not_exist(
    insider: User, other_entity: Any, group: ProductGroup, action: str
) -> None:
    foreign = ProductEntityLinkerFactory.create(entity=other_entity).product
    answers = [
        put(insider, group, action, {"product_imei": imei})
        for imei in (foreign.pk, "999999999999999")
    ]
    assert {answer.status for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json["validation_errors"] == {"product_imei": "No row with this key exists"}
    assert history(foreign) == []


def test_staff_of_an_entity_handle_their_own_groups(
    insider: User, product: Product, group: ProductGroup
) -> None:
    for action in VIEWS:
        assert put(insider, group, action, {"product_imei": product.pk}).status == 200
    assert history(product) == [(group.pk, False)]


@pytest.mark.parametrize("action", VIEWS)
@pytest.mark.parametrize("wrong", [None, "", 5, True, [], "3" * 16, "３" * 15, "a\tb", "' OR 1=1"])
def test_what_is_no_unit_is_refused_by_column(
    admin: User, group: ProductGroup, action: str, wrong: Any
) -> None:
    refused = put(admin, group, action, {"product_imei": wrong})
    assert refused.status == 400
    assert set(refused.json["validation_errors"]) == {"product_imei"}


@pytest.mark.parametrize("action", VIEWS)
def test_a_body_that_is_not_as_described_is_refused(
    admin: User, product: Product, group: ProductGroup, action: str
) -> None:
    bodies: list[Any] = [{}, [], 5, b"", b'{"product_imei": ', b"\xff"]
    bodies.append({"product_imei": product.pk, "date_added": "2020-01-01"})
    for body in bodies:
        assert put(admin, group, action, body).status == 400
    assert history(product) == []
