"""What other apps tell ends up in the time series."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from apps.core.events import Event, deliver_events, publish
from apps.telemetry.services import draining
from apps.telemetry.store import current
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import LAST_TIME
from tests.connectivity.units import UnitSession
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def tell() -> None:
    """Deliver the events; what may not use the network then waits in the spool."""
    deliver_events()
    draining.drain()


def stored(measurement: str, imei: str) -> list[dict[str, object]]:
    result = current().read(Query(measurement, imei, 0, LAST_TIME))
    names = list(result.columns)
    rows = zip(*result.columns.values(), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_each_balance_a_unit_reports_is_kept(clock) -> None:
    product = ProductFactory.create(device_key="4ab1ab3ab1ab7ab9ab1ab4ab")
    unit = UnitSession(product)
    unit.report(balance=7_200)
    clock.shift(3_600)
    unit.report(balance=3_600)
    tell()
    assert stored("balance", product.pk) == [{"balance": 7_200.0}, {"balance": 3_600.0}]
    result = current().read(Query("balance", product.pk, 0, LAST_TIME))
    assert result.times[0] == int(NOON.timestamp()) * 10**9


def test_the_log_of_a_tool_is_kept_with_the_unit(api) -> None:
    product = ProductFactory.create()
    entry = {
        "time": "2020-11-05T10:25:30Z",
        "message": '{"input_pv": {"value": "5.150", "pass": true}}',
        "toolname": "bpower20_registration_production",
        "hostname": "CN-REG03",
        "user": "mfg@example.com",
        "passed": True,
        "product_imei": product.pk,
    }
    for _time in range(2):
        assert api.as_("system").post("/v1/upload_tool_log", entry).status_code == 201
    tell()
    (row,) = stored("logging", product.pk)
    assert row["message"] == entry["message"]
    assert (row["passed"], row["hostname"], row["user"]) == (True, "CN-REG03", "mfg@example.com")


def test_logs_without_a_unit_at_the_same_time_are_all_kept() -> None:
    for machine in ("a", "b"):
        fields = {"message": "ok", "machine_id": machine, "count": 3}
        data = {"toolname": "tiger_test_jig_production", "time": NOON.isoformat()}
        publish("tool_log_uploaded", subject="", data={**data, "fields": fields})
    tell()
    assert {row["machine_id"] for row in stored("logging", "")} == {"a", "b"}


def test_a_log_longer_than_the_store_takes_is_cut() -> None:
    data = {"toolname": "tiger_test_jig_production", "time": NOON.isoformat()}
    publish("tool_log_uploaded", subject="", data={**data, "fields": {"message": "x" * 20_000}})
    tell()
    assert not Event.objects.exclude(last_error="").exists()
    assert len(str(stored("logging", "")[0]["message"])) == 16_384
