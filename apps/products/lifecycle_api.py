"""Actions on where a unit stands: its stage of life and how it is paid for."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.levels import Level
from apps.core.serializers import StrictBoolean, StrictInteger
from apps.products.services.lifecycle import change_state
from apps.products.services.payg import set_dcm_enabled_flag, set_is_payg

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


class Payg(serializers.Serializer):
    """Whether a unit is still being paid for."""

    is_payg = StrictBoolean()


class SetIsPayg(ProductAction):
    """Say whether a unit is pay as you go; one that is paid off never runs out of credit."""

    path = "products/<imei>/set_is_payg"

    @operation(
        level=Level.TECHNICAL,
        summary=gettext_lazy("Say whether a unit is pay as you go"),
        body=Payg,
    )
    def put(self, call: Call) -> Answer:
        is_payg = call.data["is_payg"]
        set_is_payg(product_imei=call.imei, is_payg=is_payg, by=call.caller.username)
        text = _("is_payg for the Product {imei}, has been set to={value}")
        return Answer(text.format(imei=call.imei, value=is_payg))


class Enabled(serializers.Serializer):
    """Whether something is to be on."""

    enabled = StrictBoolean()


class SetDcmEnabledFlag(ProductAction):
    """Say whether a unit keeps its credit itself. A BPower20 always does."""

    path = "products/<imei>/set_dcm_enabled_flag"

    @operation(
        level=Level.TECHNICAL,
        summary=gettext_lazy("Say whether a unit keeps its credit itself"),
        body=Enabled,
    )
    def put(self, call: Call) -> Answer:
        enabled = call.data["enabled"]
        set_dcm_enabled_flag(product_imei=call.imei, enabled=enabled, by=call.caller.username)
        text = _("Product {imei}. DCM Enabled Flag set to {value}")
        return Answer(text.format(imei=call.imei, value=enabled))


ACTIONS = (ChangeState, SetIsPayg, SetDcmEnabledFlag)
