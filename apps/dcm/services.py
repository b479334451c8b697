"""Writes on device credit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from apps.core.prepared import Prepared

# One row for each unit: the newest balance stands, its history is a matter of telemetry.
_UPSERT_BALANCE = Prepared(
    "unit_balance",
    "INSERT INTO balance (product_imei, balance, expected_expiry, created_at, created_by)"
    " VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (product_imei) DO UPDATE SET"
    " balance = EXCLUDED.balance, expected_expiry = EXCLUDED.expected_expiry,"
    " modified_at = EXCLUDED.created_at, modified_by = EXCLUDED.created_by",
)


def record_balance(*, product_imei: str, seconds: int, at: datetime, by: str) -> None:
    """Keep what a unit says it has left; it expires `seconds` after `at`, if nothing is added.

    The caller holds the lock on the unit's row and passes no balance older than one before.
    `seconds` is 0 or more. Reference: "DCM / Balance".
    """
    adapt = connection.ops.adapt_datetimefield_value
    expiry, now = adapt(at + timedelta(seconds=seconds)), adapt(at)
    with connection.cursor() as cursor:
        _UPSERT_BALANCE.run(cursor, [product_imei, seconds, expiry, now, by])
