"""Time series: one interface, a store on InfluxDB and one on the program's own database.

from apps.telemetry.store import current
current().read(Query("telemetry", imei, start, end, fields=("voltage",)))
"""

from __future__ import annotations

from django.conf import settings

from apps.telemetry.store.interface import Store
from apps.telemetry.store.sql import SqlStore

EMBEDDED = "embedded"


def current() -> Store:
    """The store that the environment chooses: INFLUXDB_URL, or the embedded one."""
    return store_at(settings.INFLUXDB_URL or EMBEDDED)


def store_at(place: str) -> Store:
    """The store at `http://user:password@host:8086/database`, or `embedded`; else ValueError."""
    if place == EMBEDDED:
        return SqlStore()
    # Its client takes 14 MB of each process, which nobody needs with the embedded store.
    from apps.telemetry.store.influx import InfluxStore

    return InfluxStore.at(place)
