"""Actions on units."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.levels import Level
from apps.products.enable_status_api import ACTIONS as ENABLE_STATUS_ACTIONS
from apps.products.group_api import ACTIONS as GROUP_ACTIONS
from apps.products.lifecycle_api import ACTIONS as LIFECYCLE_ACTIONS
from apps.products.services import switch
from apps.products.software_api import ACTIONS as SOFTWARE_ACTIONS


class Enable(ProductAction):
    path = "products/<imei>/enable"

    @operation(level=Level.TECHNICAL, summary=gettext_lazy("Switch a unit on"))
    def put(self, call: Call) -> Answer:
        """The unit hears of it at its next connection and confirms by its report."""
        switch.enable_product(product_imei=call.imei, by=call.caller.username)
        return Answer(_("Product enabled"))


class Disable(ProductAction):
    path = "products/<imei>/disable"

    @operation(level=Level.TECHNICAL, summary=gettext_lazy("Switch a unit off"))
    def put(self, call: Call) -> Answer:
        """The unit hears of it at its next connection and confirms by its report."""
        switch.disable_product(product_imei=call.imei, by=call.caller.username)
        return Answer(_("Product disabled"))


class EnableTamperSwitch(ProductAction):
    path = "products/<imei>/enable_tamper_switch"

    @operation(level=Level.TECHNICAL, summary=gettext_lazy("Switch the tamper switch on"))
    def put(self, call: Call) -> Answer:
        """From its next connection the unit raises an alert when it is opened."""
        switch.enable_tamper_switch(product_imei=call.imei, by=call.caller.username)
        return Answer(_("Product #{imei} tamper_switch_enabled").format(imei=call.imei))


class DisableTamperSwitch(ProductAction):
    path = "products/<imei>/disable_tamper_switch"

    @operation(level=Level.TECHNICAL, summary=gettext_lazy("Switch the tamper switch off"))
    def put(self, call: Call) -> Answer:
        """For times when the switch would trigger by accident, such as transport."""
        switch.disable_tamper_switch(product_imei=call.imei, by=call.caller.username)
        return Answer(_("Product #{imei} tamper_switch_disabled").format(imei=call.imei))


ACTIONS = (
    Enable,
    Disable,
    EnableTamperSwitch,
    DisableTamperSwitch,
    *LIFECYCLE_ACTIONS,
    *SOFTWARE_ACTIONS,
    *GROUP_ACTIONS,
    *ENABLE_STATUS_ACTIONS,
)
