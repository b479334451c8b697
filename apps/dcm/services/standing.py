"""Where a unit's credit stands, read under the lock on its row: what every write begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.prepared import Prepared
from apps.dcm.errors import CreditNotKept, UnitPaidOff
from apps.products.errors import UnknownProduct
from apps.products.selectors import TERMINATED

GAS = "gas"

_READ_UNIT = (
    "SELECT dcm_enabled_flag, is_payg, latest_state_id, product_type_id FROM product"
    " WHERE product_imei = %s"
)
_LOCK_UNIT = Prepared("credit_unit_locked", f"{_READ_UNIT} FOR UPDATE")
_UNIT_LOCKED_ALREADY = Prepared("credit_unit_read", _READ_UNIT)

# Parameters: the id of the unit's latest state, that of its type, the transaction_id, the imei.
_STANDING = Prepared(
    "credit_standing",
    "SELECT (SELECT y.name FROM state_type y WHERE y.state_type_id ="
    " (SELECT s.current_state_type FROM state s WHERE s.state_id = %s)),"
    " (SELECT t.credit_type FROM product_type t WHERE t.product_type_id = %s),"
    " EXISTS (SELECT 1 FROM payment_command u WHERE u.transaction_id = %s),"
    " COALESCE(SUM(c.value), 0),"
    " COALESCE(SUM(CASE WHEN c.status = 'pending' THEN c.value ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN c.status = 'pending' AND c.category = 'zero-command'"
    " THEN 1 ELSE 0 END), 0)"
    " FROM payment_command c WHERE c.product_imei = %s AND NOT c.void",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger says of one unit, and whether a transaction_id was used, by any unit.

    added: seconds of all commands that count, removals subtracted; outstanding: those of them that
    the unit has not acknowledged.
    """

    product_imei: str
    keeps_credit: bool
    is_payg: bool
    stage: str | None
    credit_type: str | None
    id_used: bool
    added: int
    outstanding: int
    zero_waits: bool

    @property
    def terminated(self) -> bool:
        return self.stage == TERMINATED

    def refusal(self, *, takes: bool) -> DomainError | None:
        """Why the unit's credit cannot be changed at all, or not be taken from, if so."""
        if not self.keeps_credit:
            text = _("Product #{imei} is not DCM enabled: it keeps no credit itself")
            return CreditNotKept(text.format(imei=self.product_imei))
        if self.credit_type == GAS:
            text = _("Product #{imei} is paid for by gas: its credit is not counted in seconds")
            return CreditNotKept(text.format(imei=self.product_imei))
        if takes and not self.is_payg:
            return UnitPaidOff(self.product_imei)
        return None


def lock_standing(*, product_imei: str, transaction_id: str) -> Standing:
    """Lock the unit's row, for the transaction under way, and read where its credit stands.

    Raises UnknownProduct.
    """
    lock = _LOCK_UNIT if connection.features.has_select_for_update else _UNIT_LOCKED_ALREADY
    with connection.cursor() as cursor:
        lock.run(cursor, [product_imei])
        unit = cursor.fetchone()
        if unit is None:
            raise UnknownProduct
        keeps_credit, is_payg, state_id, type_id = unit
        # A statement of its own: it sees what was committed while this one waited for the lock.
        _STANDING.run(cursor, [state_id, type_id, transaction_id, product_imei])
        stage, credit_type, id_used, added, outstanding, zeroes = cursor.fetchone()
    return Standing(
        product_imei=product_imei,
        keeps_credit=bool(keeps_credit),
        is_payg=bool(is_payg),
        stage=stage,
        credit_type=credit_type,
        id_used=bool(id_used),
        added=int(added),
        outstanding=int(outstanding),
        zero_waits=bool(zeroes),
    )


_INSERT = Prepared(
    "credit_command",
    "INSERT INTO payment_command (product_imei, value, category, void, status, transaction_id,"
    " created_at, created_by) VALUES (%s, %s, %s, false, 'pending', %s, %s, %s)"
    " ON CONFLICT (transaction_id) DO NOTHING RETURNING payment_command_id",
)


def insert_command(
    *, product_imei: str, category: str, value: int, transaction_id: str, at: Any, by: str
) -> int | None:
    """Write a command of a unit whose row is locked; returns its id.

    None where another unit has taken the transaction_id at this moment.
    """
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(at)
        _INSERT.run(cursor, [product_imei, value, category, transaction_id, now, by])
        row = cursor.fetchone()
    return row[0] if row else None
