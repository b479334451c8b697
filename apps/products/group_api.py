"""Actions on groups of units. The reference serves the tables alone; these write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.core.actions import ActionView, Answer, Call, operation, require_visible
from apps.core.errors import Invalid, NotFound
from apps.core.levels import Level
from apps.core.reader import row_bytes
from apps.core.serializers import StrictText
from apps.core.tables import table_of
from apps.products.models import ProductProductGroupLinker
from apps.products.services.groups import add_to_group, remove_from_group


class ProductChoice(serializers.Serializer):
    """A unit that the caller may see."""

    product_imei = StrictText()


class GroupAction(ActionView):
    """An action on one group, `<product_group_id>` in its path; out of scope it is not there."""

    def find(self, call: Call) -> None:
        require_visible("product_group", call.path["product_group_id"], call.caller)

    def act(self, call: Call, service: Callable[..., Any]) -> Any:
        """Call a service on the group and the unit that the body names."""
        product_imei = call.data["product_imei"]
        try:
            require_visible("product", product_imei, call.caller)
        except NotFound:
            raise Invalid({"product_imei": _("No row with this key exists")}) from None
        return service(
            product_imei=product_imei,
            product_group_id=int(call.path["product_group_id"]),
            by=call.caller.username,
        )

    def answer(self, call: Call, text: str, row: ProductProductGroupLinker) -> Answer:
        """The row exactly as its table serves it."""
        body = row_bytes(table_of(ProductProductGroupLinker), call.caller, str(row.pk))
        message = text.format(imei=row.product_id, group=row.product_group_id)
        return Answer(message, orjson.Fragment(body))


class AddProduct(GroupAction):
    """Put a unit into a group.

    A group with a product type or an entity takes only units of that type, or assigned to that
    entity. A repeated request changes nothing. The answer is the row of
    product_product_group_linker.
    """

    path = "product_groups/<product_group_id>/add_product"

    @operation(
        level=Level.ADMIN, summary=gettext_lazy("Put a unit into a group"), body=ProductChoice
    )
    def put(self, call: Call) -> Answer:
        row, is_new = self.act(call, add_to_group)
        if is_new:
            return self.answer(call, _("Product #{imei} added to group #{group}"), row)
        return self.answer(call, _("Product #{imei} is already in group #{group}"), row)


class RemoveProduct(GroupAction):
    """Take a unit out of a group. The answer is the row of product_product_group_linker."""

    path = "product_groups/<product_group_id>/remove_product"

    @operation(
        level=Level.ADMIN, summary=gettext_lazy("Take a unit out of a group"), body=ProductChoice
    )
    def put(self, call: Call) -> Answer:
        row = self.act(call, remove_from_group)
        return self.answer(call, _("Product #{imei} removed from group #{group}"), row)


ACTIONS = (AddProduct, RemoveProduct)
