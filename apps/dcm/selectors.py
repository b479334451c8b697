"""Reads over device credit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.columns import render_time
from apps.core.prepared import Prepared
from apps.dcm.amounts import exactly
from apps.dcm.models import (
    Balance,
    CreditDrift,
    ForceReset,
    PaymentCategory,
    PaymentCommand,
    PaymentStatus,
)

# payment_command.status of a command the unit has not said it has.
PENDING: Final = PaymentStatus.PENDING.value
# What one answer offers at most: as many as a unit may acknowledge in one report.
MOST_OFFERED: Final = 1_000

# Every unit asks every four hours, so no model stands in between.
_OUTSTANDING = Prepared(
    "credit_outstanding",
    "SELECT c.transaction_id, c.category, c.value,"
    " (SELECT p.is_payg FROM product p WHERE p.product_imei = c.product_imei)"
    " FROM payment_command c WHERE c.product_imei = %s AND c.status = 'pending' AND NOT c.void"
    f" ORDER BY c.payment_command_id LIMIT {MOST_OFFERED}",
)


def outstanding_commands(*, product_imei: str) -> list[dict[str, Any]]:
    """What a unit is to book, in the order it was asked for; void commands no longer count.

    A unit that is not pay as you go is never switched off, so it is offered nothing that takes
    credit, nor what comes after it.
    """
    with connection.cursor() as cursor:
        _OUTSTANDING.run(cursor, [product_imei])
        rows = cursor.fetchall()
    offered = []
    for transaction_id, category, value, is_payg in rows:
        if category != PaymentCategory.PAYMENT and not is_payg:
            break
        offered.append({"transaction_id": transaction_id, "category": category, "value": value})
    return offered


@dataclass(frozen=True, slots=True)
class CreditOnUnit:
    """What a unit should have left by now, in seconds, and whether it ends with that."""

    seconds: int
    is_payg: bool


def credit_on_units(*, product_imeis: Iterable[str]) -> dict[str, CreditOnUnit]:
    """What those of the units that keep credit should have left by now, by their last balance."""
    now = timezone.now()
    rows = Balance.objects.filter(
        product_id__in=list(product_imeis), product__dcm_enabled_flag=True
    ).values_list("product_id", "balance", "expected_expiry", "product__is_payg")
    return {
        imei: CreditOnUnit(
            seconds=max(0, int((expiry - now).total_seconds())) if balance else 0, is_payg=is_payg
        )
        for imei, balance, expiry, is_payg in rows
    }


def first_use(*, transaction_id: str) -> dict[str, Any] | None:
    """What a transaction_id was used for, as the API tells it, or None where it was not.

    Of a force-reset it also says what was given back: an answer that got lost is repeated so.
    """
    row = (
        PaymentCommand.objects.filter(transaction_id=transaction_id)
        .values(
            *("payment_command_id", "product_id", "value", "category", "void", "status"),
            *("transaction_id", "created_at", "created_by", "modified_at", "modified_by"),
        )
        .first()
    )
    if row is None:
        return None
    row["product_imei"] = row.pop("product_id")
    row |= {name: render_time(row[name]) for name in ("created_at", "modified_at")}
    if row["category"] == PaymentCategory.FORCE_RESET:
        given = ForceReset.objects.filter(pk=row["payment_command_id"])
        row |= given.values("outstanding_payments", "last_known_balance").first() or {}
    return row


def balance_and_pending(*, product_imei: str) -> dict[str, Any]:
    """What a unit last said it has left and what it has yet to book, newest first, for the API.

    `balance` (seconds) and `expected_expiry` are None where the unit never reported. Void commands
    are not pending: the unit is not offered them any more. Reference:
    "/products/<imei>/balance_and_pending_payments".
    """
    balance = (
        Balance.objects.filter(product_id=product_imei)
        .values_list("balance", "expected_expiry")
        .first()
    )
    seconds, expiry = balance or (None, None)
    commands = (
        PaymentCommand.objects.filter(product_id=product_imei, status=PENDING, void=False)
        .order_by("-payment_command_id")
        .values("category", "created_at", "modified_at", "value")
    )
    return {
        "balance": seconds,
        "expected_expiry": render_time(expiry),
        "pending_payment_commands": [
            {
                "category": row["category"],
                "created_at": render_time(row["created_at"]),
                "modified_at": render_time(row["modified_at"]),
                "value": row["value"],
            }
            for row in commands
        ],
    }


def credit_in_reach(*, product_imei: str) -> int:
    """Seconds that can be taken from a unit at most: the sum of its commands that count."""
    rows = PaymentCommand.objects.filter(product_id=product_imei, void=False)
    return int(rows.aggregate(added=Sum("value"))["added"] or 0)


def what_a_reset_gives_back(*, product_imei: str) -> tuple[int, int]:
    """Seconds that a unit last said it has left, and those that wait for it, removals subtracted.

    What a force-reset at this moment would give back is their sum, at least 0.
    """
    known = Balance.objects.filter(product_id=product_imei).values_list("balance", flat=True)
    rows = PaymentCommand.objects.filter(product_id=product_imei, status=PENDING, void=False)
    return known.first() or 0, int(rows.aggregate(waiting=Sum("value"))["waiting"] or 0)


@dataclass(frozen=True, slots=True)
class Drift:
    """A unit's report that lies outside of what its payments allow, since when; in seconds."""

    product_imei: str
    balance: int
    lowest: int
    highest: int
    since: datetime

    def sentence(self) -> str:
        """What the unit says, and what it could say at most or at least."""
        if self.balance > self.highest:
            text = _(
                "The unit says it has {balance} left; by its payments it can have {bound} at most."
            )
            bound = self.highest
        else:
            text = _(
                "The unit says it has {balance} left; by its payments it should have {bound} at"
                " least."
            )
            bound = self.lowest
        return text.format(balance=exactly(self.balance), bound=exactly(bound))


def credit_drifts(*, product_imei: str | None = None) -> dict[str, Drift]:
    """The drift of each unit that has one, or of one unit, by IMEI."""
    rows = CreditDrift.objects.all()
    if product_imei is not None:
        rows = rows.filter(pk=product_imei)
    columns = ("product_id", "balance", "lowest", "highest", "since")
    return {row[0]: Drift(*row) for row in rows.values_list(*columns)}
