"""The transition to void: a command no longer counts, because its unit was set to zero after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

# A zero command that the unit has carried out without saying what it had left stays open for that:
# the amount is the customer's.
_VOID = """
    UPDATE payment_command SET void = true, modified_at = %s, modified_by = %s
    WHERE product_imei = %s AND NOT void AND payment_command_id < %s
    AND NOT (category = 'zero-command' AND status = 'acknowledged' AND NOT EXISTS (
        SELECT 1 FROM final_balance f WHERE f.zero_command_id = payment_command_id))
"""


def void_earlier(cursor: Any, *, product_imei: str, before: int, at: datetime, by: str) -> None:
    """Make every command of a unit before the one with that id void; the unit's row is locked."""
    now = connection.ops.adapt_datetimefield_value(at)
    cursor.execute(_VOID, [now, by, product_imei, before])
