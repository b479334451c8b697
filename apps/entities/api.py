"""Actions on owners and customers of units: each means more than one row."""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.actions import ActionView, Answer, Call, ProductAction, operation, require_visible
from apps.core.errors import NotFound
from apps.core.levels import Level
from apps.core.models import Record
from apps.core.reader import row_bytes
from apps.core.serializers import StrictInteger, StrictText
from apps.core.tables import table_of
from apps.entities.errors import UnknownEntity
from apps.entities.selectors import owner_names
from apps.entities.services import customers, owners

_INT_MIN, _INT_MAX = -(2**31), 2**31 - 1


class ExternalIdentity(serializers.Serializer):
    """How the system that sells to customers tells them apart."""

    external_customer_id = StrictInteger(
        required=False, allow_null=True, min_value=_INT_MIN, max_value=_INT_MAX
    )
    external_customer_code = StrictText(required=False, allow_null=True, max_length=255)


class NewCustomer(ExternalIdentity):
    """A customer to be; at least one of the two external identifiers is needed."""

    name = StrictText(max_length=255)
    entity_id = StrictInteger()


class CustomerChoice(ExternalIdentity):
    """A customer by customer_id or an external identifier; the reason is for who loses the unit."""

    customer_id = StrictInteger(required=False, allow_null=True)
    removal_reason = StrictText(required=False, max_length=255)


class Removal(serializers.Serializer):
    """Why a customer loses a unit."""

    removal_reason = StrictText(required=False, max_length=255)


class EntityChoice(serializers.Serializer):
    """An entity that the caller may see."""

    entity_id = StrictInteger()


class EntityExchange(serializers.Serializer):
    """An entity that owns a unit, and the one to own it instead."""

    old_entity_id = StrictInteger()
    new_entity_id = StrictInteger()


class AssignEntity(ProductAction):
    """Assign a unit to one more entity; it may have many.

    The first one takes the place of entity #1, Unknown Entity, to which units without an entity
    belong. A repeated request changes nothing. Who may see the unit follows at the next request.
    """

    path = "products/<imei>/assign_entity"

    @operation(level=Level.ADMIN, summary=_("Assign a unit to an entity"), body=EntityChoice)
    def put(self, call: Call) -> Answer:
        _require_entities(call, "entity_id")
        owners.assign_entity(**_of_unit(call), **call.data)
        return _assigned(call, call.data["entity_id"])


class ChangeEntity(ProductAction):
    """Assign a unit to one entity in place of another; its other entities stay.

    A repeated request changes nothing. Who may see the unit follows at the next request.
    """

    path = "products/<imei>/change_entity"

    @operation(level=Level.ADMIN, summary=_("Change an entity of a unit"), body=EntityExchange)
    def put(self, call: Call) -> Answer:
        _require_entities(call, "old_entity_id", "new_entity_id")
        owners.change_entity(**_of_unit(call), **call.data)
        return _assigned(call, call.data["new_entity_id"])


class RemoveEntity(ProductAction):
    """Take a unit from an entity. Without any, it is assigned to entity #1, Unknown Entity.

    Who may see the unit follows at the next request.
    """

    path = "products/<imei>/remove_entity"
    aliases = ("products/<imei>/remove",)

    @operation(level=Level.ADMIN, summary=_("Take a unit from an entity"), body=EntityChoice)
    def put(self, call: Call) -> Answer:
        _require_entities(call, "entity_id")
        owners.remove_entity(**_of_unit(call), **call.data)
        text = _("Entity #{entity} removed from Product #{imei}")
        return Answer(text.format(entity=call.data["entity_id"], imei=call.imei), _entities(call))


class CreateCustomer(ActionView):
    """Create a customer of an entity. An external id or code is unique within the entity."""

    path = "customers/create_customer"

    @operation(level=Level.ADMIN, summary=_("Create a customer"), body=NewCustomer, status=201)
    def post(self, call: Call) -> Answer:
        _require_entities(call, "entity_id")
        customer = customers.create_customer(**call.data, by=call.caller.username)
        return Answer(_("Customer created"), _record(customer, call))


class ChangeCustomer(ProductAction):
    """Give a unit to a customer of an entity that owns it. A repeated request changes nothing."""

    path = "products/<imei>/change_customer"

    @operation(level=Level.ADMIN, summary=_("Give a unit to a customer"), body=CustomerChoice)
    def put(self, call: Call) -> Answer:
        choice = dict(call.data)
        reason = {k: choice.pop(k) for k in ("removal_reason",) if k in choice}
        row, is_new = customers.change_customer(
            product_imei=call.imei,
            customer=choice,
            within=call.caller.entity_id,
            by=call.caller.username,
            **reason,
        )
        text = (
            _("Product #{imei} given to customer #{customer}")
            if is_new
            else _("Product #{imei} is already with customer #{customer}")
        )
        return Answer(text.format(imei=call.imei, customer=row.customer_id), _record(row, call))


class ExpireCustomer(ProductAction):
    """Take a unit from the customer who has it."""

    path = "products/<imei>/expire_customer"

    @operation(level=Level.ADMIN, summary=_("Take a unit from its customer"), body=Removal)
    def put(self, call: Call) -> Answer:
        row = customers.expire_customer(
            product_imei=call.imei, by=call.caller.username, **call.data
        )
        if row is None:
            return Answer(_("Product #{imei} has no customer").format(imei=call.imei))
        text = _("Product #{imei} taken from customer #{customer}")
        return Answer(text.format(imei=call.imei, customer=row.customer_id), _record(row, call))


ACTIONS = (
    AssignEntity,
    ChangeEntity,
    RemoveEntity,
    CreateCustomer,
    ChangeCustomer,
    ExpireCustomer,
)


def _require_entities(call: Call, *columns: str) -> None:
    """UnknownEntity for the columns that name no entity, or none that the caller may see."""
    missing = []
    for column in columns:
        try:
            require_visible("entity", str(call.data[column]), call.caller)
        except NotFound:
            missing.append(column)
    if missing:
        raise UnknownEntity(*missing)


def _of_unit(call: Call) -> dict[str, Any]:
    """What every service on the owners of a unit is told of the call."""
    return {
        "product_imei": call.imei,
        "within": call.caller.entity_id,
        "by": call.caller.username,
    }


def _assigned(call: Call, entity_id: int) -> Answer:
    text = _("Product #{imei} assigned to entity: {entity}")
    return Answer(text.format(imei=call.imei, entity=entity_id), _entities(call))


def _entities(call: Call) -> dict[str, list[str]]:
    return {call.imei: owner_names(call.imei, seen_by=call.caller.entity_id)}


def _record(row: Record, call: Call) -> Any:
    """The row exactly as its table serves it."""
    return orjson.Fragment(row_bytes(table_of(type(row)), call.caller, str(row.pk)))
