"""Force-reset: giving back the credit of a unit that cannot answer. Reference: "Force-Reset"."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from apps.core.events import publish
from apps.dcm.models import Balance, ForceReset, PaymentCategory
from apps.dcm.services.balances import zero_balance
from apps.dcm.services.commands import repeated
from apps.dcm.services.reasons import keep_reason
from apps.dcm.services.standing import insert_command, lock_standing
from apps.dcm.services.voiding import void_earlier


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a force-reset gives back, in seconds. Their sum, at least 0, is the customer's.

    outstanding_payments: the commands that the unit had not acknowledged, removals subtracted.
    last_known_balance: what the unit last said it had left; None where it never did.
    """

    payment_command_id: int
    outstanding_payments: int
    last_known_balance: int | None


@transaction.atomic
def force_reset(*, product_imei: str, transaction_id: str, by: str, reason: str = "") -> GivenBack:
    """Take all credit from a unit as far as anybody knows, at once, and say how much that was.

    Every command before becomes void and the balance 0. The reset itself is offered to the unit
    until it acknowledges; what the unit reports before that is older than the reset and moves no
    balance. A zero command that waits for the unit is no obstacle, nor is the end of the unit's
    life. Raises UnknownProduct; RepeatedTransaction, whose details carry what the first reset gave
    back; CreditNotKept and UnitPaidOff.
    """
    standing = lock_standing(product_imei=product_imei, transaction_id=transaction_id)
    if standing.id_used:
        raise repeated(transaction_id)
    refusal = standing.refusal(takes=True)
    if refusal is not None:
        raise refusal
    now = timezone.now()
    key = insert_command(
        product_imei=product_imei,
        category=PaymentCategory.FORCE_RESET,
        value=0,
        transaction_id=transaction_id,
        at=now,
        by=by,
    )
    if key is None:
        raise repeated(transaction_id)
    keep_reason(command_id=key, reason=reason)
    known = Balance.objects.filter(product_id=product_imei).values_list("balance", flat=True)
    given = GivenBack(key, standing.outstanding, known.first())
    ForceReset.objects.create(
        command_id=key,
        outstanding_payments=given.outstanding_payments,
        last_known_balance=given.last_known_balance,
    )
    with connection.cursor() as cursor:
        void_earlier(cursor, product_imei=product_imei, before=key, at=now, by=by)
        zero_balance(cursor, product_imei=product_imei, at=now, by=by)
    publish(
        "credit_force_reset",
        subject=product_imei,
        data={
            "payment_command_id": key,
            "transaction_id": transaction_id,
            "outstanding_payments": given.outstanding_payments,
            "last_known_balance": given.last_known_balance,
            "by": by,
        },
    )
    return given
