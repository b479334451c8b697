"""What the tests of customers share: units of some entities, customers, and who had a unit."""

from __future__ import annotations

from typing import Any

from apps.entities.models import (
    Customer,
    CustomerProductHistory,
)
from apps.entities.services.customers import create_customer
from tests.factories.entities import ProductEntityLinkerFactory
from tests.factories.products import ProductFactory


def owned_by(*entities: Any) -> Any:
    """A unit that these entities own."""
    product = ProductFactory.create()
    for entity in entities:
        ProductEntityLinkerFactory.create(product=product, entity=entity)
    return product


def customer_of(entity: Any, **identity: Any) -> Customer:
    identity = identity or {"external_customer_id": Customer.objects.count() + 1}
    return create_customer(name="A. Person", entity_id=entity.pk, by="erp", **identity)


def holders(product: Any) -> list[tuple[int, bool]]:
    """Who had the unit, in order, and whether they still have it."""
    rows = CustomerProductHistory.objects.filter(product=product).order_by("pk")
    return [(row.customer_id, row.date_removed is None) for row in rows]
