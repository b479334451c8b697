"""A small share of the campaigns that kill InfluxDB, and a proof that they would find a fault."""

from __future__ import annotations

import random
import shutil

import pytest
from django.db import connection

from bench.soak.data_day import Kills, run_days
from bench.soak.data_figures import kill_derivers
from bench.soak.data_poison import attempt
from bench.soak.data_units import Rows, UploadingUnit, faults, rows_of, values_of
from bench.soak.fleet_commands import _url
from bench.soak.influx_pace import hurry
from bench.soak.influx_server import own_influxd

with_influxd = [
    pytest.mark.skipif(shutil.which("influxd") is None, reason="no influxd to kill"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]
IMEI = "350000000000001"


@pytest.fixture
def own_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a campaign starts works in the test's database."""
    monkeypatch.setenv("DATABASE_URL", _url())


def unit() -> tuple[UploadingUnit, dict[int, tuple[float | None, ...]]]:
    """One with a time acknowledged, one measured anew unheard and one never heard; and its rows."""
    one = UploadingUnit(IMEI, "", random.Random(1))
    one.acknowledged = {1: 12.0, 2: 12.5}
    one.unheard = {2: {20.0}, 3: {13.0}}
    return one, {1: values_of(12.0), 2: values_of(12.5)}


@pytest.mark.parametrize("more", [{}, {2: values_of(20.0)}, {3: values_of(13.0)}])
def test_books_that_hold_are_no_fault(more: Rows) -> None:
    one, rows = unit()
    assert faults(one, {**rows, **more}) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({1: None}, "1: acknowledged, and is not there"),
        ({1: values_of(11.0)}, "1: (11.0, 1.375) is there, not any of [12.0]"),
        ({1: (12.0, None)}, "1: (12.0, None) is there, not any of [12.0]"),
        ({3: values_of(12.0)}, "3: (12.0, 1.5) is there, not any of [13.0]"),
        ({4: values_of(12.0)}, "4: is there, and was never sent"),
    ],
)
def test_a_lost_a_changed_and_an_invented_point_are_found(changed: Rows, fault: str) -> None:
    one, rows = unit()
    found = {at: row for at, row in {**rows, **changed}.items() if row is not None}
    assert faults(one, found) == [f"{IMEI} {fault}"]


def test_a_point_in_two_series_or_beside_its_time_is_found() -> None:
    once = {"values": [[1_000_000, 12.0, 1.5]]}
    assert rows_of([once], IMEI) == ({1: (12.0, 1.5)}, [])
    assert rows_of([once, once], IMEI)[1]
    assert rows_of([{"values": [[1_000_001, 12.0, 1.5]]}], IMEI)[1]


class TestWithInfluxd:
    pytestmark = with_influxd

    @pytest.mark.usefixtures("own_processes")
    def test_nothing_acknowledged_is_lost_or_doubled_whoever_dies(self) -> None:
        kills = Kills(web_workers=6, web_servers=0, influxdb=2, drains=3)
        figure = run_days(units=20, kills=kills, megabytes=None, seed=1)
        assert "each there once" in figure

    def test_what_influxdb_refuses_or_cannot_take_holds_up_no_other_unit(self) -> None:
        with own_influxd() as server:
            assert server is not None
            slow_down = hurry()
            try:
                assert "points are all there" in attempt(server, units=20, seed=1)
            finally:
                slow_down()

    @pytest.mark.usefixtures("own_processes")
    def test_days_are_right_whoever_dies_over_them(self) -> None:
        figure = kill_derivers(units=6, kills=3, influxdb=1, seed=1)
        assert "as a fresh derivation" in figure
