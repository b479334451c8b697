"""How a unit is paid for: by instalments or not, and who counts its credit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.levels import Level
from apps.core.verbs import Press, Said, Verb, VerbGroup, verb
from apps.products.models import Product
from apps.products.services.payg import BPOWER20, set_dcm_enabled_flag, set_is_payg


def _now(unit: Product) -> str:
    if not unit.is_payg:
        return _("Paid off")
    return _("Counts its credit itself") if unit.dcm_enabled_flag else _("Pay as you go")


CREDIT = VerbGroup("credit", order=40, label=lazy("Credit"), icon="payments", now=_now)


def _say(service: Callable[..., bool], argument: str, value: bool) -> Callable[[Press], Said]:
    def act(press: Press) -> Said:
        chosen: dict[str, Any] = {argument: value}
        changed = service(product_imei=press.unit.pk, by=press.by, **chosen)
        text = _("Saved for {unit}.") if changed else _("{unit} is so already: nothing changed.")
        return Said(text.format(unit=press.unit.serial_number), changed=changed)

    return act


verb(
    Verb(
        name="paid-off",
        group=CREDIT,
        label=lazy("Mark as paid off"),
        icon="verified",
        level=Level.TECHNICAL,
        consequence=lazy("It never runs out of credit again. You can change this back."),
        offered=lambda unit, caller: unit.is_payg,
        act=_say(set_is_payg, "is_payg", False),
    ),
    Verb(
        name="pay-as-you-go",
        group=CREDIT,
        label=lazy("Mark as pay as you go"),
        icon="payments",
        level=Level.TECHNICAL,
        consequence=lazy("It works only while there is credit. You can change this back."),
        offered=lambda unit, caller: not unit.is_payg,
        act=_say(set_is_payg, "is_payg", True),
    ),
    Verb(
        name="counts-credit",
        group=CREDIT,
        label=lazy("Let it count its credit"),
        icon="timer",
        level=Level.TECHNICAL,
        consequence=lazy(
            "Payments are sent to the unit, which switches itself off when they are used up."
        ),
        offered=lambda unit, caller: not unit.dcm_enabled_flag,
        act=_say(set_dcm_enabled_flag, "enabled", True),
    ),
    Verb(
        name="counts-no-credit",
        group=CREDIT,
        label=lazy("Stop it counting credit"),
        icon="timer_off",
        level=Level.TECHNICAL,
        consequence=lazy("The unit is switched on and off from here alone."),
        # A BPower20 always counts its credit.
        offered=lambda unit, caller: unit.dcm_enabled_flag and unit.product_type_id != BPOWER20,
        act=_say(set_dcm_enabled_flag, "enabled", False),
    ),
)
