"""What a unit says of its credit: what it has booked, what it had left, what it has left now.

All of it may come in any order, repeated, late, or about commands that are not the unit's.
Reference: "DCM / How does DCM Work?", "Zeroing a Unit", "Final Balance".
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from apps.core.events import publish
from apps.dcm.models import PaymentCategory
from apps.dcm.services.balances import record_balance, zero_older_balance
from apps.dcm.services.voiding import void_earlier

logger = logging.getLogger(__name__)

_ACKNOWLEDGE = (
    "UPDATE payment_command SET status = 'acknowledged', modified_at = %s, modified_by = %s"
    " WHERE product_imei = %s AND status = 'pending' AND NOT void"
)
_NAMED = " AND transaction_id IN ({}) RETURNING transaction_id, category, payment_command_id"
# A unit books in order, so a zero that it carried out tells of everything before.
_EARLIER = " AND payment_command_id < %s"
_KNOWN = (
    "SELECT transaction_id, product_imei, payment_command_id, void, status"
    " FROM payment_command WHERE transaction_id IN ({})"
)
# The unit's row is locked: nobody else writes a receipt of its commands.
_LATE = (
    "INSERT INTO late_receipt (command_id, value, at) SELECT %s, %s, %s"
    " WHERE NOT EXISTS (SELECT 1 FROM late_receipt l WHERE l.command_id = %s)"
)
_ZERO = (
    "SELECT c.payment_command_id, c.category, c.void, f.final_balance FROM payment_command c"
    " LEFT JOIN final_balance f ON f.zero_command_id = c.payment_command_id"
    " WHERE c.transaction_id = %s AND c.product_imei = %s"
)
# All that was added, less removals, since the unit was last set to zero or reset.
_TOTAL = (
    "SELECT COALESCE(SUM(value), 0) FROM payment_command WHERE product_imei = %s"
    " AND payment_command_id < %s AND payment_command_id > COALESCE((SELECT MAX(b."
    "payment_command_id) FROM payment_command b WHERE b.product_imei = %s"
    " AND b.payment_command_id < %s AND b.category IN ('zero-command', 'force-reset')), 0)"
)
_FINAL = (
    "INSERT INTO final_balance (product_imei, final_balance, total_added, zero_command_id, status,"
    " created_at, created_by) VALUES (%s, %s, %s, %s, 'success', %s, %s)"
    " RETURNING final_balance_id"
)


@dataclass(frozen=True, slots=True)
class CreditReport:
    """What one report of a unit says of its credit; times are aware, amounts seconds from 0 on.

    made_at is not after `at`, the receipt; `late` says that a newer report was taken in before.
    """

    product_imei: str
    made_at: datetime
    at: datetime
    late: bool
    balance: int | None = None
    acks: Sequence[str] = ()
    final_balance: tuple[str, int] | None = None


def take_credit_report(*, report: CreditReport, by: str) -> None:
    """Book what a unit says of its credit. The caller holds the lock on the unit's row.

    Receipts count whenever they come, a balance only where no newer report was taken in. The same
    report again changes nothing. What is unknown or another unit's is logged and ignored.
    """
    zeroed = False
    if report.acks or report.final_balance:
        with connection.cursor() as cursor:
            zeroed = _Books(cursor, report, by).take()
    if not report.late and (report.balance is not None or zeroed):
        record_balance(
            product_imei=report.product_imei,
            seconds=report.balance or 0,
            made_at=report.made_at,
            at=report.at,
            by=by,
        )
    elif zeroed:
        with connection.cursor() as cursor:
            zero_older_balance(
                cursor,
                product_imei=report.product_imei,
                than=report.made_at,
                at=report.at,
                by=by,
            )
    if report.balance is not None:
        publish(
            "balance_reported",
            subject=report.product_imei,
            data={"balance": report.balance, "at": report.made_at.isoformat()},
        )


class _Books:
    """The receipts of one report, on one cursor."""

    def __init__(self, cursor: Any, report: CreditReport, by: str) -> None:
        self.cursor = cursor
        self.imei = report.product_imei
        self.report = report
        self.by = by
        self.now = connection.ops.adapt_datetimefield_value(report.at)

    def take(self) -> bool:
        """Book all receipts; whether the unit was set to zero by one of them."""
        acks = list(dict.fromkeys(self.report.acks))
        zeroed = False
        if self.report.final_balance is not None:
            transaction_id, value = self.report.final_balance
            found = self._zero(transaction_id)
            if found is None:
                # Nothing that is asked of units but a zero has a final balance; of a reset it is
                # no more than an acknowledgement, because the credit was given back already.
                acks.append(transaction_id)
            else:
                zeroed = self._book_final(transaction_id, value, *found)
        return self._acknowledge(acks) or zeroed

    def _acknowledge(self, acks: list[str]) -> bool:
        """Acknowledge what waits; whether a zero command was among it."""
        if not acks:
            return False
        sql = _ACKNOWLEDGE + _NAMED.format(_places(acks))
        self.cursor.execute(sql, [self.now, self.by, self.imei, *acks])
        booked = self.cursor.fetchall()
        zeroes = [key for _id, kind, key in booked if kind == PaymentCategory.ZERO_COMMAND]
        if zeroes:
            self._acknowledge_earlier(zeroes[0])
        others = set(acks) - {transaction_id for transaction_id, _kind, _key in booked}
        if others:
            self._look_into(sorted(others))
        return bool(zeroes)

    def _acknowledge_earlier(self, key: int) -> None:
        self.cursor.execute(_ACKNOWLEDGE + _EARLIER, [self.now, self.by, self.imei, key])

    def _look_into(self, ids: list[str]) -> None:
        """Of what was not waiting: void commands leave a late receipt, strangers a line of log."""
        self.cursor.execute(_KNOWN.format(_places(ids)), ids)
        known = {row[0]: row[1:] for row in self.cursor.fetchall()}
        for transaction_id in ids:
            owner, key, void, status = known.get(transaction_id, ("", 0, False, ""))
            if owner != self.imei:
                what = "another unit's" if owner else "unknown"
                logger.warning(
                    "unit %s acknowledges %s command %r", self.imei, what, transaction_id[:64]
                )
            elif void and status == "pending":
                self._late(key, None)

    def _late(self, key: int, value: int | None) -> None:
        self.cursor.execute(_LATE, [key, value, self.now, key])
        if self.cursor.rowcount:
            logger.warning("unit %s has command %d, which was void before", self.imei, key)

    def _zero(self, transaction_id: str) -> tuple[int, bool, int | None] | None:
        """Id, whether void, and final balance so far, of a zero command of the unit."""
        self.cursor.execute(_ZERO, [transaction_id, self.imei])
        row = self.cursor.fetchone()
        if row is None or row[1] != PaymentCategory.ZERO_COMMAND:
            return None
        return row[0], bool(row[2]), row[3]

    def _book_final(
        self, transaction_id: str, value: int, key: int, void: bool, before: int | None
    ) -> bool:
        if before is not None:
            if before != value:
                logger.warning(
                    "unit %s had %d left at zero command %d, now says %d: the first stands",
                    *(self.imei, before, key, value),
                )
            return False
        if void:
            self._late(key, value)
            return False
        self._acknowledge([transaction_id])
        self._acknowledge_earlier(key)
        self.cursor.execute(_TOTAL, [self.imei, key, self.imei, key])
        (total,) = self.cursor.fetchone()
        self.cursor.execute(_FINAL, [self.imei, value, int(total), key, self.now, self.by])
        (final_id,) = self.cursor.fetchone()
        void_earlier(self.cursor, product_imei=self.imei, before=key, at=self.report.at, by=self.by)
        publish(
            "final_balance_reported",
            subject=self.imei,
            data={
                "final_balance_id": final_id,
                "final_balance": value,
                "total_added": int(total),
                "zero_command_id": key,
                "transaction_id": transaction_id,
            },
        )
        return True


def _places(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
