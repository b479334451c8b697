"""The software on a unit.

A row of product_software_linker without `date_added` is an update that was asked for; with it and
without `date_removed` it is what the unit runs; a unit runs one version at a time. Reference:
"Product Software Linker".
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from apps.products.models import ProductSoftwareLinker


def confirm_software(
    *, product_imei: str, version_id: int, pending_id: int | None, now: datetime, by: str
) -> None:
    """Make a version the one the unit runs, because the unit says so.

    `pending_id` is the update that asked for this version, if one did: it becomes current.
    Otherwise a row of its own is written. What ran before is closed; updates to other versions stay
    asked for. The caller holds the lock on the unit's row and knows that something changed.
    """
    # A row may carry a date in the future, written through the API.
    ended = Greatest(F("date_added"), Value(now))
    touched = {"modified_at": now, "modified_by": by}
    unended = ProductSoftwareLinker.objects.filter(
        product_id=product_imei, date_removed__isnull=True
    )
    if pending_id is not None:
        unended.filter(Q(date_added__isnull=False) | Q(pk=pending_id)).update(
            date_added=Coalesce(F("date_added"), Value(now)),
            date_removed=Case(When(pk=pending_id, then=None), default=ended),
            **touched,
        )
        return
    unended.filter(date_added__isnull=False).update(date_removed=ended, **touched)
    ProductSoftwareLinker.objects.create(
        product_id=product_imei,
        software_version_type_id=version_id,
        date_added=now,
        update_attempts=0,
        created_by=by,
    )


def count_attempt(*, pending_id: int, now: datetime, by: str) -> None:
    """Count that a unit was told once more to load an update that it does not run yet."""
    ProductSoftwareLinker.objects.filter(pk=pending_id).update(
        update_attempts=Coalesce(F("update_attempts"), Value(0)) + 1,
        modified_at=now,
        modified_by=by,
    )
