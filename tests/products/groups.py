"""What the tests of groups of units share: who acts, and the history of a unit."""

from __future__ import annotations

from apps.products.models import Product, ProductGroup, ProductProductGroupLinker
from apps.products.services.groups import add_to_group, remove_from_group

BY = "admin@example.com"


def history(product: Product) -> list[tuple[int, bool]]:
    """The groups the unit was put into, in order, and whether it is still in them."""
    rows = ProductProductGroupLinker.objects.filter(product=product).order_by("pk")
    return [(row.product_group_id, row.date_removed is None) for row in rows]


def add(product: Product, group: ProductGroup) -> tuple[ProductProductGroupLinker, bool]:
    return add_to_group(product_imei=product.pk, product_group_id=group.pk, by=BY)


def remove(product: Product, group: ProductGroup) -> ProductProductGroupLinker:
    return remove_from_group(product_imei=product.pk, product_group_id=group.pk, by=BY)
