"""What entities add to the back office: their place in the menu and units by owner at home."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.callers import Caller
from apps.core.menu import place, section
from apps.core.panels import Bar, Chart, Panel, panel
from apps.entities.models import ProductEntityLinker

section("entities", _("Entities and customers"), icon="groups", order=40)
place(
    "entities",
    "customer",
    "entity",
    "hub",
    "shop",
    "product_entity_linker",
    "customer_product_history",
    "customer_entity_linker",
    "entity_facility_linker",
)
_MOST_BARS = 6


@panel(order=40, table="product_entity_linker")
def units_by_entity(caller: Caller) -> Panel:
    """Units by owner; the smallest owners together."""
    owned = ProductEntityLinker.objects.filter(date_removed=None)
    if caller.entity_id is not None:
        owned = owned.filter(entity_id=caller.entity_id)
    rows = list(
        owned.values_list("entity_id", "entity__name")
        .annotate(n=Count("pk"))
        .order_by("-n", "entity__name")
    )
    units = reverse("admin:products_product_changelist")
    bars = [Bar(name, count, f"{units}?entity={key}") for key, name, count in rows[:_MOST_BARS]]
    rest = sum(count for _key, _name, count in rows[_MOST_BARS:])
    if rest:
        bars.append(Bar(_("Other entities"), rest, reverse("admin:entities_entity_changelist")))
    return Panel(charts=(Chart(_("Units per entity"), tuple(bars), _("No unit has an owner.")),))
