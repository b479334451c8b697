"""The unit's row as the one lock on who owns it and who has it.

Whatever decides on its owners or its customer waits there. Rows that merely refer to the unit can
still be written.
"""

from __future__ import annotations

from collections.abc import Iterable

from apps.core.errors import NotFound
from apps.entities.models import ProductEntityLinker


def hold_unit(product_imei: str) -> None:
    """Lock the unit's row until the transaction ends; NotFound where there is no such unit."""
    if not hold_units([product_imei]):
        raise NotFound


def hold_units(imeis: Iterable[str]) -> set[str]:
    """Those of these units that there are, their rows locked in the order of their keys."""
    products = ProductEntityLinker._meta.get_field("product").related_model._base_manager
    held = products.select_for_update(no_key=True).filter(pk__in=imeis).order_by("pk")
    return set(held.values_list("pk", flat=True))
