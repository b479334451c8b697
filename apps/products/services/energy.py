"""How much energy a unit may give. Reference: "/products/<imei>/suggest_energy_limit"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.entities.selectors import owners_of
from apps.products.errors import UnknownProduct
from apps.products.lifecycle import LifeStage
from apps.products.models import ParameterStatus, ParameterType, Product, StateType
from apps.products.services.settings import set_parameter
from apps.products.values import number_in

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
    product = Product.objects.select_for_update().filter(pk=product_imei).first()
    if product is None:
        raise UnknownProduct
    requested = number_in(energy_limit)
    if requested is None or requested < 0:
        raise Invalid({"energy_limit": _("An energy limit is a number of Wh, 0 or more")})
    stage = _stage(product)
    _refuse_fixed(product)
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


def _limit_type() -> ParameterType:
    found = ParameterType.objects.filter(name=ENERGY_LIMIT).first()
    if found is None:
        raise Invalid(_("There is no parameter type energy_limit"))
    return found


def _stage(product: Product) -> StateType:
    stage = StateType.objects.filter(states=product.latest_state_id).first()
    if stage is None or stage.pk not in STAGES:
        text = _("Product #{imei} is not in one of the states {states}")
        names = ", ".join(allowed.name for allowed in STAGES)
        raise Invalid(text.format(imei=product.pk, states=names))
    return stage


def _refuse_fixed(product: Product) -> None:
    if _current(product, TOTAL_ACCESSORY_ENERGY) is not None:
        text = _("Product #{imei} has total_accessory_energy set, which fixes its energy limit")
        raise Invalid(text.format(imei=product.pk))


def _current(product: Product, name: str) -> float | None:
    """The newest active value of a parameter, if it reads as a number."""
    rows = product.product_parameter.filter(
        parameter_type__name=name, status=ParameterStatus.ACTIVE
    )
    value = rows.order_by("-product_parameter_id").values_list("value", flat=True).first()
    return None if value is None else number_in(value)


def _bounds(product: Product, stage: StateType) -> tuple[float | None, float | None]:
    """The least and the most energy a unit may give."""
    found = _defaults(product, stage)
    least, most = found if found else (None, None)
    cap = _current(product, ENERGY_LIMIT_CAP)
    if cap is not None:
        most = cap if most is None else min(most, cap)
        least = least if least is None else min(least, most)
    return least, most


def _defaults(product: Product, stage: StateType) -> tuple[float, float] | None:
    """The bounds for a unit's battery, those of an entity that owns it before those for all.

    Only batteries have such rows, so the part that has one is the battery.
    """
    rows: QuerySet = stage.energy_limit_states.filter(
        battery_type__parts__part_product_linker__product=product,
        battery_type__parts__part_product_linker__date_removed__isnull=True,
    ).order_by(F("entity_id").asc(nulls_last=True), "default_energy_limit_id")
    columns = ("min_energy_limit", "max_energy_limit")
    of_owner = rows.filter(entity__in=owners_of(product.pk)).values_list(*columns).first()
    return of_owner or rows.filter(entity__isnull=True).values_list(*columns).first()
