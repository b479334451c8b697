"""How many statements an upload takes: every unit pays for them every four hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.telemetry.services import points
from tests.connectivity.units import UnitSession
from tests.factories import ProductFactory
from tests.telemetry.remote import RemoteStore

pytestmark = pytest.mark.django_db

# Within a day, away from its ends: one day is marked.
NOON = 1_472_731_200_000
BODY = {"fields": {name: [[NOON + n * 60_000, n / 7] for n in range(60)] for name in "abcdefghij"}}


def cost(send: Callable[[], Any]) -> int:
    """The statements of one request, savepoints (the test's own transaction) left out."""
    with CaptureQueriesContext(connection) as captured:
        assert send().status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


@pytest.fixture
def unit() -> UnitSession:
    return UnitSession(ProductFactory.create(device_key="4ab1ab3ab1ab7ab9ab1ab4ab"))


def upload(unit: UnitSession) -> Any:
    return unit.send("POST", orjson.dumps(BODY), path="/v1/rm_data")


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> RemoteStore:
    """A store that is not the program's database, as InfluxDB is; it keeps nothing at all."""
    store = RemoteStore()
    monkeypatch.setattr(store, "_write", lambda admitted: [])
    monkeypatch.setattr(points, "current", lambda: store)
    return store


def test_an_upload_to_another_store_takes_four_statements(unit: UnitSession, remote: Any) -> None:
    upload(unit)
    for _repeat in range(2):
        assert cost(lambda: upload(unit)) == 4


def test_an_upload_to_the_embedded_store_takes_five(unit: UnitSession, settings: Any) -> None:
    settings.INFLUXDB_URL = ""
    upload(unit)
    for _repeat in range(2):
        assert cost(lambda: upload(unit)) == 5


def test_a_program_that_writes_points_takes_as_few(api: Any, remote: Any) -> None:
    path = f"/v1/products/{ProductFactory.create().pk}/data"
    api.as_("system").post(path, BODY)
    assert cost(lambda: api.as_("system").post(path, BODY)) == 4
