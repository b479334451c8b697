"""What one can do with a unit's credit on its page: add, take back, set to zero, force-reset.

Each form carries the transaction_id of its command from the moment it is shown: whoever presses
twice sends one command. The reason is kept with the command and as a note on the unit, in the same
transaction.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.core.verb_fields import INPUT, tick
from apps.core.verbs import Press, Said, Verb, VerbForm, VerbGroup, verb
from apps.dcm.amounts import exactly, signed
from apps.dcm.errors import RepeatedTransaction
from apps.dcm.models import LONGEST_REASON, PaymentCategory
from apps.dcm.selectors import credit_in_reach, what_a_reset_gives_back
from apps.dcm.services.commands import LARGEST_VALUE, add_payment_command
from apps.dcm.services.resets import force_reset
from apps.products.models import Product
from apps.products.services.notes import add_note

_PREFIX: Final = "office-"
_MADE_HERE = re.compile(rf"{_PREFIX}[0-9a-f]{{32}}", re.ASCII)
_MOST_DAYS: Final = LARGEST_VALUE // 86_400

PAYMENTS = VerbGroup("payments", order=38, label=lazy("Add or take credit"), icon="add_card")


class CreditForm(VerbForm):
    """Why the credit is changed, and the id under which that happens once."""

    reason = forms.CharField(
        label=lazy("Why?"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput({**INPUT, "autocomplete": "off"}),
        help_text=lazy("Stands on the statement for good, and as a note on the unit."),
        error_messages={"required": lazy("Say why, for whoever reads the statement later")},
    )
    transaction_id = forms.CharField(
        widget=forms.HiddenInput, initial=lambda: f"{_PREFIX}{uuid.uuid4().hex}"
    )
    field_order: Any = ("days", "hours", "minutes", "reason", "sure")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not _MADE_HERE.fullmatch(cleaned.get("transaction_id", "")):
            # What stands beside a hidden field is seen by nobody.
            raise forms.ValidationError(_("This form is incomplete: open the page anew."))
        return cleaned


def _amount_field(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.NumberInput({**INPUT, "inputmode": "numeric", "placeholder": "0"}),
    )


class AmountForm(CreditForm):
    """How much, in days, hours and minutes."""

    days = _amount_field(lazy("Days"), _MOST_DAYS)
    hours = _amount_field(lazy("Hours"), _MOST_DAYS * 24)
    minutes = _amount_field(lazy("Minutes"), LARGEST_VALUE // 60)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        parts = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
        seconds = sum((cleaned.get(name) or 0) * length for name, length in parts)
        if not seconds:
            raise forms.ValidationError(_("Say how much: days, hours or minutes."))
        if seconds > LARGEST_VALUE:
            text = _("At most {most} at once.")
            raise forms.ValidationError(text.format(most=exactly(LARGEST_VALUE)))
        return {**cleaned, "seconds": seconds}


class SureForm(CreditForm):
    """A step that cannot be taken back."""

    sure = tick(
        lazy("I know that this cannot be taken back"),
        error_messages={"required": lazy("Tick the box to go on")},
    )


def _act(category: PaymentCategory, sign: int, told: Any) -> Callable[[Press], Said]:
    """Add a command; `told` says so, with the amount and the unit."""

    def act(press: Press) -> Said:
        value = sign * press.values.get("seconds", 0)
        unit, words = press.unit.serial_number, exactly(value)
        try:
            with transaction.atomic():
                add_payment_command(
                    product_imei=press.unit.pk,
                    category=category,
                    value=value,
                    transaction_id=press.values["transaction_id"],
                    by=press.by,
                    reason=press.values["reason"],
                )
                _note_reason(press, f"{category.label}{f' {signed(value)}' if value else ''}")
        except RepeatedTransaction as error:
            return _repeated(error, press, category, value)
        return Said(str(told).format(amount=words, unit=unit))

    return act


def _reset(press: Press) -> Said:
    try:
        with transaction.atomic():
            given = force_reset(
                product_imei=press.unit.pk,
                transaction_id=press.values["transaction_id"],
                by=press.by,
                reason=press.values["reason"],
            )
            back = max(0, given.outstanding_payments + (given.last_known_balance or 0))
            text = _("Force reset, {amount} given back").format(amount=exactly(back))
            _note_reason(press, text)
    except RepeatedTransaction as error:
        return _repeated(error, press, PaymentCategory.FORCE_RESET, 0)
    text = _("{unit} was reset: {amount} are the customer's, to be given back or put elsewhere.")
    return Said(text.format(unit=press.unit.serial_number, amount=exactly(back)))


def _note_reason(press: Press, what: str) -> None:
    transaction_id, reason = press.values["transaction_id"], press.values["reason"]
    add_note(product_imei=press.unit.pk, text=f"{what} ({transaction_id}): {reason}", by=press.by)


def _repeated(
    error: RepeatedTransaction, press: Press, category: PaymentCategory, value: int
) -> Said:
    """The second press of one button changes nothing; another amount is not taken for the first."""
    first = error.first
    same = (press.unit.pk, category.value, value)
    if (error.product_imei, first["category"], first["value"]) == same:
        text = _("This was done already: nothing changed on {unit}.")
        return Said(text.format(unit=press.unit.serial_number), changed=False)
    raise Invalid(
        _("This form was sent before with other contents. Open the page anew and begin again.")
    )


def _counts_credit(unit: Product, caller: Caller) -> bool:
    return bool(unit.dcm_enabled_flag)


def _may_lose_credit(unit: Product, caller: Caller) -> bool:
    return bool(unit.dcm_enabled_flag and unit.is_payg)


def _taking(unit: Product) -> str:
    text = _(
        "It is taken when the unit is heard next, down to nothing at most; the unit switches itself"
        " off at nothing. At most {most} can be taken: what was ever added and still counts."
    )
    return text.format(most=exactly(credit_in_reach(product_imei=unit.pk)))


def _resetting(unit: Product) -> str:
    given = what_a_reset_gives_back(product_imei=unit.pk)
    text = _(
        "For a unit that does not answer any more. At once all its commands become void and its"
        " credit counts as nothing; {amount} go back to the customer: {known} that it last said it"
        " had left, and {waiting} that wait for it. If it comes back, it switches itself off."
    )
    return text.format(
        amount=exactly(max(0, sum(given))), known=exactly(given[0]), waiting=signed(given[1])
    )


verb(
    Verb(
        name="credit-add",
        group=PAYMENTS,
        label=lazy("Add credit"),
        icon="add_card",
        level=Level.ADMIN,
        order=1,
        consequence=lazy(
            "The unit books it when it is heard next, and then works that much longer. What is"
            " added by mistake can be taken back."
        ),
        form=AmountForm,
        offered=_counts_credit,
        act=_act(
            PaymentCategory.PAYMENT,
            1,
            lazy("{amount} are on their way to {unit}."),
        ),
    ),
    Verb(
        name="credit-take",
        group=PAYMENTS,
        label=lazy("Take credit back"),
        icon="credit_card_off",
        level=Level.ADMIN,
        order=2,
        consequence=_taking,
        form=AmountForm,
        offered=_may_lose_credit,
        act=_act(
            PaymentCategory.BAD_PAYMENT,
            -1,
            lazy("{amount} are taken from {unit} when it is heard next."),
        ),
    ),
    Verb(
        name="credit-zero",
        group=PAYMENTS,
        label=lazy("Set credit to zero"),
        icon="money_off",
        level=Level.ADMIN,
        order=3,
        consequence=lazy(
            "When the unit is heard next, it loses all its credit, switches itself off and says how"
            " much it had left. Until then no credit can be added or taken."
        ),
        form=SureForm,
        offered=_may_lose_credit,
        weight="danger",
        act=_act(
            PaymentCategory.ZERO_COMMAND, 1, lazy("{unit} is set to zero when it is heard next.")
        ),
    ),
    Verb(
        name="credit-force-reset",
        group=PAYMENTS,
        label=lazy("Force-reset credit"),
        icon="restart_alt",
        level=Level.ADMIN,
        order=4,
        consequence=_resetting,
        form=SureForm,
        offered=_may_lose_credit,
        weight="danger",
        act=_reset,
    ),
)
