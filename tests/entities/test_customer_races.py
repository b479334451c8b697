"""Two requests at once about one customer or one unit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from apps.core.errors import DomainError
from apps.entities.models import Customer, CustomerProductHistory
from apps.entities.services.customers import change_customer, create_customer
from tests.entities.races import together
from tests.factories.entities import ProductEntityLinkerFactory

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 4


def race(act: Callable[[int], Any]) -> list[Any]:
    """The same act by several racers, each told its number."""
    return together(*(partial(act, number) for number in range(RACERS)))


def test_a_customer_created_twice_at_once_exists_once(entity) -> None:
    results = race(
        lambda number: create_customer(
            name=f"Racer {number}", entity_id=entity.pk, external_customer_id=7, by="erp"
        )
    )
    assert sum(isinstance(result, Customer) for result in results) == 1
    assert sum(isinstance(result, DomainError) for result in results) == RACERS - 1
    assert Customer.objects.count() == 1


def test_a_unit_given_to_several_at_once_ends_with_one(entity) -> None:
    product = ProductEntityLinkerFactory.create(entity=entity).product
    customers = [
        create_customer(
            name=f"Racer {number}", entity_id=entity.pk, external_customer_id=number, by="erp"
        )
        for number in range(RACERS)
    ]
    results = race(
        lambda number: change_customer(
            product_imei=product.pk, customer={"customer_id": customers[number].pk}, by="erp"
        )
    )
    assert all(is_new for _row, is_new in results)
    rows = CustomerProductHistory.objects.filter(product=product)
    assert rows.count() == RACERS
    assert rows.filter(date_removed__isnull=True).count() == 1
