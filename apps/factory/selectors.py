"""Reads of the factory: what the system knows of a unit that is to leave the stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from apps.factory.models import BatteryTestResult, TestJigTestResult
from apps.products.models import (
    EnableHistory,
    EnableState,
    LatestSoftware,
    Product,
    ProductSoftwareLinker,
)

_LONGEST = 255
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Evidence:
    """What is recorded of one unit, read in one go.

    stage       the name of its stage of life, None where none was recorded
    heard_at    its last contact
    running     the version it last said it runs; wanted: its lock, or the latest of its type
    jig         its newest run on a test jig; battery: the newest test of its battery
    switch      where its switch stands, INIT where nobody ever asked
    """

    stage: str | None
    heard_at: datetime | None
    running: str | None
    wanted: str | None
    jig: TestJigTestResult | None
    battery: BatteryTestResult | None
    switch: EnableState


def unit_named(units: QuerySet[Product], text: str) -> Product | None:
    """The one of `units` with this IMEI or serial number, as scanned or typed."""
    term = text.strip()
    if not term or len(term) > _LONGEST or "\x00" in term:
        return None
    named = Q(pk=term) | Q(serial_number__in={term, term.upper()})
    return units.filter(named).select_related("product_type").order_by("pk").first()


def evidence_of(product_imei: str) -> Evidence:
    """What is recorded of a unit that exists."""
    unit = Product.objects.select_related(
        "latest_state__current_state_type", "latest_connection", "software_lock"
    ).get(pk=product_imei)
    contact, state = unit.latest_connection, unit.latest_state
    lock = unit.software_lock
    return Evidence(
        stage=state.current_state_type.name if state else None,
        heard_at=contact.date if contact else None,
        running=_running(product_imei),
        wanted=lock.name if lock else _latest(unit.product_type_id),
        jig=_newest(TestJigTestResult.objects.filter(product_id=product_imei)),
        battery=_newest(BatteryTestResult.objects.filter(product_id=product_imei)),
        switch=_switch(product_imei),
    )


def _newest(rows: QuerySet[M]) -> M | None:
    return rows.order_by("-created_at", "-pk").first()


def _running(product_imei: str) -> str | None:
    rows = ProductSoftwareLinker.objects.filter(
        product_id=product_imei, date_added__isnull=False, date_removed__isnull=True
    ).order_by("-date_added", "-pk")
    return rows.values_list("software_version_type__name", flat=True).first()


def _latest(product_type_id: int) -> str | None:
    rows = LatestSoftware.objects.filter(product_type_id=product_type_id, date_removed__isnull=True)
    return rows.values_list("software_version_type__name", flat=True).first()


def _switch(product_imei: str) -> EnableState:
    rows = EnableHistory.objects.filter(product_id=product_imei).order_by("-date", "-pk")
    state = rows.values_list("current_enable_state", flat=True).first()
    return EnableState(state) if state else EnableState.INIT
