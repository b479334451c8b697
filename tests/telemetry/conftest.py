"""Where the tests of telemetry keep points: InfluxDB if INFLUXDB_URL is set, else embedded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest
from django.conf import settings as django_settings
from influxdb_client import InfluxDBClient
from influxdb_client.service.dbr_ps_service import DBRPsService

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
    drop_database(transport)


def drop_database(transport: Transport) -> None:
    """What `provision` made, and all in it; on a 2.x its buckets, whose mappings go with them."""
    address = transport.address
    if not transport.is_second():
        transport.query(f'DROP DATABASE "{address.database}"', change=True)
        return
    with InfluxDBClient(url=address.url, token=address.token) as client:
        service = DBRPsService(client.api_client)
        [org] = client.organizations_api().find_organizations(org=address.org)
        for mapping in service.get_dbr_ps(org_id=org.id, db=address.database).content or ():
            client.buckets_api().delete_bucket(mapping.bucket_id)


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
