"""GET data: what a unit measured, as the reference's examples ask for it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine

from apps.products.models import Product
from apps.telemetry import data_answers, data_questions
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.spool import TelemetryDefault
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2016, 1, 4, tzinfo=dt.UTC)
VOLTAGE = (14.243, 14.723, 14.826, 13.284, 12.345, 12.678, 12.910, 12.345, 12.678, 12.910, 12.345,
           12.678, 12.910)  # fmt: skip
CURRENT = (1.234, 2.234, 3.234, 1.234, 2.345, 2.678, 2.910, 2.345, 2.678, 2.910, 2.345, 2.678,
           2.910)  # fmt: skip
TEMPERATURE = (21.345, None, 21.345, None, 21.345, None, 21.910, None, 21.678, None, 21.345, None,
               21.910)  # fmt: skip
TIMES = [(dt.datetime(2016, 1, 1) + dt.timedelta(hours=4 * n)).isoformat() + "Z" for n in range(13)]


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def imei() -> str:
    """A unit with the reference's three days of voltage, current and temperature."""
    imei = ProductFactory.create().pk
    write(imei, voltage=VOLTAGE, current=CURRENT, temperature=TEMPERATURE)
    return imei


def write(imei: str, *, tags: Any = None, measurement: str = "telemetry", **fields: Any) -> None:
    body = {
        "measurement": measurement,
        "tags": tags,
        "fields": {n: [list(p) for p in zip(TIMES, v, strict=False)] for n, v in fields.items()},
    }
    keep_points(batch=read_points(body, imei))


@pytest.fixture
def ask(api, imei, overview):
    """Ask about the unit; the answer's data, or the whole answer for another status."""

    def asked(status: int = 200, **parameters: Any) -> Any:
        answer = api.as_("overview").get(f"/v1/products/{imei}/data", parameters)
        assert answer.status_code == status, answer.content
        return answer.json()["data"] if status == 200 else answer.json()

    return asked


def column(values: Any, start: int = 0) -> list[Any]:
    return [[v, t] for v, t in list(zip(values, TIMES, strict=False))[start:]]


def test_no_parameters_answer_everything_of_the_last_seven_days(api, imei) -> None:
    answer = api.as_("overview").get(f"/v1/products/{imei}/data")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "message": "data retrieved successfully",
        "data": {
            "measurement": "telemetry",
            "tags": {"product_imei": imei},
            "current": column(CURRENT),
            "temperature": column(TEMPERATURE),
            "voltage": column(VOLTAGE),
        },
    }


def test_points_after_the_start_alone(ask) -> None:
    data = ask(start="2016-01-02 23:00:00")
    assert data["voltage"] == [[12.91, "2016-01-03T00:00:00Z"]]
    assert data["temperature"] == [[21.91, "2016-01-03T00:00:00Z"]]


def test_the_example_with_where_answers_as_the_reference_does(ask) -> None:
    parameters = {"start": "2016-01-01", "end": "2016-01-02", "limit": 100}
    for where in ("voltage > 14.0", "'voltage' > 14.0", '"voltage" > 14.0'):
        data = ask(**parameters, where=where, fields=["current", "temperature"])
        assert data["current"] == [[2.234, TIMES[1]], [3.234, TIMES[2]]]
        assert data["temperature"] == [[None, TIMES[1]], [21.345, TIMES[2]]]
        assert "voltage" not in data


def test_an_answer_ends_with_the_end_and_the_next_begins_after_it(ask) -> None:
    first = ask(start="2015-12-31", end=TIMES[5], fields="voltage")["voltage"]
    second = ask(start=TIMES[5], fields="voltage")["voltage"]
    assert first + second == column(VOLTAGE)
    assert first[-1] == [12.678, TIMES[5]]


@pytest.mark.parametrize(
    "start",
    ["1451793600000", "2016-01-03T04:00:00.000000000Z", "2016-01-03 04:00:00", "now() - 20h"],
)
def test_times_may_be_written_in_many_ways(ask, start) -> None:
    assert ask(start=start, end="Mon, January 4th 2016") == {
        "measurement": "telemetry",
        "tags": {"product_imei": ask()["tags"]["product_imei"]},
    }


def test_the_seven_days_are_those_before_the_end(ask) -> None:
    assert ask(end="2016-01-05")["voltage"] == column(VOLTAGE)
    assert ask(end=TIMES[1])["voltage"] == column(VOLTAGE)[:2]


def test_fields_come_in_the_order_asked_for_and_null_where_the_unit_has_none(ask) -> None:
    fields = ["voltage", "no_such", "current"]
    for written in (fields, ",".join(fields), " voltage , no_such,current"):
        data = ask(fields=written, limit=2)
        assert list(data) == ["measurement", "tags", *fields]
        assert data["no_such"] == [[None, TIMES[0]], [None, TIMES[1]]]
    assert set(ask(fields="*")) == set(ask())


def test_fields_may_be_repeated_as_http_libraries_send_lists(api, imei) -> None:
    answer = api.as_("overview").get(f"/v1/products/{imei}/data?fields=voltage&fields=current")
    assert list(answer.json()["data"]) == ["measurement", "tags", "voltage", "current"]


def test_parameters_may_come_as_a_body(api, imei) -> None:
    body = {"start": "2015-12-31", "limit": 2, "fields": ["voltage"], "tags": {}, "where": None}
    answer = api.as_("overview").request("GET", f"/v1/products/{imei}/data", json=body)
    assert answer.json()["data"]["voltage"] == column(VOLTAGE)[:2]
    twice = api.as_("overview").request(
        "GET", f"/v1/products/{imei}/data", params={"limit": 3}, json=body
    )
    assert twice.status_code == 400
    assert "limit" in twice.json()["validation_errors"]


def test_a_limit_counts_the_first_rows(ask) -> None:
    assert ask(limit=3)["temperature"] == column(TEMPERATURE)[:3]


def test_tags_choose_among_series(ask, imei) -> None:
    write(imei, tags={"cell": "left"}, voltage=[1.0])
    write(imei, tags={"cell": "right"}, voltage=[2.0])
    data = ask(tags={"cell": "right"}, fields="voltage")
    assert data["voltage"] == [[2.0, TIMES[0]]]
    assert data["tags"] == {"product_imei": imei, "cell": "right"}
    assert len(ask(fields="voltage", limit=3)["voltage"]) == 3
    assert ask(where="cell = 'left'", fields="voltage")["voltage"] == [[1.0, TIMES[0]]]
    assert len(ask(tags={"product_imei": imei})["voltage"]) == 15
    assert "another unit" in str(ask(400, tags={"product_imei": "0" * 15}))


def test_other_measurements_are_asked_for_by_name(ask, imei) -> None:
    write(imei, measurement="analysis", tags={"analysis-type": "x"}, **{"curve-data": [1, 2]})
    data = ask(measurement="analysis")
    assert data["curve-data"] == column([1.0, 2.0])
    assert data["measurement"] == "analysis"


def test_what_devices_used_comes_in_rows(ask, imei) -> None:
    write(imei, measurement="disaggregation", AC0122=[0, 1.5], LI0011_qty=[1], unexplained=[0.29])
    assert ask(measurement="disaggregation") == [
        {"AC0122": 0.0, "LI0011_qty": 1.0, "unexplained": 0.29, "product_imei": imei,
         "time": TIMES[0]},
        {"AC0122": 1.5, "LI0011_qty": None, "unexplained": None, "product_imei": imei,
         "time": TIMES[1]},
    ]  # fmt: skip
    assert ask(measurement="disaggregation", start="2016-01-03") == []


@pytest.mark.parametrize(
    ("function", "value"),
    [
        *(("mean", 13.683), ("sum", 82.099), ("count", 6), ("min", 12.345)),
        *(("max", 14.826), ("first", 14.243), ("last", 12.678), ("spread", 2.481)),
        *(("median", 13.7635), ("stddev", 1.064), ("percentile_50", 13.284)),
        *(("percentile(90)", 14.723), ("mode", 14.243), ("mean()", 13.683)),
    ],
)
def test_a_day_becomes_what_the_function_says(ask, function, value) -> None:
    data = ask(start="2016-01-01", end="2016-01-02", ds_interval="1d", ds_function=function)
    assert data["voltage"] == [[pytest.approx(value, abs=1e-3), TIMES[0]]]


def test_the_function_is_the_mean_and_may_be_misspelled_as_the_reference_does(ask) -> None:
    window = {"start": "2016-01-01", "end": "2016-01-04", "ds_interval": "1d", "fields": "current"}
    assert ask(**window) == ask(**window, ds_fucntion="mean") == ask(**window, ds_function="mean")
    assert ask(**window, ds_fucntion="max")["current"][0] == [3.234, TIMES[0]]
    assert "ds_fucntion" in str(ask(400, **window, ds_fucntion="max", ds_function="min"))


@pytest.mark.parametrize(
    ("interval", "rows"),
    [
        ("1w", 1), ("10d", 1), ("24h", 3), ("480m", 7), ("14400s", 13), ("14400000ms", 13),
        ("14400000000u", 13),
    ],
)  # fmt: skip
def test_intervals_are_a_number_and_a_unit(ask, interval, rows) -> None:
    # Those of a length that does not divide the time since 1970 begin before the start.
    assert len(ask(start="2015-12-31", ds_interval=interval)["voltage"]) in (rows, rows + 1)


@pytest.mark.parametrize(
    "parameters",
    [
        {"start": "yesterday"}, {"end": "2016-02-30"}, {"start": "2016-01-02", "end": "2016-01-01"},
        {"fields": ""}, {"fields": "a b"}, {"fields": '["a", 1]'}, {"fields": "[{}"},
        {"fields": ",".join(f"f{n}" for n in range(51))}, {"fields": "*,voltage"},
        {"fields": "time"}, {"fields": 'voltage" FROM x'}, {"measurement": "a b"},
        {"measurement": ""}, {"measurement": "x'; DROP MEASUREMENT telemetry"},
        {"limit": "0"}, {"limit": "-1"}, {"limit": "x"}, {"limit": "1.5"}, {"limit": "9" * 30},
        {"where": "voltage >"}, {"where": "1 = 1"}, {"where": "voltage > 1; DROP"},
        {"tags": "{"}, {"tags": "[]"}, {"tags": '{"a": {}}'}, {"tags": '{"a": "x y"}'},
        {"tags": '{"a b": "x"}'}, {"tags": "\"x\""},
        {"ds_interval": "5"}, {"ds_interval": "m"}, {"ds_interval": "0m"}, {"ds_interval": "-5m"},
        {"ds_interval": "5y"}, {"ds_interval": "1.5h"}, {"ds_interval": "9999999w"},
        {"ds_interval": "1u"}, {"ds_function": "mean"}, {"ds_interval": "1d", "ds_function": "x"},
        {"ds_interval": "1d", "ds_function": "percentile"},
        {"ds_interval": "1d", "ds_function": "percentile_101"},
        {"ds_interval": "1d", "ds_function": "mean_5"},
        {"ds_interval": "1d", "ds_function": "mean(voltage)"},
        {"no_such": "1"},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_named(ask, parameters) -> None:
    answer = ask(400, **parameters)
    assert set(answer) == {"status", "message", "validation_errors", "data"}
    named = ", ".join(answer["validation_errors"])
    assert any(name in named or named.startswith(name[:3]) for name in parameters), answer


def test_too_large_an_answer_says_how_to_ask_for_less(ask, monkeypatch) -> None:
    for module in (data_answers, data_questions):
        monkeypatch.setattr(module, "MOST_VALUES", 30)
    answer = ask(400)
    assert "limit" in answer["message"]
    assert "ds_interval" in answer["message"]
    assert len(ask(limit=10)["voltage"]) == 10
    assert len(ask(fields="voltage")["voltage"]) == 13
    assert len(ask(ds_interval="1d")["voltage"]) == 3


def test_each_type_of_unit_may_have_defaults_of_its_own(ask, imei) -> None:
    product_type = Product.objects.get(pk=imei).product_type
    TelemetryDefault.objects.create(
        product_type=product_type,
        fields=["voltage", "usb_current"],
        days=1,
        ds_interval="1d",
        ds_function="max",
    )
    data = ask()
    assert list(data) == ["measurement", "tags", "voltage"]
    assert data["voltage"] == [[12.91, "2016-01-03T00:00:00Z"]]
    assert ask(start="2016-01-01", fields="current", ds_interval="1w", ds_function="count")[
        "current"
    ] == [[13, "2015-12-31T00:00:00Z"]]
    assert ask(measurement="analysis") == {
        "measurement": "analysis",
        "tags": {"product_imei": imei},
    }


def test_a_unit_without_data_answers_no_fields(api) -> None:
    product = ProductFactory.create()
    data = api.as_("overview").get(f"/v1/products/{product.pk}/data").json()["data"]
    assert data == {"measurement": "telemetry", "tags": {"product_imei": product.pk}}


def test_one_read_costs_few_queries(api, imei, django_assert_num_queries, settings) -> None:
    session = api.as_("overview")
    session.get(f"/v1/products/{imei}/data")
    # Caller, unit, defaults, the unit's fields and series; windows of its blocks, if they are here.
    with django_assert_num_queries(5 if settings.INFLUXDB_URL else 8):
        session.get(f"/v1/products/{imei}/data")
