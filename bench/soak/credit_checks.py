"""The invariants of docs/dcm.md, by their numbers, as a campaign checks them after each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from apps.connectivity.simulator.credit import Credit
from apps.dcm.models import (
    Balance,
    FinalBalance,
    LateReceipt,
    PaymentCategory,
    PaymentCommand,
    PaymentStatus,
)
from apps.dcm.selectors import outstanding_commands
from apps.dcm.services.commands import LARGEST_CREDIT
from apps.dcm.services.resets import GivenBack

SETS_TO_ZERO = (PaymentCategory.ZERO_COMMAND, PaymentCategory.FORCE_RESET)


class Book:
    """What was accepted of one unit, kept apart from the program's tables, and what it led to."""

    def __init__(self, imei: str) -> None:
        self.imei = imei
        self.taken: dict[str, tuple[str, int]] = {}
        self.given: list[GivenBack] = []
        self.before: dict[str, PaymentCommand] = {}

    def accepted(self, name: str, category: str, value: int) -> None:
        self.taken[name] = (category, value)

    def gave_back(self, given: GivenBack) -> None:
        self.given.append(given)

    def check(self) -> None:
        rows = list(PaymentCommand.objects.filter(product_id=self.imei).order_by("pk"))
        assert {r.transaction_id: (r.category, r.value) for r in rows} == self.taken, "1"
        for row in rows:
            if row.transaction_id in self.before:
                check_transition(self.before[row.transaction_id], row)
        self.before = {row.transaction_id: row for row in rows}
        counted = [row for row in rows if not row.void]
        assert 0 <= sum(row.value for row in counted) <= LARGEST_CREDIT, "3"
        self.check_zeroes(counted)
        offered = [command["transaction_id"] for command in outstanding_commands_of(self.imei)]
        waiting = [r.transaction_id for r in counted if r.status == PaymentStatus.PENDING]
        assert offered == waiting, "5"
        self.check_given_back(rows)

    def check_zeroes(self, counted: list[PaymentCommand]) -> None:
        waiting = [
            row
            for row in counted
            if row.category == PaymentCategory.ZERO_COMMAND and row.status == PaymentStatus.PENDING
        ]
        assert len(waiting) <= 1, "4"
        assert not waiting or counted[-1] == waiting[0], "4"

    def check_given_back(self, rows: list[PaymentCommand]) -> None:
        """Of each span between two zeroes no more is given back than was added in it, once."""
        finals = {f.zero_command_id: f for f in FinalBalance.objects.filter(product=self.imei)}
        given = {one.payment_command_id: one for one in self.given}
        added = 0
        for row in rows:
            added += row.value
            if row.pk in finals:
                assert row.category == PaymentCategory.ZERO_COMMAND, "7"
                assert row.status == PaymentStatus.ACKNOWLEDGED, "7"
                assert finals[row.pk].total_added == added, "7"
                assert 0 <= finals[row.pk].final_balance <= added, "8"
                added = 0
            elif row.pk in given:
                one = given[row.pk]
                assert one.outstanding_payments + (one.last_known_balance or 0) <= added, "8"
                added = 0
            elif row.category == PaymentCategory.ZERO_COMMAND and is_done(row):
                # Its final balance is still to come: what was added before it is its own.
                added = 0
        late = LateReceipt.objects.filter(command__product=self.imei).select_related("command")
        for receipt in late:
            assert receipt.command.void, "9"
            assert receipt.command.status == PaymentStatus.PENDING, "9"
            assert receipt.command_id not in finals, "9"


def is_done(row: PaymentCommand) -> bool:
    return row.status == PaymentStatus.ACKNOWLEDGED


def outstanding_commands_of(imei: str) -> list[dict[str, object]]:
    return outstanding_commands(product_imei=imei)


def check_transition(before: PaymentCommand, now: PaymentCommand) -> None:
    """A row is acknowledged and voided, once each; what is void is final."""
    fixed = ("pk", "product_id", "value", "category", "created_at", "created_by")
    assert all(getattr(before, name) == getattr(now, name) for name in fixed), "2"
    assert now.void or not before.void, "2"
    assert now.status == before.status or not is_done(before), "2"
    if before.void:
        assert (before.status, before.modified_at) == (now.status, now.modified_at), "2"


def check_calm(
    imei: str, credit: Credit, booked: Mapping[str, dt.datetime], now: dt.datetime
) -> None:
    """When all was delivered: the ledger, less what was used, is what the unit holds. (10)

    What the unit booked although it was given back is on record (9), and so is what it had left at
    each zero (7).
    """
    check_nothing_is_forgotten(imei, booked)
    rows = PaymentCommand.objects.filter(product_id=imei, void=False).order_by("pk")
    assert not outstanding_commands_of(imei)
    assert not credit.untold
    assert not credit.finals
    left, since = 0, now
    for row in rows:
        assert is_done(row)
        at = booked[row.transaction_id]
        left = max(0, left - int((at - since).total_seconds())) if left else 0
        left = 0 if row.category in SETS_TO_ZERO else max(0, left + row.value)
        since = at
    left = max(0, left - int((now - since).total_seconds()))
    assert credit.balance(now) == left, "10"
    balance = Balance.objects.get(product_id=imei) if credit.counts else None
    if balance is not None:
        assert balance.balance == left, "10"
        assert balance.expected_expiry == now + dt.timedelta(seconds=left), "6"


def check_nothing_is_forgotten(imei: str, booked: Mapping[str, dt.datetime]) -> None:
    rows = PaymentCommand.objects.filter(product_id=imei)
    late = rows.filter(void=True, status=PaymentStatus.PENDING, transaction_id__in=booked)
    receipts = LateReceipt.objects.filter(command__product=imei).values_list("command", flat=True)
    assert set(late.values_list("pk", flat=True)) == set(receipts), "9"
    zeroes = rows.filter(category=PaymentCategory.ZERO_COMMAND, status=PaymentStatus.ACKNOWLEDGED)
    finals = FinalBalance.objects.filter(product=imei).values_list("zero_command", flat=True)
    assert set(zeroes.values_list("pk", flat=True)) == set(finals), "7"
