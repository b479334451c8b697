"""How a unit is paid for: by instalments or not, and with credit kept on the unit or not.

Reference: "/products/<imei>/set_is_payg", "/products/<imei>/set_dcm_enabled_flag".
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.core.events import publish
from apps.products.errors import UnknownProduct
from apps.products.models import Product

# The product type that keeps its credit itself, always; its id is known to other programs.
BPOWER20: Final = 8


@transaction.atomic
def set_is_payg(*, product_imei: str, is_payg: bool, by: str) -> bool:
    """Say whether a unit is still being paid for; returns whether that is new.

    Raises UnknownProduct.
    """
    return _set_flag(_hold(product_imei), "is_payg", is_payg, by)


@transaction.atomic
def set_dcm_enabled_flag(*, product_imei: str, enabled: bool, by: str) -> bool:
    """Say whether a unit keeps its credit itself; returns whether that is new.

    Raises UnknownProduct, and Invalid for a BPower20 that is to stop: it cannot.
    """
    product = _hold(product_imei)
    if product.product_type_id == BPOWER20 and not enabled:
        text = _("Product #{imei} is a BPower20, which is always DCM enabled")
        raise Invalid({"enabled": text.format(imei=product_imei)})
    return _set_flag(product, "dcm_enabled_flag", enabled, by)


def _hold(product_imei: str) -> Product:
    product = Product.objects.select_for_update().filter(pk=product_imei).first()
    if product is None:
        raise UnknownProduct
    return product


def _set_flag(product: Product, column: str, value: bool, by: str) -> bool:
    if getattr(product, column) == value:
        return False
    setattr(product, column, value)
    product.modified_at, product.modified_by = timezone.now(), by
    product.save(update_fields=[column, "modified_at", "modified_by"])
    publish(f"{column}_changed", subject=product.pk, data={"to": value, "by": by})
    return True
