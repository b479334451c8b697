"""The parameters a unit leaves the factory with.

Reference: "Default Energy Limits" and the `solar_panel_wattage` of create_enterprise.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.factory.errors import UnfitWattage
from apps.parts.models import DefaultEnergyLimit
from apps.products.models import ParameterStatus, ParameterType, Product, ProductParameter

_STORED = 2
_ENERGY_LIMIT, _WATTAGE = "energy_limit", "solar_panel_wattage"


def give_settings(
    *,
    product: Product,
    battery_type_id: int | None,
    solar_panel_wattage: int | None,
    by: str,
    now: datetime,
) -> None:
    """Record the power of a unit's panels (W), and ask it for the energy limit of its battery.

    The limit is the default for units in stock; a unit takes it over when it first connects. What
    the product type has no parameter for is not set. Raises UnfitWattage.
    """
    types = _settable(product)
    wanted: dict[str, str] = {}
    if solar_panel_wattage is not None and _WATTAGE in types:
        _refuse_unfit(solar_panel_wattage, types[_WATTAGE])
        wanted[_WATTAGE] = str(solar_panel_wattage)
    limit = _energy_limit(battery_type_id) if _ENERGY_LIMIT in types else None
    if limit is not None:
        wanted[_ENERGY_LIMIT] = str(limit)
    ProductParameter.objects.bulk_create(
        ProductParameter(
            product=product,
            parameter_type=types[name],
            value=value,
            status=ParameterStatus.PENDING if types[name].setting else ParameterStatus.ACTIVE,
            date_added=now,
            created_by=by,
            created_at=now,
        )
        for name, value in wanted.items()
    )


def _settable(product: Product) -> dict[str, ParameterType]:
    """The two types of parameter, by name, as far as units of this product type have them."""
    rows = ParameterType.objects.filter(
        pk__in=product.product_type.parameter_types, name__in=(_ENERGY_LIMIT, _WATTAGE)
    )
    return {row.name: row for row in rows}


def _refuse_unfit(wattage: int, parameter_type: ParameterType) -> None:
    rules = parameter_type.validation_rules or {}
    low, high = rules.get("min", wattage), rules.get("max", wattage)
    if not low <= wattage <= high:
        raise UnfitWattage(low, high)


def _energy_limit(battery_type_id: int | None) -> float | None:
    """Wh; a limit of Unknown Entity, which owns new units, goes before the one for everybody."""
    if battery_type_id is None:
        return None
    rows = DefaultEnergyLimit.objects.filter(
        Q(entity=UNKNOWN_ENTITY_ID) | Q(entity__isnull=True),
        battery_type_id=battery_type_id,
        state_type_id=_STORED,
    )
    limits = {row.entity_id: row.energy_limit for row in rows}
    return limits.get(UNKNOWN_ENTITY_ID, limits.get(None))
