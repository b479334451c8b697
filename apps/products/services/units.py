"""The unit's row: whatever decides on a unit locks it first.

A service that many units may be asked of at once takes their IMEIs and answers for each: with what
came of it, or with the error that would refuse that unit alone. On one unit it is the same service,
asked for a set of one.
"""

from __future__ import annotations

from collections.abc import Iterable

from apps.products.errors import UnitTerminated, UnknownProduct
from apps.products.models import Product
from apps.products.selectors import TERMINATED, life_stage


def hold_unit(product_imei: str) -> Product:
    """The unit, its row locked until the transaction ends. Raises UnknownProduct."""
    product = Product.objects.select_for_update().filter(pk=product_imei).first()
    if product is None:
        raise UnknownProduct
    return product


def hold_units(imeis: Iterable[str]) -> dict[str, Product]:
    """Those of these units that there are, by IMEI, their rows locked in the order of their keys.

    The order is what keeps two that lock several from waiting for each other.
    """
    held = Product.objects.select_for_update().filter(pk__in=imeis).order_by("pk")
    return {product.pk: product for product in held}


def refuse_terminated(product_imei: str) -> None:
    """UnitTerminated for a unit that is heard no more. The caller holds its row."""
    if life_stage(product_imei) == TERMINATED:
        raise UnitTerminated(product_imei)


def terminated_among(imeis: Iterable[str]) -> set[str]:
    """Those of these units that are heard no more. The caller holds their rows."""
    ended = Product.objects.filter(pk__in=imeis, latest_state__current_state_type__name=TERMINATED)
    return set(ended.values_list("pk", flat=True))
