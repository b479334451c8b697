"""What one can do with a unit on its page that depends on its parts: its energy limit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.levels import Level
from apps.core.verb_fields import INPUT
from apps.core.verbs import Press, Said, Verb, VerbForm, verb
from apps.parts.services.energy_limits import STAGES, suggest_energy_limit
from apps.products.buttons.settings import SETTINGS
from apps.products.selectors import stage_of


class LimitForm(VerbForm):
    """An energy in Wh; the service reads it."""

    energy_limit = forms.CharField(
        label=lazy("Energy limit (Wh)"),
        max_length=20,
        widget=forms.NumberInput(attrs={**INPUT, "min": 0, "step": "any", "inputmode": "decimal"}),
    )


def _suggest(press: Press) -> Said:
    limit = suggest_energy_limit(
        product_imei=press.unit.pk, energy_limit=press.values["energy_limit"], by=press.by
    )
    if not limit.bounded:
        text = _("{unit} will give up to {applied} Wh from its next contact on.")
    elif limit.applied < limit.requested:
        text = _("{unit} will give up to {applied} Wh: {requested} Wh is more than it may give.")
    else:
        text = _("{unit} will give up to {applied} Wh: {requested} Wh is less than it must give.")
    words = {"applied": f"{limit.applied:g}", "requested": f"{limit.requested:g}"}
    return Said(text.format(unit=press.unit.serial_number, **words))


verb(
    Verb(
        name="suggest-energy-limit",
        group=SETTINGS,
        label=lazy("Ask for an energy limit"),
        icon="electric_bolt",
        level=Level.TECHNICAL,
        consequence=lazy(
            "What lies beyond the bounds of its battery is cut to them. The unit takes it at its"
            " next contact."
        ),
        form=LimitForm,
        offered=lambda unit, caller: stage_of(unit) in STAGES,
        act=_suggest,
    )
)
