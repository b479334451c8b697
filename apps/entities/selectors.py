"""Reads over entities, their customers and their units."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from apps.entities.models import Customer, CustomerProductHistory, ProductEntityLinker

# Stands in the owner's place where a unit has none; the catalogue keeps this row in its place.
UNKNOWN_ENTITY_ID: Final = 1


def customers_of(entity_ids: QuerySet | list[int]) -> QuerySet[Customer]:
    """The customers that these entities have now."""
    return Customer.objects.filter(
        customer_entity_linker__entity__in=entity_ids,
        customer_entity_linker__date_removed__isnull=True,
    ).distinct()


def owners_of(product_imei: str, *, within: int | None = None) -> QuerySet:
    """The ids of the entities that own a unit now; `within` leaves only that entity."""
    open_rows = ProductEntityLinker.objects.filter(product=product_imei, date_removed__isnull=True)
    if within is not None:
        open_rows = open_rows.filter(entity=within)
    return open_rows.values("entity_id")


def owner_names(product_imei: str, *, seen_by: int | None = None) -> list[str]:
    """The names of the entities that a unit is assigned to now, oldest first.

    A caller confined to the entity `seen_by` is told of that one, and of Unknown Entity, which is
    nobody's secret.
    """
    open_rows = ProductEntityLinker.objects.filter(product=product_imei, date_removed__isnull=True)
    if seen_by is not None:
        open_rows = open_rows.filter(entity__in=(seen_by, UNKNOWN_ENTITY_ID))
    by_age = open_rows.order_by("date_added", "product_entity_linker_id")
    return list(by_age.values_list("entity__name", flat=True))


def current_customer_of(product_imei: str) -> CustomerProductHistory | None:
    """The open row of whoever has the unit now, or None."""
    return CustomerProductHistory.objects.filter(
        product=product_imei, date_removed__isnull=True
    ).first()
