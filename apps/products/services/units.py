"""The unit's row: whatever decides on a unit locks it first."""

from __future__ import annotations

from apps.products.errors import UnitTerminated, UnknownProduct
from apps.products.models import Product
from apps.products.selectors import TERMINATED, life_stage


def hold_unit(product_imei: str) -> Product:
    """The unit, its row locked until the transaction ends. Raises UnknownProduct."""
    product = Product.objects.select_for_update().filter(pk=product_imei).first()
    if product is None:
        raise UnknownProduct
    return product


def refuse_terminated(product_imei: str) -> None:
    """UnitTerminated for a unit that is heard no more. The caller holds its row."""
    if life_stage(product_imei) == TERMINATED:
        raise UnitTerminated(product_imei)
