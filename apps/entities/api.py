"""Actions on customers: creating and moving them means more than one row."""

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
from apps.entities.services import customers

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


class CreateCustomer(ActionView):
    """Create a customer of an entity. An external id or code is unique within the entity."""

    path = "customers/create_customer"

    @operation(level=Level.ADMIN, summary=_("Create a customer"), body=NewCustomer, status=201)
    def post(self, call: Call) -> Answer:
        try:
            require_visible("entity", str(call.data["entity_id"]), call.caller)
        except NotFound:
            raise UnknownEntity from None
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


ACTIONS = (CreateCustomer, ChangeCustomer, ExpireCustomer)


def _record(row: Record, call: Call) -> Any:
    """The row exactly as its table serves it."""
    return orjson.Fragment(row_bytes(table_of(type(row)), call.caller, str(row.pk)))
