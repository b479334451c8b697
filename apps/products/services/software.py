"""The software on a unit.

A row of product_software_linker without `date_added` is an update that was asked for; with it and
without `date_removed` it is what the unit runs; a unit runs one version at a time. Reference:
"Product Software Linker".
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from apps.core.writes import Writes
from apps.products.models import ProductSoftwareLinker

# A row may carry a date in the future, written through the API.
_CLOSE = (
    "UPDATE product_software_linker SET"
    " date_removed = CASE WHEN date_added > %s THEN date_added ELSE %s END,"
    " modified_at = %s, modified_by = %s"
    " WHERE product_imei = %s AND date_removed IS NULL AND date_added IS NOT NULL"
)
_BEGIN = (
    "UPDATE product_software_linker SET date_added = %s, modified_at = %s, modified_by = %s"
    " WHERE product_software_linker_id = %s"
)
_INSERT = (
    "INSERT INTO product_software_linker (product_imei, software_version_type_id, date_added,"
    " update_attempts, created_at, created_by) VALUES (%s, %s, %s, 0, %s, %s)"
)


def confirm_software(
    *,
    product_imei: str,
    version_id: int,
    pending_id: int | None,
    now: datetime,
    by: str,
    writes: Writes,
) -> None:
    """Make a version the one the unit runs, because the unit says so.

    `pending_id` is the update that asked for this version, if one did: it becomes current.
    Otherwise a row of its own is written. What ran before is closed; updates to other versions stay
    asked for. The caller holds the lock on the unit's row, knows that something changed, and sends
    `writes`.
    """
    at = connection.ops.adapt_datetimefield_value(now)
    writes.add(_CLOSE, [at, at, at, by, product_imei])
    if pending_id is not None:
        writes.add(_BEGIN, [at, at, by, pending_id])
    else:
        writes.add(_INSERT, [product_imei, version_id, at, at, by])


def count_attempt(*, pending_id: int, now: datetime, by: str) -> None:
    """Count that a unit was told once more to load an update that it does not run yet."""
    ProductSoftwareLinker.objects.filter(pk=pending_id).update(
        update_attempts=Coalesce(F("update_attempts"), 0) + 1,
        modified_at=now,
        modified_by=by,
    )
