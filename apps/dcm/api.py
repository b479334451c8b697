"""Actions on the credit of a unit. Reference: "DCM API Examples"."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.core.actions import Answer, Call, ProductAction, operation, require_visible
from apps.core.errors import NotFound
from apps.core.levels import Level
from apps.core.serializers import StrictChoice, StrictInteger, StrictText
from apps.dcm.errors import RepeatedTransaction
from apps.dcm.models import PaymentCategory
from apps.dcm.selectors import balance_and_pending
from apps.dcm.services.commands import LARGEST_VALUE, add_payment_command
from apps.dcm.services.resets import force_reset

_COMMANDS = [choice for choice in PaymentCategory.choices if choice[0] != "force-reset"]


class TransactionId(StrictText):
    """What makes a request one and the same however often it comes: compared as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=255, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        # Else one id could be written in two ways, and a payment booked under both.
        if text != text.strip() or not text.isprintable():
            raise serializers.ValidationError(
                _("A transaction_id is printable text without spaces around it")
            )
        return text


class NewCommand(serializers.Serializer):
    """A change of a unit's credit, in seconds."""

    value = StrictInteger(min_value=-LARGEST_VALUE, max_value=LARGEST_VALUE)
    category = StrictChoice(choices=_COMMANDS)
    transaction_id = TransactionId()


class Reset(serializers.Serializer):
    """The id under which a unit is reset: used once."""

    transaction_id = TransactionId()


class AddPaymentCommand(ProductAction):
    """Add credit to a unit, take some back, or set it to zero.

    The command is offered to the unit until it acknowledges. A transaction_id that was used before
    is refused, with the details of its first use in `data`, and has no second effect.
    """

    path = "products/<imei>/add_payment_command"

    @operation(
        level=Level.ADMIN,
        summary=gettext_lazy("Add credit to a unit, take it back, or set it to zero"),
        body=NewCommand,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        try:
            add_payment_command(product_imei=call.imei, by=call.caller.username, **call.data)
        except RepeatedTransaction as error:
            raise _as_far_as_known(error, call) from None
        return Answer(_("new payment_command added to product #{imei}").format(imei=call.imei))


class ForceReset(ProductAction):
    """Take all credit from a unit that does not answer, and say at once how much that was.

    `outstanding_payments` are the seconds of the commands that the unit had not acknowledged,
    `last_known_balance` those it last said it had left, null where it never did.
    """

    path = "products/<imei>/force_reset"

    @operation(
        level=Level.ADMIN,
        summary=gettext_lazy("Take all credit from a unit that does not answer"),
        body=Reset,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        try:
            given = force_reset(
                product_imei=call.imei,
                transaction_id=call.data["transaction_id"],
                by=call.caller.username,
            )
        except RepeatedTransaction as error:
            raise _as_far_as_known(error, call) from None
        return Answer(
            _("Product #{imei} has been Force-Reset").format(imei=call.imei),
            {
                "outstanding_payments": given.outstanding_payments,
                "last_known_balance": given.last_known_balance,
            },
        )


class BalanceAndPendingPayments(ProductAction):
    """What a unit last said it has left, and the commands it has yet to acknowledge."""

    path = "products/<imei>/balance_and_pending_payments"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("What a unit has left, and what it has yet to book"),
    )
    def get(self, call: Call) -> Answer:
        return Answer(
            _("Balance and pending credits."), balance_and_pending(product_imei=call.imei)
        )


def _as_far_as_known(error: RepeatedTransaction, call: Call) -> RepeatedTransaction:
    """With the details of the first use, if the caller may know of its unit."""
    try:
        require_visible("product", error.product_imei, call.caller)
    except NotFound:
        return error
    return error.telling()


ACTIONS = (AddPaymentCommand, ForceReset, BalanceAndPendingPayments)
