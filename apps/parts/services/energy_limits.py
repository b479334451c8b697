"""How much energy a unit may give, by its battery and its stage of life.

Reference: "Default Energy Limit", "/products/<imei>/suggest_energy_limit".
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.entities.selectors import owners_of
from apps.parts.models import DefaultEnergyLimit
from apps.products.lifecycle import LifeStage
from apps.products.models import ParameterStatus, ParameterType, Product, StateType
from apps.products.services.settings import set_parameter, takes
from apps.products.services.units import hold_unit
from apps.products.values import number_in

logger = logging.getLogger(__name__)

ENERGY_LIMIT: Final = "energy_limit"
ENERGY_LIMIT_CAP: Final = "energy_limit_cap"
TOTAL_ACCESSORY_ENERGY: Final = "total_accessory_energy"

# The stages in which somebody uses the unit, or tries it out.
STAGES: Final = (LifeStage.ACTIVATED, LifeStage.MONITORED, LifeStage.IN_REPAIR_SYSTEM)


@dataclass(frozen=True, slots=True)
class EnergyLimit:
    """What was asked for and what is set, in Wh; without a bound that side is open."""

    requested: float
    applied: float
    max_energy_limit: float | None
    min_energy_limit: float | None

    @property
    def bounded(self) -> bool:
        """Whether less or more is set than was asked for."""
        return self.applied != self.requested


@transaction.atomic
def suggest_energy_limit(*, product_imei: str, energy_limit: Any, by: str) -> EnergyLimit:
    """Set the energy limit of a unit, in Wh, as near to the one asked for as its bounds allow.

    The bounds are those of its battery in its stage of life, and its energy_limit_cap; the cap has
    the last word. The unit hears of the limit at its next connection.
    Raises UnknownProduct, and Invalid for what is no energy, for a unit outside the stages
    ACTIVATED, MONITORED and IN_REPAIR_SYSTEM, and for one whose limit its appliances fix.
    """
    product = hold_unit(product_imei)
    requested = number_in(energy_limit)
    if requested is None or requested < 0:
        raise Invalid({"energy_limit": _("An energy limit is a number of Wh, 0 or more")})
    stage = _stage_in_use(product)
    if _fixed(product):
        text = _("Product #{imei} has total_accessory_energy set, which fixes its energy limit")
        raise Invalid(text.format(imei=product.pk))
    least, most = _bounds(product, stage)
    applied = requested if least is None else max(requested, least)
    applied = applied if most is None else min(applied, most)
    try:
        set_parameter(product_imei=product_imei, parameter_type=_limit_type(), value=applied, by=by)
    except Invalid as error:
        # The caller named no parameter: what is wrong with it is wrong with the energy limit.
        raise Invalid(
            {"energy_limit": " ".join(map(str, (error.errors or {}).values()))}
        ) from error
    return EnergyLimit(requested, applied, max_energy_limit=most, min_energy_limit=least)


@transaction.atomic
def set_default_energy_limit(*, product_imei: str, by: str) -> float | None:
    """Ask a unit for the limit that its battery has in its stage of life; returns it, in Wh.

    To be called where the stage or the battery changes. None, with nothing written, where there is
    no such limit, where the unit's appliances fix it, or where units of its type have no energy
    limit. A cap bounds the default as it bounds any other limit. Raises UnknownProduct.
    """
    product = hold_unit(product_imei)
    kind = ParameterType.objects.filter(name=ENERGY_LIMIT).first()
    stage = StateType.objects.filter(states=product.latest_state_id).first()
    if kind is None or stage is None or not takes(product, kind) or _fixed(product):
        return None
    default = _default(product, stage)
    if default is None:
        return None
    cap = _current(product, ENERGY_LIMIT_CAP)
    limit = default.energy_limit if cap is None else min(default.energy_limit, cap)
    try:
        set_parameter(product_imei=product_imei, parameter_type=kind, value=limit, by=by)
    except Invalid as error:
        # Nobody asked for this limit: what was done to the unit stands without it.
        logger.warning("unit %s does not take its default energy limit: %s", product.pk, error)
        return None
    return limit


def with_default_limit(imeis: Iterable[str]) -> set[str]:
    """Those of these units whose battery has a default limit, of whichever entity, where they are
    in their life: for all others `set_default_energy_limit` does nothing.
    """
    fitted = Product.objects.filter(
        pk__in=imeis,
        part_product_linker__date_removed__isnull=True,
        part_product_linker__part__part_type__default_energy_limits__state_type=F(
            "latest_state__current_state_type"
        ),
    )
    return set(fitted.values_list("pk", flat=True))


def _limit_type() -> ParameterType:
    found = ParameterType.objects.filter(name=ENERGY_LIMIT).first()
    if found is None:
        raise Invalid(_("There is no parameter type energy_limit"))
    return found


def _stage_in_use(product: Product) -> StateType:
    stage = StateType.objects.filter(states=product.latest_state_id).first()
    if stage is None or stage.pk not in STAGES:
        text = _("Product #{imei} is not in one of the states {states}")
        names = ", ".join(allowed.name for allowed in STAGES)
        raise Invalid(text.format(imei=product.pk, states=names))
    return stage


def _fixed(product: Product) -> bool:
    """Whether the appliances sold with the unit say how much it gives."""
    return _current(product, TOTAL_ACCESSORY_ENERGY) is not None


def _current(product: Product, name: str) -> float | None:
    """The newest active value of a parameter, if it reads as a number."""
    rows = product.product_parameter.filter(
        parameter_type__name=name, status=ParameterStatus.ACTIVE
    )
    value = rows.order_by("-product_parameter_id").values_list("value", flat=True).first()
    return None if value is None else number_in(value)


def _bounds(product: Product, stage: StateType) -> tuple[float | None, float | None]:
    """The least and the most energy a unit may give."""
    found = _default(product, stage)
    least, most = (found.min_energy_limit, found.max_energy_limit) if found else (None, None)
    cap = _current(product, ENERGY_LIMIT_CAP)
    if cap is not None:
        most = cap if most is None else min(most, cap)
        least = least if least is None else min(least, most)
    return least, most


def _default(product: Product, stage: StateType) -> DefaultEnergyLimit | None:
    """The row for a unit's battery, one of an entity that owns it before the one for all.

    Only batteries have such rows, so the part that has one is the battery.
    """
    rows = DefaultEnergyLimit.objects.filter(
        state_type=stage,
        battery_type__parts__part_product_linker__product=product,
        battery_type__parts__part_product_linker__date_removed__isnull=True,
    ).order_by(F("entity_id").asc(nulls_last=True), "default_energy_limit_id")
    of_owner = rows.filter(entity__in=owners_of(product.pk)).first()
    return of_owner or rows.filter(entity__isnull=True).first()
