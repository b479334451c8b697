"""Reads over entities, their customers and their units."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.entities.models import Customer, CustomerProductHistory, ProductEntityLinker


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


def current_customer_of(product_imei: str) -> CustomerProductHistory | None:
    """The open row of whoever has the unit now, or None."""
    return CustomerProductHistory.objects.filter(
        product=product_imei, date_removed__isnull=True
    ).first()
