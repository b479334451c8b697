"""Reads about units as the network knows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, OuterRef, Subquery, Value, When

from apps.products.models import Product, ProductSoftwareLinker
from apps.products.selectors import TERMINATED

# Stages of life in which a unit stands at a customer and connects by itself.
_IN_THE_FIELD = ("ACTIVATING", "ACTIVATED", "MONITORED", "UNMONITORED")


@dataclass(frozen=True, slots=True)
class BurnedIn:
    """What a unit was given at the factory, and what it last said of itself: its memory."""

    imei: str
    device_key: str
    enabled: bool
    tamper_enabled: bool
    software: str | None
    mcc: int | None
    mnc: int | None
    latitude: float | None
    longitude: float | None


def burned_in(count: int) -> list[BurnedIn]:
    """The first `count` units that can connect, those in the field first, in order of IMEI."""
    running = (
        ProductSoftwareLinker.objects.filter(
            product_id=OuterRef("pk"), date_added__isnull=False, date_removed__isnull=True
        )
        .order_by("-date_added", "-product_software_linker_id")
        .values("software_version_type__name")[:1]
    )
    stage = "latest_state__current_state_type__name"
    rows = (
        Product.objects.filter(device_key__isnull=False)
        .exclude(**{stage: TERMINATED})
        .annotate(
            elsewhere=Case(When(**{f"{stage}__in": _IN_THE_FIELD}, then=Value(0)), default=Value(1))
        )
        .order_by("elsewhere", "product_imei")
        .values_list(
            "product_imei",
            "device_key",
            "current_enable_flag",
            "current_tamper_flag",
            Subquery(running),
            "latest_connection__mcc",
            "latest_connection__mnc",
            "gps_lat",
            "gps_lon",
        )[:count]
    )
    return [BurnedIn(*row) for row in rows]
