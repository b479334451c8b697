"""What repairs add to the back office: their place in the menu and what is on the bench."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.callers import Caller
from apps.core.menu import CATALOGUE, RULES, place, section
from apps.core.panels import Figure, Panel, panel
from apps.core.resources import registry
from apps.core.scope import restrict
from apps.repairs.models import Repair
from apps.repairs.story import IN_PROGRESS

section("repairs", _("Repairs"), icon="build", order=30)
place(
    "repairs",
    "repair",
    "repair_symptom_type_linker",
    "repair_action_type_linker",
    "repair_part_type_linker",
    "repair_product_linker",
    "repair_workflow_event",
    "repair_workflow_state",
    "repair_workflow_history",
    "repair_centre",
    "user_repair_centre_link",
)
place(CATALOGUE, "symptom_type", "action_type")
place(
    RULES,
    "symptom_type_product_type_linker",
    "action_type_product_type_linker",
    "repair_workflow_selector",
)


@panel(order=30, table="repair")
def under_way(caller: Caller) -> Panel:
    """Repairs in progress."""
    rows = restrict(Repair.objects.filter(IN_PROGRESS), caller, registry.named("repair").scope)
    page = f"{reverse('admin:repairs_repair_changelist')}?progress=open"
    figure = Figure(_("Repairs"), rows.count(), "build", page, _("in progress"), "info")
    return Panel(figures=(figure,))
