"""Payment commands: adding credit to a unit, taking it back, setting it to zero.

Reference: "DCM / PaymentCommands", "Adding Credit", "Removing Credit", "Zero-ing a unit".
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import DomainError, Invalid
from apps.core.events import publish
from apps.dcm.errors import RepeatedTransaction, UnitOutOfUse, ZeroCommandWaiting
from apps.dcm.models import PaymentCategory
from apps.dcm.selectors import first_use
from apps.dcm.services.reasons import keep_reason
from apps.dcm.services.standing import Standing, insert_command, lock_standing

# Seconds in one command: what the API's columns hold.
LARGEST_VALUE: Final = 2**31 - 1
# Seconds on one unit, three thousand years: within it, every expiry is a date, and every balance
# one that a unit may report.
LARGEST_CREDIT: Final = 10**11

# By category: whether a value fits, and what to say where it does not.
_SIGNS: Final = {
    PaymentCategory.PAYMENT: lambda value: value > 0,
    PaymentCategory.BAD_PAYMENT: lambda value: value < 0,
    PaymentCategory.ZERO_COMMAND: lambda value: value == 0,
}


@transaction.atomic
def add_payment_command(
    *,
    product_imei: str,
    category: str,
    value: int,
    transaction_id: str,
    by: str,
    reason: str = "",
) -> int:
    """Write a command for a unit, which is offered to it until it acknowledges; returns its id.

    `value` is in seconds: more than 0 for a payment, less for a bad-payment, 0 for a zero-command.
    `reason`, in the words of who gives it, is kept beside the command.
    Raises UnknownProduct; RepeatedTransaction where the transaction_id was ever used, before
    anything else is judged, so that a repetition always learns of the first; and a child of
    Invalid, with nothing written, where a rule is broken.
    """
    standing = lock_standing(product_imei=product_imei, transaction_id=transaction_id)
    if standing.id_used:
        raise repeated(transaction_id)
    refusal = refusal_of(standing, category, value)
    if refusal is not None:
        raise refusal
    key = insert_command(
        product_imei=product_imei,
        category=category,
        value=value,
        transaction_id=transaction_id,
        at=timezone.now(),
        by=by,
    )
    if key is None:
        raise repeated(transaction_id)
    keep_reason(command_id=key, reason=reason)
    publish(
        "payment_command_added",
        subject=product_imei,
        data={"payment_command_id": key, "category": category, "value": value, "by": by},
    )
    return key


def repeated(transaction_id: str) -> RepeatedTransaction:
    """The refusal of a transaction_id that was used before."""
    first = first_use(transaction_id=transaction_id)
    assert first is not None, "a transaction_id is used for ever"
    return RepeatedTransaction(product_imei=first["product_imei"], first=first)


def refusal_of(standing: Standing, category: str, value: int) -> DomainError | None:
    """Why a command may not be added where a unit's credit stands so, if it may not."""
    fits = _SIGNS.get(PaymentCategory(category))
    if fits is None:
        return Invalid({"category": _("A force-reset has an endpoint of its own")})
    if abs(value) > LARGEST_VALUE or not fits(value):
        return Invalid({"value": _wrong_sign(category)})
    takes = category != PaymentCategory.PAYMENT
    refusal = standing.refusal(takes=takes)
    if refusal is not None:
        return refusal
    if standing.terminated:
        return UnitOutOfUse(standing.product_imei)
    if standing.zero_waits:
        return ZeroCommandWaiting(standing.product_imei)
    if standing.added + value < 0:
        text = _("{value} is more than was ever added to the unit: {added} seconds can be removed")
        return Invalid({"value": text.format(value=value, added=standing.added)})
    if standing.added + value > LARGEST_CREDIT:
        text = _("The unit would have more than {most} seconds of credit")
        return Invalid({"value": text.format(most=LARGEST_CREDIT)})
    return None


def _wrong_sign(category: str) -> str:
    return {
        PaymentCategory.PAYMENT: _(
            "A payment adds credit: its value is a number of seconds above 0"
        ),
        PaymentCategory.BAD_PAYMENT: _(
            "A bad-payment removes credit: its value is a number of seconds below 0"
        ),
        PaymentCategory.ZERO_COMMAND: _("The value of a zero-command is 0"),
    }[PaymentCategory(category)]
