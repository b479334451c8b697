"""What ownership tells of a unit: which entity has it, and which customer."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.stories import Card, Event, Fact, card, events, row_url, rows_of
from apps.entities.models import Customer, CustomerProductHistory, Entity, ProductEntityLinker


@card(order=30, table="product_entity_linker")
def owner(imei: str) -> Card:
    """Who owns the unit and who uses it, now."""
    facts = []
    owned = ProductEntityLinker.objects.filter(product_id=imei, date_removed=None)
    for name, key, since in owned.values_list("entity__name", "entity_id", "date_added"):
        facts.append(Fact(_("Entity"), name, url=row_url(Entity, key)))
        if since:
            facts.append(Fact(_("Since"), "", when=since))
    used = CustomerProductHistory.objects.filter(product_id=imei, date_removed=None)
    for name, key, code, since in used.values_list(
        "customer__name", "customer_id", "customer__external_customer_code", "date_added"
    ):
        facts.append(Fact(_("Customer"), name, code or "", url=row_url(Customer, key)))
        if since:
            facts.append(Fact(_("Customer since"), "", when=since))
    return Card(
        _("Owner and customer"),
        "group",
        tuple(facts),
        rows_of(ProductEntityLinker, imei),
        _("All owners"),
        _("The unit belongs to no entity."),
    )


@events(order=70, kind="owners", label=lazy("Owners"), table="product_entity_linker")
def owners(imei: str, limit: int) -> list[Event]:
    rows = ProductEntityLinker.objects.filter(product_id=imei).order_by("-date_added", "-pk")
    columns = ("date_added", "date_removed", "entity__name", "created_by", "modified_by")
    found = []
    for added, removed, name, by, removed_by in rows.values_list(*columns)[:limit]:
        if added:
            title = _("Given to {entity}").format(entity=name)
            found.append(Event(added, title, by=by or "", icon="domain_add"))
        if removed:
            title = _("Taken from {entity}").format(entity=name)
            found.append(Event(removed, title, by=removed_by or "", icon="domain_disabled"))
    return _newest(found, limit)


@events(order=70, kind="owners", label=lazy("Owners"), table="customer_product_history")
def customers(imei: str, limit: int) -> list[Event]:
    rows = CustomerProductHistory.objects.filter(product_id=imei).order_by("-date_added", "-pk")
    columns = (
        "date_added",
        "date_removed",
        "customer__name",
        "removal_reason",
        "created_by",
        "modified_by",
    )
    found = []
    for added, removed, name, reason, by, removed_by in rows.values_list(*columns)[:limit]:
        if added:
            title = _("Given to customer {name}").format(name=name)
            found.append(Event(added, title, by=by or "", icon="person_add", tone="info"))
        if removed:
            title = _("Taken from customer {name}").format(name=name)
            found.append(Event(removed, title, reason or "", removed_by or "", "person_remove"))
    return _newest(found, limit)


def _newest(found: Iterable[Event], limit: int) -> list[Event]:
    return sorted(found, key=lambda event: event.when, reverse=True)[:limit]
