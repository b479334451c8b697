"""What a chart answers: means, gaps, marks, as many values as pixels."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.products.models import EnableState
from apps.telemetry.store.series import HOUR
from tests.factories import (
    ConnectionFactory,
    EnableHistoryFactory,
    ProductFactory,
    StateFactory,
)
from tests.telemetry.charts.conftest import NOW, START, WEEK, line, signed_in, url, write

pytestmark = pytest.mark.django_db


def test_values_are_means_of_nice_intervals_and_gaps_are_nulls(ask) -> None:
    chart = ask(fields="voltage", points=600, **WEEK)
    assert chart["interval"] == 20 * 60
    assert (chart["end"] - chart["start"]) // chart["interval"] == 504
    voltage = line(chart, "voltage")
    assert len(voltage["mean"]) == 504
    assert voltage["mean"][:3] == [12.05, 12.25, 12.45]
    assert (voltage["least"][0], voltage["most"][0]) == (12.0, 12.1)
    assert voltage["mean"][29:49] == [12.85, *[None] * 18, 12.65]
    assert voltage["mean"][144:] == [None] * 360
    assert (voltage["label"], voltage["unit"]) == ("Voltage", "V")


def test_a_unit_that_measures_rarely_has_no_gap_after_each_value(ask, unit) -> None:
    write(unit, "temperature", [20.5] * 12, every=4 * HOUR)
    chart = ask(fields="temperature,voltage", points=600, start="2016-01-01", end="2016-01-02")
    assert chart["interval"] == 5 * 60
    assert line(chart, "temperature")["gap_after"] > 4 * 3600
    assert line(chart, "voltage")["gap_after"] == 25 * 60


def test_a_day_without_a_value_is_a_gap_in_a_year(ask) -> None:
    chart = ask(fields="voltage", start="2015-06-01", end="2016-01-08")
    assert line(chart, "voltage")["gap_after"] < 2 * chart["interval"]


def test_short_intervals_have_no_extremes(ask) -> None:
    chart = ask(fields="voltage", points=600, start="2016-01-01", end="2016-01-01T02:00:00Z")
    assert chart["interval"] == 15
    assert line(chart, "voltage")["least"] is None


def test_a_chart_has_as_many_values_as_it_has_pixels(ask) -> None:
    for points in (100, 600, 2_000):
        chart = ask(fields="voltage", points=points, start="2015-01-01", end="2016-01-08")
        assert points / 4 < len(line(chart, "voltage")["mean"]) <= points + 2


@pytest.mark.parametrize("span", ["day", "week", "month", "year"])
def test_a_span_ends_now(ask, span) -> None:
    chart = ask(span=span)
    assert chart["end"] == NOW.timestamp()


def test_fields_that_people_look_at_come_first_and_then_states(ask, unit) -> None:
    for name in ("abc", "temperature", "panel_voltage"):
        write(unit, name, [1.0, 2.0])
    write(unit, "mode", ["eco", "full"])
    shown = ask(**WEEK)["units"][0]
    assert [one["field"] for one in shown["lines"]] == [
        "voltage",
        "current_in",
        "temperature",
        "voltage*current_in",
    ]
    assert [one["field"] for one in shown["lanes"]] == ["mode"]


def test_of_a_unit_that_has_nothing_known_the_first_fields_are_shown(ask, unit) -> None:
    odd = ProductFactory.create()
    for n in range(6):
        write(odd, f"x{n}", [1.0])
    chart = ask(of=odd, **WEEK)
    assert [one["field"] for one in chart["units"][0]["lines"]] == ["x0", "x1", "x2", "x3"]


def test_power_is_computed_where_it_is_not_measured(ask, unit) -> None:
    chart = ask(fields="voltage,current_in,voltage*current_in", points=600, **WEEK)
    volts, amperes, watts = (one["mean"] for one in chart["units"][0]["lines"])
    assert watts[3] == pytest.approx(volts[3] * amperes[3], rel=1e-3)
    assert (volts[40], watts[40]) == (None, None)
    power = line(chart, "voltage*current_in")
    assert (power["label"], power["unit"]) == ("Power in, computed", "W")
    assert power["least"] is None
    write(unit, "active_power", [5.0])
    assert "no field" in ask(400, fields="voltage*current_in")


def test_fields_of_other_measurements_can_be_shown_too(ask, unit) -> None:
    write(unit, "balance", [100.0, 200.0], measurement="balance")
    write(unit, "voltage", [7.0], measurement="disaggregation")
    chart = ask(fields="voltage,balance/balance,disaggregation/voltage", points=600, **WEEK)
    assert [line(chart, name)["mean"][0] for name in ("voltage", "balance/balance")] == [12.05, 150]
    assert line(chart, "balance/balance")["label"] == "Credit left"
    assert line(chart, "disaggregation/voltage")["mean"][0] == 7
    assert "no field" in ask(400, fields="logging/balance")


def test_two_units_are_shown_together(ask, unit) -> None:
    other = ProductFactory.create(serial_number="HB-2")
    write(other, "temperature", [20.5, 21.5])
    chart = ask(fields=["voltage", "temperature"], **{"with": "HB-2"}, **WEEK)
    assert [one["serial_number"] for one in chart["units"]] == [unit.serial_number, "HB-2"]
    assert set(line(chart, "voltage", 1)["mean"]) == {None}
    assert line(chart, "temperature", 1)["mean"][0] == 21
    assert len(ask(**{"with": unit.pk}, **WEEK)["units"]) == 1


def test_what_happened_is_marked(ask, unit) -> None:
    for hour in (5, 5, 30):
        ConnectionFactory.create(product=unit, date=START + dt.timedelta(hours=hour, minutes=1))
    ConnectionFactory.create(product=unit, date=START - dt.timedelta(days=9))
    ConnectionFactory.create(date=START)
    EnableHistoryFactory.create(
        product=unit,
        date=START + dt.timedelta(hours=1),
        current_enable_state=EnableState.PENDING_DISABLED,
    )
    moved = StateFactory.create(product=unit, current_state_type__name="IN_REPAIR")
    type(moved).objects.filter(pk=moved.pk).update(created_at=START + dt.timedelta(hours=2))
    shown = ask(fields="voltage", **WEEK)["units"][0]
    at = START.timestamp()
    assert shown["contacts"] == [at + 5 * 3600, at + 30 * 3600]
    assert shown["marks"] == [
        {"at": at + 3600, "kind": "switch", "text": "Asked to switch off"},
        {"at": at + 7200, "kind": "life", "text": "Now In repair"},
    ]


def test_the_number_of_queries_does_not_grow_with_fields(
    unit, overview, settings, django_assert_num_queries
) -> None:
    for name in ("temperature", "state_of_charge_percent", "active_power", "other"):
        write(unit, name, [1.0, 2.0])
    client = signed_in(overview)
    client.get(url(unit), WEEK)
    names = ["voltage", "current_in", "temperature", "state_of_charge_percent", "active_power"]
    for fields in (names[:1], [*names, "other"]):
        with django_assert_num_queries(11 if settings.INFLUXDB_URL else 14):
            client.get(url(unit, "data/"), {"fields": fields, **WEEK})


@pytest.mark.parametrize(
    ("told", "most"),
    [
        ({"HTTP_SEC_CH_UA_MOBILE": "?1"}, 320),
        ({"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) AppleWebKit Mobile Safari"}, 320),
        ({}, 900),
    ],
)
def test_the_page_brings_as_many_values_as_its_screen_has_pixels(
    unit, overview, told, most
) -> None:
    page = signed_in(overview).get(url(unit), WEEK, **told)
    count = len(page.context["payload"]["units"][0]["lines"][0]["mean"])
    assert most / 2 < count <= most


def test_a_year_of_ten_fields_is_small_on_its_way_to_a_phone(unit, overview) -> None:
    names = [f"x{n}" for n in range(10)]
    for place, name in enumerate(names):
        values = [20 + place + (n * 37 % 101) / 7 for n in range(365 * 4)]
        write(unit, name, values, every=6 * HOUR)
    query = {"fields": names, "points": 280, "start": "2016-01-01", "end": "2016-12-31"}
    client = signed_in(overview)
    answer = client.get(url(unit, "data/"), query, HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 25_000
    assert len(client.get(url(unit, "data/"), query).content) < 75_000
