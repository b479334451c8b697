"""Values that the store will never take: counted where staff can see them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from apps.telemetry.errors import StoreRefused
from apps.telemetry.spool import TelemetryRefusal


@transaction.atomic
def record_refusal(*, imei: str, measurement: str, refused: StoreRefused) -> None:
    """Count what was dropped of one unit under the reasons the store gave.

    The store counts all reasons together: the first one carries the number, the others are there.
    """
    now = timezone.now()
    for place, reason in enumerate(_texts(refused.reasons)):
        dropped = refused.dropped if place == 0 else 0
        made = TelemetryRefusal.objects.bulk_create(
            [
                TelemetryRefusal(
                    imei=imei,
                    measurement=measurement,
                    reason=reason,
                    dropped=0,
                    first_at=now,
                    last_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        TelemetryRefusal.objects.filter(
            imei=imei, measurement=measurement, reason=made[0].reason
        ).update(dropped=F("dropped") + dropped, last_at=Greatest(F("last_at"), now))


def _texts(reasons: Sequence[object]) -> list[str]:
    return list(dict.fromkeys(str(reason)[:255] for reason in reasons))
