"""The unit's row as the one lock on who owns it and who has it."""

from __future__ import annotations

from apps.core.errors import NotFound
from apps.entities.models import ProductEntityLinker


def hold_unit(product_imei: str) -> None:
    """Lock the unit's row until the transaction ends; NotFound where there is no such unit.

    Whatever decides on its owners or its customer waits here. Rows that merely refer to the unit
    can still be written.
    """
    products = ProductEntityLinker._meta.get_field("product").related_model._base_manager
    if not products.select_for_update(no_key=True).filter(pk=product_imei).values("pk"):
        raise NotFound
