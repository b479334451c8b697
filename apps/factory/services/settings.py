"""The parameters a unit leaves the factory with, beside the energy limit that being in stock brings
(`apps.parts.consequences`). Reference: the `solar_panel_wattage` of create_enterprise.
"""

from __future__ import annotations

from typing import Final

from apps.core.errors import Invalid
from apps.factory.errors import UnfitWattage
from apps.products.models import ParameterType, Product
from apps.products.services.settings import set_parameter

WATTAGE: Final = "solar_panel_wattage"


def give_wattage(*, product: Product, solar_panel_wattage: int | None, by: str) -> None:
    """Record the power of a unit's panels (W), where one is given and units of its type have it.

    Raises UnfitWattage.
    """
    listed = product.product_type.parameter_types
    kind = ParameterType.objects.filter(pk__in=listed, name=WATTAGE).first()
    if solar_panel_wattage is None or kind is None:
        return
    try:
        set_parameter(
            product_imei=product.pk, parameter_type=kind, value=solar_panel_wattage, by=by
        )
    except Invalid as error:
        raise UnfitWattage(error) from error
