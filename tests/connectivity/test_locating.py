"""Connections without a position are located from their cells, after the contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.connectivity.models import Cell, Connection, Radio
from apps.connectivity.services import locations
from apps.connectivity.services.locations import locate_connections, look_again
from apps.connectivity.tasks import SCHEDULE
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.connectivity.units import CELL, UnitSession, body
from tests.factories import ConnectionFactory, ProductFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def know(*, lat: float = -1.95, lon: float = 30.06, **changes: Any) -> Cell:
    """Let a cell be known: the one the units of these tests see, but for the changes."""
    values = {
        "mcc": CELL["mcc"],
        "mnc": CELL["mnc"],
        "lac": CELL["lac"],
        "cid": CELL["cid"],
        "radio": Radio.GSM,
        "reach": 2_000,
        "samples": 10,
        "surveyed": 1,
    }
    return Cell.objects.create(latitude=lat, longitude=lon, **(values | changes))


def place(row: Connection) -> tuple[Any, ...]:
    row.refresh_from_db()
    return (row.latitude, row.longitude, row.error_radius, row.location_failed_flag)


WAITING = (None, None, None, False)
FAILED = (None, None, None, True)


def test_a_report_waits_and_is_then_located_by_its_cell(
    unit: UnitSession, product: Product
) -> None:
    know()
    unit.report()
    row = Connection.objects.get()
    assert place(row) == WAITING
    assert locate_connections() == 1
    assert place(row) == ("-1.95", "30.06", 2_000, False)
    assert (row.modified_at, row.modified_by) == (NOW, "system")
    product.refresh_from_db()
    assert product.latest_connection_location == row
    assert (product.gps_lat, product.gps_lon) == (None, None)  # these are for GPS alone
    assert locate_connections() == 0


def test_cells_nobody_knows_lead_nowhere(unit: UnitSession, product: Product) -> None:
    know(cid=1)
    know(lac=1)
    know(mnc=1)
    know(mcc=1)
    unit.report()
    row = Connection.objects.get()
    assert locate_connections() == 1
    assert place(row) == FAILED
    assert (row.modified_at, row.modified_by) == (NOW, "system")
    product.refresh_from_db()
    assert product.latest_connection_location is None
    assert locate_connections() == 0


def test_what_gps_said_is_left_alone(unit: UnitSession) -> None:
    know()
    unit.report(gps={"lat": 1.5, "lon": 2.5})
    assert locate_connections() == 0
    assert place(Connection.objects.get()) == ("1.5", "2.5", None, False)


def test_a_report_without_cells_or_position_has_failed_at_once(unit: UnitSession) -> None:
    unit.report(cells=[])
    assert place(Connection.objects.get()) == FAILED
    assert locate_connections() == 0


def test_any_of_seven_cells_will_do(unit: UnitSession) -> None:
    know(cid=7)
    unit.report(cells=[CELL | {"cid": n} for n in range(1, 8)])
    locate_connections()
    assert place(Connection.objects.get()) == ("-1.95", "30.06", 2_000, False)


def test_several_cells_are_weighed(unit: UnitSession) -> None:
    know(cid=1)
    know(cid=2, lat=-1.96)
    unit.report(cells=[CELL | {"cid": n} for n in (1, 2)])
    locate_connections()
    latitude, _lon, radius, _failed = place(Connection.objects.get())
    assert float(latitude) == pytest.approx(-1.95 - 0.01 / 3, abs=1e-6)
    assert radius == pytest.approx(2_000 + 741, abs=2)


def test_a_cell_named_twice_counts_once(unit: UnitSession) -> None:
    know(cid=1)
    know(cid=2, lat=-1.96)
    unit.report(cells=[CELL | {"cid": n} for n in (1, 2, 2, 2, 2, 2, 2)])
    locate_connections()
    assert float(place(Connection.objects.get())[0]) == pytest.approx(-1.95 - 0.01 / 3, abs=1e-6)


def test_of_two_radios_with_the_same_numbers_the_one_measured_more_counts(
    unit: UnitSession,
) -> None:
    know(samples=5)
    know(samples=6, radio=Radio.LTE, lat=3.0)
    know(samples=4, radio=Radio.UMTS, lat=4.0)
    unit.report()
    locate_connections()
    assert place(Connection.objects.get())[0] == "3.0"


# --- which place is the unit's -------------------------------------------------------------------


def test_the_unit_points_to_its_newest_place_only(product: Product) -> None:
    know()
    rows = [
        ConnectionFactory.create(
            product=product,
            date=NOW - hours * HOUR,
            latitude=None,
            **{f"cell_1_{name}": value for name, value in CELL.items()},
        )
        for hours in (5, 1, 9)
    ]
    assert locate_connections() == 3
    product.refresh_from_db()
    assert product.latest_connection_location == rows[1]


@pytest.mark.parametrize(("hours", "moves"), [(1, False), (3, True), (2, True)])
def test_a_place_of_earlier_does_not_take_the_place_of_a_later_one(
    unit: UnitSession, product: Product, hours: int, moves: bool
) -> None:
    know()
    unit.report(gps={"lat": 1, "lon": 2}, time=(NOW - 2 * HOUR).isoformat())
    first = Connection.objects.get()
    unit.report(time=(NOW - 3 * HOUR + hours * HOUR - HOUR).isoformat())
    locate_connections()
    product.refresh_from_db()
    latest = Connection.objects.latest("pk")
    assert product.latest_connection_location == (latest if moves else first)
    assert (product.gps_lat, product.gps_lon) == (1, 2)


# --- the work ------------------------------------------------------------------------------------


def test_more_connections_take_no_more_statements() -> None:
    know()

    def cost(count: int) -> int:
        for unit in ProductFactory.create_batch(count):
            ConnectionFactory.create(
                product=unit,
                latitude=None,
                **{f"cell_1_{name}": value for name, value in CELL.items()},
            )
        with CaptureQueriesContext(connection) as queries:
            assert locate_connections() == count
        return sum("SAVEPOINT" not in query["sql"] for query in queries)

    assert cost(1) == cost(20) == 7


def test_it_goes_on_batch_by_batch(monkeypatch: pytest.MonkeyPatch, unit: UnitSession) -> None:
    monkeypatch.setattr(locations, "BATCH", 2)
    for _report in range(5):
        unit.report()
    assert locate_connections() == 5


def test_a_worker_looks_every_ten_seconds() -> None:
    assert SCHEDULE["apps.connectivity.tasks.locate_connections"] == 10


def test_after_more_cells_became_known_the_newest_connections_wait_again(
    unit: UnitSession, product: Product
) -> None:
    for _report in range(2):
        unit.report()
    silent = ProductFactory.create()
    silent.latest_connection = ConnectionFactory.create(product=silent)
    silent.save()
    locate_connections()
    know()
    assert look_again() == 1
    assert locate_connections() == 1
    old, new = Connection.objects.filter(product=product).order_by("pk")
    assert (place(old), place(new)) == (FAILED, ("-1.95", "30.06", 2_000, False))
    assert look_again() == 0


def test_what_was_heard_without_cells_does_not_wait_again(unit: UnitSession) -> None:
    unit.report(cells=[])
    assert look_again() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no row locks")
def test_a_unit_that_is_reporting_is_left_for_the_next_turn(
    unit: UnitSession, product: Product
) -> None:
    know()
    unit.report()
    with transaction.atomic():
        Product.objects.select_for_update().get(pk=product.pk)
        assert in_a_thread(locate_connections) == 0
        assert place(Connection.objects.get()) == WAITING
    assert locate_connections() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no row locks")
def test_a_unit_that_is_reporting_holds_nobody_else_up(
    unit: UnitSession, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "BATCH", 2)
    unit.report()
    for other in ProductFactory.create_batch(5):
        UnitSession(other).report()
    with transaction.atomic():
        Product.objects.select_for_update().get(pk=product.pk)
        assert in_a_thread(locate_connections) == 5
    assert locate_connections() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no row locks")
def test_several_workers_and_reports_at_once_locate_each_connection_once(
    unit: UnitSession, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "BATCH", 3)
    know()
    others = [UnitSession(one) for one in ProductFactory.create_batch(8)]
    work: list[Callable[[], Any]] = []
    for other in others:
        work += [lambda other=other: other.post(body()).status_code, locate_connections]
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(in_a_thread, work * 3))
    assert set(done[::2]) == {200}
    located = sum(done[1::2]) + locate_connections()
    assert located == 24
    assert not Connection.objects.filter(latitude__isnull=True).exists()
    for other in others:
        seen = Product.objects.get(pk=other.imei)
        assert seen.latest_connection_location_id is not None


def in_a_thread(work: Callable[[], Any]) -> Any:
    """Work on a connection of its own, as another process would."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()
