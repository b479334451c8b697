"""Every write about customers: who they are, to whom they belong, and which unit they have."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from apps.entities.errors import (
    AmbiguousCustomer,
    CustomerExists,
    UnidentifiedCustomer,
    UnknownCustomer,
    UnknownEntity,
)
from apps.entities.models import Customer, CustomerEntityLinker, CustomerProductHistory, Entity
from apps.entities.selectors import current_customer_of, customers_of, owners_of
from apps.entities.services.units import hold_unit

# What tells one customer of an entity from another, in the words of the system that sells to them.
EXTERNAL_COLUMNS: Final = ("external_customer_id", "external_customer_code")
REASON_CHANGED: Final = "Customer changed"
REASON_EXPIRED: Final = "Customer expired"


@transaction.atomic
def create_customer(
    *,
    name: str,
    entity_id: int,
    external_customer_id: int | None = None,
    external_customer_code: str | None = None,
    by: str,
) -> Customer:
    """Make a new customer of an entity.

    At least one external identifier is given, and no customer the entity has now bears either.
    Raises UnidentifiedCustomer, UnknownEntity or CustomerExists, and has then written nothing.
    """
    given = {
        "external_customer_id": external_customer_id,
        "external_customer_code": external_customer_code,
    }
    if all(value is None for value in given.values()):
        raise UnidentifiedCustomer(EXTERNAL_COLUMNS)
    # Two requests for the same customer wait for each other here: no index compares their rows.
    entity = Entity.objects.select_for_update(no_key=True).filter(pk=entity_id).first()
    if entity is None:
        raise UnknownEntity
    for column, value in given.items():
        if value is not None and customers_of([entity_id]).filter(**{column: value}).exists():
            raise CustomerExists(column)
    now = timezone.now()
    customer = Customer.objects.create(name=name, created_by=by, created_at=now, **given)
    CustomerEntityLinker.objects.create(
        customer=customer, entity=entity, date_added=now, created_by=by, created_at=now
    )
    return customer


@transaction.atomic
def change_customer(
    *,
    product_imei: str,
    customer: dict[str, Any],
    within: int | None = None,
    removal_reason: str = REASON_CHANGED,
    by: str,
) -> tuple[CustomerProductHistory, bool]:
    """Give a unit to a customer of an entity that owns it; whoever had it until now loses it.

    `customer` names the customer by customer_id, by an external identifier, or by several of them,
    which must agree. `within` leaves only the customers of that entity. Returns the open row, and
    whether it is new: a unit that the customer already has stays as it is. Raises NotFound,
    UnidentifiedCustomer, UnknownCustomer or AmbiguousCustomer, and has then written nothing.
    """
    hold_unit(product_imei)
    wanted = _customer_for(product_imei, customer, within)
    current = current_customer_of(product_imei)
    if current is not None:
        if current.customer_id == wanted.pk:
            return current, False
        _close(current, removal_reason=removal_reason, by=by)
    now = timezone.now()
    row = CustomerProductHistory.objects.create(
        customer=wanted, product_id=product_imei, date_added=now, created_by=by, created_at=now
    )
    return row, True


@transaction.atomic
def expire_customer(
    *, product_imei: str, removal_reason: str = REASON_EXPIRED, by: str
) -> CustomerProductHistory | None:
    """Take a unit from the customer who has it; returns the closed row, None if nobody has it."""
    hold_unit(product_imei)
    current = current_customer_of(product_imei)
    if current is not None:
        _close(current, removal_reason=removal_reason, by=by)
    return current


def _customer_for(product_imei: str, named: dict[str, Any], within: int | None) -> Customer:
    """The one customer so named among those of the unit's owners."""
    given = {column: value for column, value in named.items() if value is not None}
    if not given:
        raise UnidentifiedCustomer(("customer_id", *EXTERNAL_COLUMNS))
    found = list(customers_of(owners_of(product_imei, within=within)).filter(**given)[:2])
    if not found:
        raise UnknownCustomer(given)
    if len(found) > 1:
        raise AmbiguousCustomer(given)
    return found[0]


def _close(row: CustomerProductHistory, *, removal_reason: str, by: str) -> None:
    """End a customer's time with a unit now, never before it began."""
    now = timezone.now()
    row.date_removed = max(now, row.date_added or now)
    row.removal_reason = removal_reason
    row.modified_at = now
    row.modified_by = by
    row.save(update_fields=["date_removed", "removal_reason", "modified_at", "modified_by"])
