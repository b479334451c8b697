"""Time series: one interface, a store on InfluxDB and one on the program's own database.

from apps.telemetry.store import current
current().read(Query("telemetry", imei, start, end, fields=("voltage",)))
"""

from __future__ import annotations

from django.conf import settings

from apps.telemetry.store.influx import InfluxStore
from apps.telemetry.store.influx.transport import Address
from apps.telemetry.store.interface import Store
from apps.telemetry.store.sql import SqlStore

EMBEDDED = "embedded"


def current() -> Store:
    """The store that the environment chooses: INFLUXDB_URL, or the embedded one."""
    return store_at(settings.INFLUXDB_URL or EMBEDDED)


def store_at(place: str) -> Store:
    """The store at `http://user:password@host:8086/database`, or `embedded`; else ValueError."""
    return SqlStore() if place == EMBEDDED else InfluxStore.at(place)


def name_of(place: str) -> str:
    """What identifies a store without giving its password away."""
    if place == EMBEDDED:
        return EMBEDDED
    address = Address.of(place)
    return f"{address.url}/{address.database}"
