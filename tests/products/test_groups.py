"""Groups of units: who may be in one, and the history of who was."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection

from apps.core.errors import Invalid, NotFound
from apps.core.events import deliver_events
from apps.entities.services.owners import assign_entity, remove_entity
from apps.products.errors import UnknownProduct
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
from tests.products.groups import BY, add, history, remove

__all__ = ["unknown_entity"]

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


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
