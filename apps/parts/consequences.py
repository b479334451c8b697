"""What follows from a unit's move for its parts: the energy its battery may give."""

from __future__ import annotations

from apps.parts.models import PartParameter
from apps.parts.services.energy_limits import set_default_energy_limit
from apps.products.lifecycle import LifeStage
from apps.products.moves import Move, consequence
from apps.products.services.settings import expire_values


@consequence
def the_energy_limit_is_that_of_the_stage(move: Move) -> None:
    """Where the battery has a default limit in the new stage, the unit is asked to keep to it."""
    if move.after is not LifeStage.TERMINATED:
        set_default_energy_limit(product_imei=move.product.pk, by=move.by)


@consequence
def nothing_waits_for_a_terminated_unit(move: Move) -> None:
    """Parameters of its parts that it did not confirm are called off; the parts stay in it."""
    if move.after is LifeStage.TERMINATED:
        waiting = PartParameter.objects.filter(
            part__part_product_linker__product=move.product,
            part__part_product_linker__date_removed__isnull=True,
        )
        expire_values(waiting, now=move.at, by=move.by)
