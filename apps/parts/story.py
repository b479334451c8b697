"""What parts tell of a unit: what is in it, and what came and went."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.stories import Card, Event, Fact, card, events, row_url, rows_of
from apps.parts.models import Part, PartProductLinker

_SHOWN = 8


@card(order=50, table="part_product_linker")
def parts(imei: str) -> Card:
    """The parts in the unit."""
    rows = (
        PartProductLinker.objects.filter(product_id=imei, date_removed=None)
        .order_by("part__part_type__part_type_category_id", "pk")
        .values_list("part_id", "part__serial_number", "part__part_type__name")
    )
    return Card(
        _("Parts"),
        "settings_input_component",
        tuple(
            Fact(kind, serial or _("no serial number"), url=row_url(Part, key))
            for key, serial, kind in rows[:_SHOWN]
        ),
        rows_of(PartProductLinker, imei),
        _("All parts, past ones too"),
        _("No parts are recorded in this unit."),
    )


@events(order=110, kind="parts", label=lazy("Parts"), table="part_product_linker")
def changes(imei: str, limit: int) -> list[Event]:
    rows = PartProductLinker.objects.filter(product_id=imei).order_by("-date_added", "-pk")
    columns = (
        "date_added",
        "date_removed",
        "part__part_type__name",
        "part__serial_number",
        "created_by",
        "modified_by",
    )
    found = []
    for added, removed, kind, serial, by, removed_by in rows.values_list(*columns)[:limit]:
        if added:
            title = _("{part} put in").format(part=kind)
            found.append(Event(added, title, serial or "", by or "", "add_circle"))
        if removed:
            title = _("{part} taken out").format(part=kind)
            found.append(Event(removed, title, serial or "", removed_by or "", "do_not_disturb_on"))
    return sorted(found, key=lambda event: event.when, reverse=True)[:limit]
