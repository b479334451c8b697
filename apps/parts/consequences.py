"""What follows from a unit's move for its parts: the energy its battery may give."""

from __future__ import annotations

from collections.abc import Sequence

from apps.parts.models import PartParameter
from apps.parts.services.energy_limits import set_default_energy_limit, with_default_limit
from apps.products.lifecycle import LifeStage
from apps.products.moves import Move, consequence
from apps.products.services.settings import expire_values


@consequence
def the_energy_limit_is_that_of_the_stage(moves: Sequence[Move]) -> None:
    """Where the battery has a default limit in the new stage, the unit is asked to keep to it."""
    alive = [move for move in moves if move.after is not LifeStage.TERMINATED]
    with_limit = with_default_limit([move.product.pk for move in alive])
    for move in alive:
        if move.product.pk in with_limit:
            set_default_energy_limit(product_imei=move.product.pk, by=move.by)


@consequence
def nothing_waits_for_terminated_units(moves: Sequence[Move]) -> None:
    """Parameters of their parts that they did not confirm are called off; the parts stay."""
    ended = [move for move in moves if move.after is LifeStage.TERMINATED]
    if ended:
        waiting = PartParameter.objects.filter(
            part__part_product_linker__product__in=[move.product.pk for move in ended],
            part__part_product_linker__date_removed__isnull=True,
        )
        expire_values(waiting, now=ended[-1].at, by=ended[-1].by)
