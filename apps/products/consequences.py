"""What follows from a unit's move, as far as units go.

A TERMINATED unit is refused when it connects (`apps.connectivity`), so nothing may wait for it any
more. Its owners and its groups stay: they tell whose unit it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from apps.products.lifecycle import LifeStage
from apps.products.models import ProductParameter
from apps.products.moves import Move, consequence
from apps.products.services.settings import expire_values
from apps.products.services.switch import withdraw_enable
from apps.products.services.updates import expire_units


@consequence
def nothing_waits_for_terminated_units(moves: Sequence[Move]) -> None:
    """The wish to switch them on, updates and parameters they did not confirm are called off."""
    ended = [move for move in moves if move.after is LifeStage.TERMINATED]
    if not ended:
        return
    for move in ended:
        withdraw_enable(product=move.product, by=move.by)
    imeis, last = [move.product.pk for move in ended], ended[-1]
    expire_units(imeis=imeis, by=last.by)
    expire_values(ProductParameter.objects.filter(product__in=imeis), now=last.at, by=last.by)
