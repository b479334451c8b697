"""Checking Home 2 units before they leave the stock.

Reference: "Home2 Stock Preparation Tracking".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.factory.errors import NotAHome2
from apps.factory.lines import HOME_2
from apps.factory.models import Home2StockPreparationTracking
from apps.factory.selectors import evidence_of
from apps.factory.stock_checks import StockCheck, judge
from apps.products.errors import UnknownProduct
from apps.products.models import Product

# The same person, the same unit and the same findings within this time: one check, sent twice.
SAME_CHECK = timedelta(minutes=1)


@dataclass(frozen=True)
class Preparation:
    """One check of a unit: the row that records it and what it found."""

    row: Home2StockPreparationTracking
    unit: Product
    checks: list[StockCheck]

    @property
    def is_ready(self) -> bool:
        """Whether the unit may leave the stock."""
        return all(check.passed for check in self.checks)


@transaction.atomic
def prepare_home2(*, product_imei: str, by: str) -> Preparation:
    """Run the seven checks on a Home 2 and record what they found.

    A check that is sent twice is recorded once. Raises UnknownProduct and NotAHome2.
    """
    unit = (
        Product.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product_type")
        .filter(pk=product_imei)
        .first()
    )
    if unit is None:
        raise UnknownProduct
    if unit.product_type_id != HOME_2:
        raise NotAHome2(unit)
    now = timezone.now()
    checks = judge(evidence_of(product_imei), now)
    recorded = {check.column: check.recorded for check in checks}
    newest = (
        Home2StockPreparationTracking.objects.filter(
            product=unit, created_by=by, created_at__gte=now - SAME_CHECK
        )
        .order_by("-pk")
        .first()
    )
    if newest is not None and all(getattr(newest, c) == v for c, v in recorded.items()):
        return Preparation(newest, unit, checks)
    row = Home2StockPreparationTracking.objects.create(
        product=unit,
        serial_number=unit.serial_number,
        created_by=by,
        created_at=now,
        **recorded,
    )
    return Preparation(row, unit, checks)
