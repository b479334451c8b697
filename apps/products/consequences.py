"""What follows from a unit's move, as far as units go.

A TERMINATED unit is refused when it connects (`apps.connectivity`), so nothing may wait for it any
more. Its owners and its groups stay: they tell whose unit it was.
"""

from __future__ import annotations

from apps.products.lifecycle import LifeStage
from apps.products.models import ProductParameter
from apps.products.moves import Move, consequence
from apps.products.services.settings import expire_values
from apps.products.services.switch import withdraw_enable
from apps.products.services.updates import expire_software_updates


@consequence
def nothing_waits_for_a_terminated_unit(move: Move) -> None:
    """The wish to switch it on, updates and parameters that it did not confirm are called off."""
    if move.after is not LifeStage.TERMINATED:
        return
    withdraw_enable(product=move.product, by=move.by)
    expire_software_updates(product_imei=move.product.pk, by=move.by)
    waiting = ProductParameter.objects.filter(product=move.product)
    expire_values(waiting, now=move.at, by=move.by)
