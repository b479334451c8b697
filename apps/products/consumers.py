"""What other apps' events mean for units."""

from __future__ import annotations

from apps.core.events import Event, consumer
from apps.products.services.groups import leave_groups_of_others


@consumer("entity_changed")
def owners_changed(event: Event) -> None:
    """A unit that left an entity leaves its groups: they are for that entity's units alone."""
    if event.data["removed"]:
        leave_groups_of_others(product_imei=event.subject, by=event.data["by"])
