"""The fleet's places, as they are swept. Reference: "/products/locations"."""

from __future__ import annotations

from typing import Final

from apps.core.sweeps import Field, Sweep
from apps.core.tables import table_of
from apps.products.models import Product

DEFAULT_SIZE: Final = 1_000

LOCATIONS: Final = Sweep(
    name="locations",
    table=lambda: table_of(Product),
    fields=(
        Field("product_imei", "t.product_imei"),
        Field("latitude", "c.latitude"),
        Field("longitude", "c.longitude"),
        Field("error_radius", "c.error_radius"),
    ),
    joins="LEFT JOIN connection c ON c.connection_id = t.latest_connection_location_id",
    where="t.latest_connection_location_id IS NOT NULL",
)
