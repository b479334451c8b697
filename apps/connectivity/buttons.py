"""What one can do about a unit that has not been heard of: wake it up."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.connectivity.selectors import why_not_woken
from apps.connectivity.services.sms import send_wakeup
from apps.core.levels import Level
from apps.core.verbs import Press, Said, Verb, verb
from apps.products.models import Product


def _wake(press: Press) -> Said:
    send_wakeup(product_imei=press.unit.pk, by=press.by)
    text = _("A text message to wake {unit} up is on its way.")
    return Said(text.format(unit=press.unit.serial_number))


def _question(unit: Product) -> str:
    return _("Wake {unit} up?").format(unit=unit.serial_number)


verb(
    Verb(
        name="wake-up",
        order=30,
        label=lazy("Wake up"),
        icon="sms",
        level=Level.ADMIN,
        confirm=_question,
        submit=lazy("Send the text message"),
        consequence=lazy(
            "It is sent a text message, which costs money. With signal, it reports and hears what"
            " it is asked for within about two minutes instead of four hours."
        ),
        offered=lambda unit, caller: not why_not_woken([unit.pk]),
        act=_wake,
    )
)
