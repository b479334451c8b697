"""Reads over device credit."""

from __future__ import annotations

from typing import Any

from django.db import connection

# payment_command.status of a command the unit has not said it has; rows without one count alike.
PENDING = "pending"

# Every unit asks every four hours, so no model stands in between.
_OUTSTANDING = """
    SELECT transaction_id, category, value FROM payment_command
    WHERE product_imei = %s AND NOT void AND (status = %s OR status IS NULL)
    ORDER BY payment_command_id
"""


def outstanding_commands(*, product_imei: str) -> list[dict[str, Any]]:
    """What a unit is to book, in the order it was asked for; void commands no longer count."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTSTANDING, [product_imei, PENDING])
        rows = cursor.fetchall()
    return [{"transaction_id": id_, "category": kind, "value": value} for id_, kind, value in rows]
