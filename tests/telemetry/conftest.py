"""Where the tests of telemetry keep points: InfluxDB if INFLUXDB_URL is set, else embedded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest
from django.conf import settings as django_settings

from apps.telemetry.store import EMBEDDED, store_at
from apps.telemetry.store.influx import InfluxStore
from apps.telemetry.store.influx.provision import provision
from apps.telemetry.store.influx.transport import Transport
from apps.telemetry.store.interface import Store
from tests.telemetry.recorder import Recorder

INFLUXDB_URL = django_settings.INFLUXDB_URL
_numbers = count(1)


@pytest.fixture(autouse=True)
def influxdb_url(settings) -> Iterator[str]:
    """An InfluxDB database of the test's own, where there is a server; the program uses it too.

    What a test has in PostgreSQL or SQLite goes with it, and so must its points: a field that was a
    text in one test may be a number in the next.
    """
    if not INFLUXDB_URL:
        yield ""
        return
    base, _slash, name = INFLUXDB_URL.rpartition("/")
    database = f"{name}_{os.getpid()}_{next(_numbers)}"
    settings.INFLUXDB_URL = f"{base}/{database}"
    transport = Transport(InfluxStore.at(settings.INFLUXDB_URL).transport.address)
    provision(transport)
    yield settings.INFLUXDB_URL
    transport.query(f'DROP DATABASE "{database}"', change=True)


@pytest.fixture(params=[EMBEDDED, "influxdb"])
def store(request, influxdb_url) -> Store:
    """Each store in turn; the one on InfluxDB only where there is a server."""
    if request.param == EMBEDDED:
        return store_at(EMBEDDED)
    if not influxdb_url:
        pytest.skip("INFLUXDB_URL is not set")
    return store_at(influxdb_url)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    yield made
    made.close()
