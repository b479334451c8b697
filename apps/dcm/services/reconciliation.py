"""What units report against what the ledger allows. Drift is written down, never corrected.

docs/dcm.md, "Reconciliation", says which bounds are taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.core.events import publish
from apps.dcm.bounds import Booking, Bounds, acknowledged_at, bounds
from apps.dcm.models import Balance, CreditDrift, PaymentCommand
from apps.dcm.services.standing import GAS
from apps.products.models import Product

# Units whose commands are read at once.
_CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Compared:
    """What a unit reported, and what it may have had left at that moment."""

    product_imei: str
    balance: int
    reported_at: datetime
    bounds: Bounds
    drift: int


def reconcile() -> int:
    """Compare every unit that counts its credit; returns how many are beyond the tolerance.

    A row of `credit_drift` stands as long as the unit's newest report is beyond it.
    """
    began = timezone.now()
    found = 0
    for chunk in _chunks():
        for one in _compared(chunk):
            found += bool(one.drift) and _write_down(one.product_imei)
    # Back within the bounds, paid off, or without credit of its own by now.
    for imei in CreditDrift.objects.filter(checked_at__lt=began).values_list("pk", flat=True):
        _strike_out(imei, began)
    return found


def compare(*, product_imei: str) -> Compared | None:
    """One unit; None where there is nothing to compare."""
    return next(_compared(_balances().filter(product_id=product_imei)), None)


def _balances() -> QuerySet[Balance]:
    counting = Balance.objects.filter(product__dcm_enabled_flag=True, product__is_payg=True)
    return counting.exclude(product__product_type__credit_type=GAS).order_by("product_id")


def _chunks() -> Iterator[Sequence[Balance]]:
    after = ""
    while chunk := list(_balances().filter(product_id__gt=after)[:_CHUNK]):
        yield chunk
        after = chunk[-1].product_id


def _compared(balances: Iterable[Balance]) -> Iterator[Compared]:
    rows = list(balances)
    commands: dict[str, list[Booking]] = defaultdict(list)
    columns = ("product_id", "category", "value", "created_at", "status", "modified_at")
    read: Any = (
        PaymentCommand.objects.filter(product_id__in=[row.product_id for row in rows], void=False)
        .order_by("payment_command_id")
        .values_list(*columns)
    )
    for imei, category, value, created_at, status, modified_at in read.iterator():
        booked_at = acknowledged_at(status, modified_at)
        commands[imei].append(Booking(category, value, created_at, booked_at))
    for row in rows:
        # So `expected_expiry` was reckoned: the moment of the report, and what was left then.
        made_at = row.expected_expiry - timedelta(seconds=row.balance)
        heard_at = row.modified_at or row.created_at
        found = bounds(commands[row.product_id], made_at=made_at, heard_at=heard_at)
        if found is not None:
            drift = found.drift(row.balance, _tolerance())
            yield Compared(row.product_id, row.balance, made_at, found, drift)


@transaction.atomic
def _write_down(imei: str) -> bool:
    """Look again under the lock on the unit's row, and keep the drift if there still is one.

    Balance and commands were read one after the other: a report may have come between the two.
    """
    Product.objects.select_for_update().get(pk=imei)
    one = compare(product_imei=imei)
    if one is None or not one.drift:
        return False
    now = timezone.now()
    values = {
        "balance": one.balance,
        "lowest": one.bounds.lowest,
        "highest": one.bounds.highest,
        "drift": one.drift,
        "reported_at": one.reported_at,
        "checked_at": now,
    }
    _row, is_new = CreditDrift.objects.update_or_create(
        pk=imei, defaults=values, create_defaults={**values, "since": now}
    )
    if is_new:
        publish("credit_drift_found", subject=imei, data={"drift": one.drift})
    return True


@transaction.atomic
def _strike_out(imei: str, began: datetime) -> None:
    """End a drift, unless another run has found it again since."""
    if CreditDrift.objects.filter(pk=imei, checked_at__lt=began).delete()[0]:
        publish("credit_drift_ended", subject=imei)


def _tolerance() -> int:
    """Seconds."""
    return int(settings.CREDIT_DRIFT_TOLERANCE_MINUTES) * 60
