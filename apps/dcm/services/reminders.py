"""Commands that a silent unit has not acknowledged: others are told, who may wake it up.

Reference: "DCM / How does DCM Work?" (the fallback to text messages).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.core.events import publish
from apps.dcm.models import CreditReminder, PaymentCategory, PaymentCommand, PaymentStatus
from apps.products.models import Product
from apps.products.selectors import TERMINATED

# Units in one run; what is left over comes next.
BATCH: Final = 500
# A unit that stays silent is told of ever more rarely, because each message costs money.
LONGEST_PAUSE: Final = timedelta(days=7)
_NEVER = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())
_HEARD = "product__latest_connection__date"


def remind_of_waiting_credit() -> int:
    """Publish `credit_waits` for each unit that has been silent for too long while commands wait.

    Both the silence and the wait are longer than CREDIT_SMS_AFTER_HOURS. Returns how many were told
    of. Any number of processes may do so at once: each unit is told of once.
    """
    now = timezone.now()
    return sum(
        _tell(imei, since, heard, now)
        for imei, since, heard in _waiting(now).values_list("product_id", "since", _HEARD)[:BATCH]
    )


def _waiting(now: datetime) -> QuerySet[PaymentCommand]:
    """The units to be told of, as rows grouped by unit, those that wait longest first."""
    horizon = now - _patience()
    told = CreditReminder.objects.filter(
        pk=OuterRef("product_id"),
        due_at__gt=now,
        told_at__gte=Coalesce(OuterRef(_HEARD), _NEVER),
    )
    return (
        PaymentCommand.objects.filter(
            # What is held back from a unit that is paid off does not wait for the unit.
            Q(product__is_payg=True) | Q(category=PaymentCategory.PAYMENT),
            Q(product__latest_connection__isnull=True) | Q(**{f"{_HEARD}__lt": horizon}),
            ~Exists(told),
            status=PaymentStatus.PENDING,
            void=False,
            created_at__lt=horizon,
        )
        .exclude(product__latest_state__current_state_type__name=TERMINATED)
        .values("product_id", _HEARD)
        .annotate(since=Min("created_at"))
        .order_by("since", "product_id")
    )


@transaction.atomic
def _tell(imei: str, since: datetime, heard: datetime | None, now: datetime) -> bool:
    # The lock every write on a unit's credit begins with: of two processes one finds it done.
    Product.objects.select_for_update().get(pk=imei)
    before = CreditReminder.objects.filter(pk=imei).first()
    times = 1
    if before is not None and (heard is None or before.told_at >= heard):
        if before.due_at > now:
            return False
        times = before.times + 1
    pause = min(_patience() * 2 ** min(times - 1, 16), max(LONGEST_PAUSE, _patience()))
    CreditReminder.objects.update_or_create(
        pk=imei, defaults={"told_at": now, "due_at": now + pause, "times": times}
    )
    publish("credit_waits", subject=imei, data={"since": since.isoformat(), "times": times})
    return True


def _patience() -> timedelta:
    return timedelta(hours=settings.CREDIT_SMS_AFTER_HOURS)
