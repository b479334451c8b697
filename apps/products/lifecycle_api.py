"""Actions on where a unit stands: its stage of life and how it is paid for."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.levels import Level
from apps.core.serializers import StrictInteger
from apps.products.services.lifecycle import change_state

_LARGEST_KEY = 2**63 - 1


class NewState(serializers.Serializer):
    """The state_type_id of the stage to move to."""

    new_state = StrictInteger(min_value=1, max_value=_LARGEST_KEY)


class ChangeState(ProductAction):
    """Move a unit to another stage of its life, where the table of transitions allows it."""

    path = "products/<imei>/change_state"

    @operation(
        level=Level.ADMIN,
        summary=gettext_lazy("Move a unit to another stage of its life"),
        body=NewState,
    )
    def put(self, call: Call) -> Answer:
        change_state(
            product_imei=call.imei, new_state=call.data["new_state"], by=call.caller.username
        )
        return Answer(_("Product state changed"))


ACTIONS = (ChangeState,)
