"""The parameters a unit leaves the factory with.

Reference: "Default Energy Limits" and the `solar_panel_wattage` of create_enterprise.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from apps.core.errors import Invalid
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.factory.errors import UnfitWattage
from apps.parts.models import DefaultEnergyLimit
from apps.products.lifecycle import LifeStage
from apps.products.models import ParameterType, Product
from apps.products.services.energy import ENERGY_LIMIT
from apps.products.services.settings import set_parameter

WATTAGE: Final = "solar_panel_wattage"


def give_settings(
    *, product: Product, battery_type_id: int | None, solar_panel_wattage: int | None, by: str
) -> None:
    """Record the power of a unit's panels (W), and ask it for the energy limit of its battery.

    The limit is the default for units in stock; a unit takes it over when it first connects. What
    units of this type have no parameter for is not set. Raises UnfitWattage.
    """
    types = _settable(product)
    if solar_panel_wattage is not None and WATTAGE in types:
        try:
            set_parameter(
                product_imei=product.pk,
                parameter_type=types[WATTAGE],
                value=solar_panel_wattage,
                by=by,
            )
        except Invalid as error:
            raise UnfitWattage(error) from error
    limit = _energy_limit(battery_type_id) if ENERGY_LIMIT in types else None
    if limit is not None:
        set_parameter(
            product_imei=product.pk, parameter_type=types[ENERGY_LIMIT], value=limit, by=by
        )


def _settable(product: Product) -> dict[str, ParameterType]:
    """The two types of parameter, by name, as far as units of this product type have them."""
    rows = ParameterType.objects.filter(
        pk__in=product.product_type.parameter_types, name__in=(ENERGY_LIMIT, WATTAGE)
    )
    return {row.name: row for row in rows}


def _energy_limit(battery_type_id: int | None) -> float | None:
    """Wh; a limit of Unknown Entity, which owns new units, goes before the one for everybody."""
    if battery_type_id is None:
        return None
    rows = DefaultEnergyLimit.objects.filter(
        Q(entity=UNKNOWN_ENTITY_ID) | Q(entity__isnull=True),
        battery_type_id=battery_type_id,
        state_type_id=LifeStage.STORED,
    )
    limits = {row.entity_id: row.energy_limit for row in rows}
    return limits.get(UNKNOWN_ENTITY_ID, limits.get(None))
