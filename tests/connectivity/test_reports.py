"""What a report leaves behind: a connection, and what it makes current."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgpack
import pytest
import time_machine

from apps.connectivity.models import Connection
from apps.dcm.models import Balance
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.connectivity.units import CELL, UnitSession, body

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def iso(moment: dt.datetime) -> str:
    return moment.isoformat()


def test_a_report_is_one_connection(unit: UnitSession, product: Product) -> None:
    unit.report(frequency=900, timing_advance=2)
    connection = Connection.objects.get()
    assert connection.product == product
    assert connection.date == NOW
    assert (connection.frequency, connection.timing_advance) == (900, 2)
    assert (connection.mcc, connection.mnc) == (635, 10)
    assert (connection.cell_1_lac, connection.cell_1_cid, connection.cell_1_signal) == (
        (4021, 27113, -71)
    )
    assert (connection.cell_1_mcc, connection.cell_1_mnc) == (635, 10)
    assert connection.cell_2_lac is None
    assert (connection.created_at, connection.created_by) == (NOW, "unit")
    product.refresh_from_db()
    assert product.latest_connection == connection


def test_seven_cells_fill_seven_places_in_order(unit: UnitSession) -> None:
    unit.report(cells=[CELL | {"cid": n, "mnc": n} for n in range(1, 8)])
    connection = Connection.objects.get()
    assert [getattr(connection, f"cell_{n}_cid") for n in range(1, 8)] == list(range(1, 8))
    assert connection.mnc == 1


def test_a_report_without_cells_has_no_network(unit: UnitSession) -> None:
    unit.report(cells=[])
    connection = Connection.objects.get()
    assert (connection.mcc, connection.mnc, connection.cell_1_cid) == (None, None, None)
    assert connection.location_failed_flag is True


def test_a_position_is_kept_on_connection_and_product(unit: UnitSession, product: Product) -> None:
    unit.report(gps={"lat": -1.943, "lon": 30.0594321})
    connection = Connection.objects.get()
    assert (connection.latitude, connection.longitude) == ("-1.943", "30.0594321")
    assert connection.location_failed_flag is False
    product.refresh_from_db()
    assert (product.gps_lat, product.gps_lon) == (-1.943, 30.0594321)
    assert product.latest_connection_location == connection


@pytest.mark.parametrize(
    ("degrees", "text"),
    [(-179.12345678901, "-179.123457"), (0.00001, "0.000010"), (90, "90.0"), (-0.5, "-0.5")],
)
def test_a_position_fits_its_column(unit: UnitSession, degrees: float, text: str) -> None:
    unit.report(gps={"lat": 0, "lon": degrees})
    assert Connection.objects.get().longitude == text


def test_without_a_position_the_last_place_stands(unit: UnitSession, product: Product) -> None:
    unit.report(gps={"lat": -1.5, "lon": 30.5})
    located = Connection.objects.get()
    unit.report(gps=None)
    latest = Connection.objects.latest("pk")
    assert latest.latitude is None
    assert latest.location_failed_flag is False  # its cells are still to be looked up
    product.refresh_from_db()
    assert product.latest_connection == latest
    assert product.latest_connection_location == located
    assert (product.gps_lat, product.gps_lon) == (-1.5, 30.5)


@pytest.mark.parametrize(
    "time", ["2026-03-01T11:30:00", "2026-03-01 11:30:00+00:00", "2026-03-01T13:30:00+02:00"]
)
def test_a_time_may_be_iso_with_or_without_offset(unit: UnitSession, time: str) -> None:
    unit.report(time=time)
    assert Connection.objects.get().date == NOW - HOUR / 2


def test_a_time_may_be_milliseconds(unit: UnitSession) -> None:
    unit.report(time=int((NOW - HOUR).timestamp() * 1000) + 250)
    assert Connection.objects.get().date == NOW - HOUR + dt.timedelta(milliseconds=250)


@pytest.mark.parametrize("time", ["2031-01-01T00:00:00", "9999-12-31T23:59:59", 10**14])
def test_a_time_to_come_is_the_time_of_receipt(unit: UnitSession, time: Any) -> None:
    unit.report(time=time)
    assert Connection.objects.get().date == NOW


def test_messagepack_says_the_same_as_json(unit: UnitSession) -> None:
    content = msgpack.packb(body(gps={"lat": 1, "lon": 2.5}, enabled=True))
    for kind in ("application/msgpack", "application/x-msgpack"):
        assert unit.send("POST", content, content_type=kind).status_code == 200
    assert Connection.objects.filter(longitude="2.5").count() == 2


def test_a_late_report_is_kept_but_is_not_the_latest(unit: UnitSession, product: Product) -> None:
    unit.report(gps={"lat": 1, "lon": 1})
    newest = Connection.objects.get()
    unit.report(time=iso(NOW - HOUR), gps={"lat": 2, "lon": 2}, enabled=True)
    assert Connection.objects.count() == 2
    product.refresh_from_db()
    assert product.latest_connection == newest
    assert product.latest_connection_location == newest
    assert product.gps_lat == 1
    assert product.current_enable_flag is False


def test_a_late_report_may_be_the_newest_that_knows_a_place(
    unit: UnitSession, product: Product
) -> None:
    unit.report()
    newest = Connection.objects.get()
    unit.report(time=iso(NOW - HOUR), gps={"lat": 2, "lon": 3})
    product.refresh_from_db()
    assert product.latest_connection == newest
    assert product.latest_connection_location != newest
    assert (product.gps_lat, product.gps_lon) == (2, 3)


def test_the_same_report_again_is_one_more_connection_only(
    unit: UnitSession, product: Product
) -> None:
    report = body(enabled=True, tamper_enabled=True, gps={"lat": 1, "lon": 1})
    for _repeat in range(3):
        assert unit.post(report).status_code == 200
    assert Connection.objects.count() == 3
    assert product.enable_history_rel.count() == 1
    assert product.tamper_enable_history.count() == 1
    assert product.product_software_linker.count() == 1


def test_a_balance_replaces_the_one_before(
    unit: UnitSession, product: Product, clock: time_machine.Coordinates
) -> None:
    unit.report(balance=7_200)
    clock.shift(HOUR)
    unit.report(balance=3_500)
    balance = Balance.objects.get()
    assert (balance.product, balance.balance) == (product, 3_500)
    assert balance.expected_expiry == NOW + HOUR + dt.timedelta(seconds=3_500)
    assert (balance.created_by, balance.created_at) == ("unit", NOW)
    assert (balance.modified_by, balance.modified_at) == ("unit", NOW + HOUR)


def test_a_late_balance_is_not_taken(unit: UnitSession) -> None:
    unit.report(balance=100)
    unit.report(balance=9_000, time=iso(NOW - HOUR))
    assert Balance.objects.get().balance == 100


def test_the_connection_a_product_points_to_may_be_gone(
    unit: UnitSession, product: Product
) -> None:
    """Nothing ties the pointer to the row: connections may be deleted through the API."""
    Product.objects.filter(pk=product.pk).update(latest_connection_id=999_999)
    unit.report(time=iso(NOW - HOUR))
    product.refresh_from_db()
    assert product.latest_connection == Connection.objects.get()


def test_the_api_shows_the_connection(api: Any, unit: UnitSession, product: Product) -> None:
    unit.report(gps={"lat": -1.5, "lon": 30.5})
    record = api.as_("overview").get("/v1/connections").json()["objects"][0]
    assert record["product_imei"] == product.pk
    assert record["date"] == "2026-03-01T12:00:00.000000"
    assert record["latitude"] == "-1.5"
    assert record["cell_1_signal"] == -71
