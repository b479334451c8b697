"""What units have left: the newest report of each; its history is a matter of telemetry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from apps.core.prepared import Prepared

_COLUMNS = "(product_imei, balance, expected_expiry, created_at, created_by)"
_NEWEST_STANDS = (
    " ON CONFLICT (product_imei) DO UPDATE SET"
    " balance = EXCLUDED.balance, expected_expiry = EXCLUDED.expected_expiry,"
    " modified_at = EXCLUDED.created_at, modified_by = EXCLUDED.created_by"
)
# Until a unit has heard of a force-reset, it reports credit that was given back already.
_REPORT = Prepared(
    "unit_balance",
    f"INSERT INTO balance {_COLUMNS} SELECT %s, %s, %s, %s, %s WHERE NOT EXISTS"
    " (SELECT 1 FROM payment_command c WHERE c.product_imei = %s AND c.status = 'pending'"
    " AND c.category = 'force-reset' AND NOT c.void)" + _NEWEST_STANDS,
)
_ZERO = f"INSERT INTO balance {_COLUMNS} VALUES (%s, 0, %s, %s, %s)" + _NEWEST_STANDS
_ZERO_IF_OLDER = (
    "UPDATE balance SET balance = 0, expected_expiry = %s, modified_at = %s, modified_by = %s"
    " WHERE product_imei = %s AND COALESCE(modified_at, created_at) < %s"
)


def record_balance(
    *, product_imei: str, seconds: int, made_at: datetime, at: datetime, by: str
) -> None:
    """Keep what a unit says it has left; unless some is added, it ends `seconds` after `made_at`.

    A report that was under way for long, or comes twice, thus promises no more than the unit has.
    While a force-reset waits for the unit, nothing is kept. The caller holds the lock on the unit's
    row and passes no balance older than one before. `made_at` is not after `at`, the receipt;
    `seconds` is 0 or more. Reference: "DCM / Balance".
    """
    adapt = connection.ops.adapt_datetimefield_value
    expiry, now = adapt(made_at + timedelta(seconds=seconds)), adapt(at)
    with connection.cursor() as cursor:
        _REPORT.run(cursor, [product_imei, seconds, expiry, now, by, product_imei])


def zero_balance(cursor: Any, *, product_imei: str, at: datetime, by: str) -> None:
    """Say that a unit has nothing left, whether it ever reported or not."""
    now = connection.ops.adapt_datetimefield_value(at)
    cursor.execute(_ZERO, [product_imei, now, now, by])


def zero_older_balance(
    cursor: Any, *, product_imei: str, than: datetime, at: datetime, by: str
) -> None:
    """Say that a unit had nothing left at `than`, unless a balance was received after it."""
    adapt = connection.ops.adapt_datetimefield_value
    cursor.execute(_ZERO_IF_OLDER, [adapt(than), adapt(at), by, product_imei, adapt(than)])
