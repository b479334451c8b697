"""What repairs have to do with a unit being off."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.core.causes import Cause, Role, cause
from apps.core.stories import Fact, row_url
from apps.core.wording import ago
from apps.products.lifecycle import LifeStage
from apps.products.models import Product
from apps.products.selectors import stage_of
from apps.repairs.models import Repair
from apps.repairs.story import IN_PROGRESS


@cause(order=20, table="repair")
def in_repair(unit: Product) -> Cause | None:
    """A repair that is not over: where the unit is, and since when."""
    row = (
        Repair.objects.filter(IN_PROGRESS, product=unit)
        .order_by("-created_at", "-pk")
        .values_list("pk", "created_at", "repair_centre__name", "created_by")
        .first()
    )
    if row is None:
        return None
    key, begun, centre, by = row
    here = stage_of(unit) == LifeStage.IN_REPAIR_SYSTEM or not unit.current_enable_flag
    text = (
        _("In repair at {centre}: repair #{number} was begun {when}.")
        if centre
        else _("In repair: repair #{number} was begun {when}.")
    )
    facts = [Fact(_("Begun"), "", when=begun)]
    if by:
        facts.append(Fact(_("Begun by"), by))
    return Cause(
        key="in_repair",
        sentence=text.format(centre=centre, number=key, when=ago(begun)),
        role=Role.ANSWER if here else Role.REMARK,
        tone="info",
        icon="build",
        facts=tuple(facts),
        url=row_url(Repair, key),
        link=_("Open the repair"),
    )
