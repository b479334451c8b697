"""Groups of units: who may be in one, and the history of who was."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory

from apps.accounts.models import User
from apps.accounts.services import issue_token
from apps.core.errors import Invalid, NotFound
from apps.core.events import deliver_events
from apps.entities.services.owners import assign_entity, remove_entity
from apps.products.errors import UnknownProduct
from apps.products.group_api import AddProduct, RemoveProduct
from apps.products.models import Product, ProductGroup, ProductProductGroupLinker
from apps.products.services.groups import add_to_group, remove_from_group
from tests.entities.conftest import unknown_entity
from tests.entities.races import together
from tests.factories import (
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductGroupFactory,
    ProductTypeFactory,
)

__all__ = ["unknown_entity"]

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
BY = "admin@example.com"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def product(entity: Any) -> Product:
    """A unit of `entity`."""
    return ProductEntityLinkerFactory.create(entity=entity).product


@pytest.fixture
def group(product: Product, entity: Any) -> ProductGroup:
    """A group for units of the unit's type and of `entity`."""
    return ProductGroupFactory.create(product_type=product.product_type, entity=entity)


@pytest.fixture
def open_group() -> ProductGroup:
    """A group for every unit."""
    return ProductGroupFactory.create(product_type=None, entity=None)


def history(product: Product) -> list[tuple[int, bool]]:
    """The groups the unit was put into, in order, and whether it is still in them."""
    rows = ProductProductGroupLinker.objects.filter(product=product).order_by("pk")
    return [(row.product_group_id, row.date_removed is None) for row in rows]


def add(product: Product, group: ProductGroup) -> tuple[ProductProductGroupLinker, bool]:
    return add_to_group(product_imei=product.pk, product_group_id=group.pk, by=BY)


def remove(product: Product, group: ProductGroup) -> ProductProductGroupLinker:
    return remove_from_group(product_imei=product.pk, product_group_id=group.pk, by=BY)


# --- the rules -----------------------------------------------------------------------------------


def test_a_unit_is_put_into_a_group(product: Product, group: ProductGroup) -> None:
    row, is_new = add(product, group)
    assert is_new
    assert (row.product, row.product_group) == (product, group)
    assert (row.date_added, row.date_removed, row.created_by) == (NOW, None, BY)
    assert history(product) == [(group.pk, True)]


def test_putting_a_unit_in_again_writes_no_second_row(
    product: Product, group: ProductGroup
) -> None:
    first, _is_new = add(product, group)
    assert add(product, group) == (first, False)
    assert history(product) == [(group.pk, True)]


def test_a_unit_may_be_in_several_groups(
    product: Product, group: ProductGroup, open_group: ProductGroup
) -> None:
    add(product, group)
    add(product, open_group)
    assert history(product) == [(group.pk, True), (open_group.pk, True)]


def test_a_unit_leaves_and_may_return(product: Product, group: ProductGroup, clock: Any) -> None:
    add(product, group)
    clock.shift(60)
    row = remove(product, group)
    later = NOW + dt.timedelta(minutes=1)
    assert (row.date_added, row.date_removed) == (NOW, later)
    assert (row.modified_at, row.modified_by) == (later, BY)
    _row, is_new = add(product, group)
    assert is_new
    assert history(product) == [(group.pk, False), (group.pk, True)]


def test_a_unit_never_leaves_before_it_came(
    product: Product, group: ProductGroup, clock: Any
) -> None:
    add(product, group)
    clock.shift(-3600)
    assert remove(product, group).date_removed == NOW


@pytest.mark.parametrize("times", [0, 1])
def test_a_unit_cannot_leave_a_group_it_is_not_in(
    product: Product, group: ProductGroup, times: int
) -> None:
    for _time in range(times):
        add(product, group)
        remove(product, group)
    before = history(product)
    with pytest.raises(Invalid) as refused:
        remove(product, group)
    assert refused.value.errors == {
        "product_imei": f"Product #{product.pk} is not in the group “{group}”"
    }
    assert history(product) == before


def test_a_group_takes_units_of_its_type_only(product: Product, entity: Any) -> None:
    other = ProductTypeFactory.create(name="Home 3")
    group = ProductGroupFactory.create(name="Pilot", product_type=other, entity=None)
    with pytest.raises(Invalid) as refused:
        add(product, group)
    assert refused.value.errors == {
        "product_imei": "The group “Pilot” takes units of the type Home 3 only"
    }
    assert history(product) == []


def test_a_group_takes_units_of_its_entity_only(product: Product, other_entity: Any) -> None:
    group = ProductGroupFactory.create(name="Pilot", product_type=None, entity=other_entity)
    with pytest.raises(Invalid) as refused:
        add(product, group)
    assert refused.value.errors == {
        "product_imei": f"The group “Pilot” takes units of the entity {other_entity} only"
    }
    assert history(product) == []


def test_a_former_entity_does_not_count(product: Product, group: ProductGroup) -> None:
    product.product_entity_linker.update(date_removed=NOW)
    with pytest.raises(Invalid):
        add(product, group)


def test_one_of_several_entities_is_enough(other_entity: Any, product: Product) -> None:
    ProductEntityLinkerFactory.create(product=product, entity=other_entity)
    group = ProductGroupFactory.create(product_type=None, entity=other_entity)
    add(product, group)
    assert history(product) == [(group.pk, True)]


def test_a_unit_of_the_wrong_type_and_entity_is_told_both(other_entity: Any) -> None:
    group = ProductGroupFactory.create(entity=other_entity)
    with pytest.raises(Invalid) as refused:
        add(ProductFactory.create(), group)
    text = refused.value.errors["product_imei"]
    assert group.product_type.name in text
    assert other_entity.name in text


def test_a_unit_may_leave_a_group_that_would_not_take_it_now(
    product: Product, group: ProductGroup
) -> None:
    add(product, group)
    product.product_entity_linker.update(date_removed=NOW)
    remove(product, group)
    assert history(product) == [(group.pk, False)]


def test_units_and_groups_that_do_not_exist_are_refused(
    product: Product, group: ProductGroup
) -> None:
    for service in (add_to_group, remove_from_group):
        with pytest.raises(UnknownProduct):
            service(product_imei="999999999999999", product_group_id=group.pk, by=BY)
        with pytest.raises(NotFound):
            service(product_imei=product.pk, product_group_id=999_999, by=BY)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has a single writer: nothing overlaps"
)
@pytest.mark.django_db(transaction=True)
def test_requests_at_once_put_a_unit_in_once_and_take_it_out_once(
    product: Product, group: ProductGroup
) -> None:
    added = together(*[partial(add, product, group)] * 4)
    assert sorted(is_new for _row, is_new in added) == [False, False, False, True]
    assert history(product) == [(group.pk, True)]
    removed = together(*[partial(remove, product, group)] * 4)
    assert sum(isinstance(each, Invalid) for each in removed) == 3
    assert history(product) == [(group.pk, False)]


def test_a_unit_that_leaves_an_entity_leaves_its_groups(
    unknown_entity: Any,
    product: Product,
    group: ProductGroup,
    open_group: ProductGroup,
    entity: Any,
    other_entity: Any,
) -> None:
    others = ProductGroupFactory.create(product_type=None, entity=other_entity)
    assign_entity(product_imei=product.pk, entity_id=other_entity.pk, by=BY)
    for each in (group, open_group, others):
        add(product, each)
    deliver_events()
    remove_entity(product_imei=product.pk, entity_id=entity.pk, by=BY)
    assert deliver_events() == 1
    assert history(product) == [(group.pk, False), (open_group.pk, True), (others.pk, True)]
    row = ProductProductGroupLinker.objects.get(product_group=group)
    assert (row.date_removed, row.modified_by) == (NOW, BY)


def test_a_unit_that_came_back_before_anybody_was_told_stays_in_the_group(
    unknown_entity: Any, product: Product, group: ProductGroup, entity: Any
) -> None:
    add(product, group)
    remove_entity(product_imei=product.pk, entity_id=entity.pk, by=BY)
    assign_entity(product_imei=product.pk, entity_id=entity.pk, by=BY)
    deliver_events()
    assert history(product) == [(group.pk, True)]


# --- the endpoints -------------------------------------------------------------------------------

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
