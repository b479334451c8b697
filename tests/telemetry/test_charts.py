"""The charts of a unit: who sees them, what they ask of the store, and what comes back."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.products.models import EnableState, Product
from apps.telemetry.errors import StoreAway
from apps.telemetry.spool import TelemetryOutage
from apps.telemetry.store import current
from apps.telemetry.store.series import HOUR, MINUTE, SECOND, Batch, Series
from apps.telemetry.store.sql import SqlStore
from tests.factories import (
    ConnectionFactory,
    EnableHistoryFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    StateFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2016, 1, 8, tzinfo=dt.UTC)
START = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
FIRST = int(START.timestamp()) * SECOND
WEEK = {"start": "2016-01-01", "end": "2016-01-08"}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def unit(entity: Any) -> Product:
    """A unit of the entity that measured every ten minutes for two days, but for six hours."""
    made: Product = ProductFactory.create(serial_number="HB000501-000666-X")
    ProductEntityLinkerFactory.create(product=made, entity=entity)
    write(made, "voltage", [12 + n % 10 / 10 for n in range(288)], without=range(60, 96))
    write(made, "current_in", [n / 100 for n in range(288)])
    return made


def write(
    unit: Product, name: str, values: list[Any], *, every: int = 10 * MINUTE, without: Any = ()
) -> None:
    points = [(FIRST + n * every, v) for n, v in enumerate(values) if n not in without]
    current().write([Batch.of(Series.of("telemetry", unit.pk), {name: points})])


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def url(unit: Product | str, page: str = "") -> str:
    return f"/admin/products/product/{getattr(unit, 'pk', unit)}/charts/{page}"


@pytest.fixture
def ask(unit: Product, overview: Any):
    """Ask for the data of the unit; the chart, or what is said with another status."""
    client = signed_in(overview)

    def asked(status: int = 200, **query: Any) -> Any:
        answer = client.get(url(unit, "data/"), query)
        assert answer.status_code == status, answer.content
        return answer.json() if status == 200 else answer.json()["message"]

    return asked


def line(chart: Any, field: str, place: int = 0) -> Any:
    return next(one for one in chart["units"][place]["lines"] if one["field"] == field)


# --- who sees it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "data/", "file/"])
def test_whoever_sees_the_unit_sees_its_charts(page, unit, overview, insider) -> None:
    for user in (overview, insider):
        assert signed_in(user).get(url(unit, page), WEEK).status_code == 200


@pytest.mark.parametrize("page", ["", "data/", "file/"])
def test_a_unit_out_of_scope_is_one_that_does_not_exist(page, unit, outsider) -> None:
    client = signed_in(outsider)
    refused, unknown = client.get(url(unit, page)), client.get(url("0" * 15, page))
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert unit.serial_number not in refused.content.decode()


@pytest.mark.parametrize("page", ["", "data/", "file/"])
def test_a_stranger_is_sent_to_sign_in(page, unit) -> None:
    answer = Client().get(url(unit, page))
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


@pytest.mark.parametrize("page", ["", "data/", "file/"])
def test_charts_are_only_read(page, unit, overview) -> None:
    assert signed_in(overview).post(url(unit, page)).status_code == 405


def test_a_second_unit_out_of_scope_is_one_that_does_not_exist(unit, insider) -> None:
    other = ProductFactory.create(serial_number="SECRET-1")
    write(other, "voltage", [1.0])
    client = signed_in(insider)
    for term in (other.pk, other.serial_number, "nobody", "\x00", "x" * 500, "' OR 1=1 --"):
        answer = client.get(url(unit, "data/"), {"with": term})
        assert answer.status_code == 404
        assert answer.json() == {
            "message": "There is no second unit with this serial number or IMEI"
        }
        assert client.get(url(unit, "file/"), {"with": term}).status_code == 404
        page = client.get(url(unit), {"with": term})
        assert page.status_code == 404
        assert "There is no second unit" in page.content.decode()


# --- what is answered ----------------------------------------------------------------------------


def test_values_are_means_of_nice_intervals_and_gaps_are_nulls(ask) -> None:
    chart = ask(fields="voltage", **WEEK)
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
    chart = ask(fields="temperature,voltage", start="2016-01-01", end="2016-01-02")
    assert chart["interval"] == 5 * 60
    assert line(chart, "temperature")["gap_after"] > 4 * 3600
    assert line(chart, "voltage")["gap_after"] == 25 * 60


def test_a_day_without_a_value_is_a_gap_in_a_year(ask) -> None:
    chart = ask(fields="voltage", start="2015-06-01", end="2016-01-08")
    assert line(chart, "voltage")["gap_after"] < 2 * chart["interval"]


def test_short_intervals_have_no_extremes(ask) -> None:
    chart = ask(fields="voltage", start="2016-01-01", end="2016-01-01T02:00:00Z")
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


def test_fields_that_people_look_at_come_first_and_texts_not_at_all(ask, unit) -> None:
    write(unit, "abc", [1.0, 2.0])
    write(unit, "mode", ["eco", "full"])
    chart = ask(**WEEK)
    assert [one["field"] for one in chart["units"][0]["lines"]] == ["voltage", "current_in", "abc"]
    assert "no field" in ask(400, fields="mode")


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


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"start": "yesterday"}, "start: 'yesterday' is not a time"),
        ({"start": "2016-02-30"}, "start: 2016-02-30 is not a date"),
        ({"end": "9" * 40}, "end: "),
        ({"start": "2016-01-02", "end": "2016-01-01"}, "the start must be before the end"),
        ({"start": "2016-01-01", "end": "2016-01-01"}, "the start must be before the end"),
        ({"end": "1970-01-01"}, "the start must be before the end"),
        ({"start": "2013-01-01", "end": "2016-01-01"}, "at most two years"),
        ({"end": "2261-12-31T23:59:59Z", "start": "2261-12-31"}, None),
        ({"span": "decade"}, "span: one of day, week, month, year is needed"),
        ({"points": "2001"}, "points: "),
        ({"points": "-1"}, "points: "),
        ({"points": "٣"}, "points: "),
        ({"fields": "a,b,c,d,e,f,g"}, "choose at most 6 fields"),
        ({"fields": "nonsense"}, "the unit has no field 'nonsense'"),
        ({"fields": 'x"; DROP DATABASE telemetry; --'}, "the unit has no field"),
        ({"fields": "time"}, "the unit has no field"),
        ({"fields": "a\x00b"}, "the unit has no field"),
        ({"fields": "é" * 5_000}, "the unit has no field"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(ask, unit, overview, query, said) -> None:
    page = signed_in(overview).get(url(unit), query)
    if said is None:
        ask(**query)
        assert page.status_code == 200
        return
    assert said in ask(400, **query)
    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()
    assert signed_in(overview).get(url(unit, "file/"), query).status_code == 400


def test_a_store_that_is_away_is_said_so(unit, overview, monkeypatch) -> None:
    def away(*arguments: Any, **more: Any) -> Any:
        raise StoreAway("no route to host 10.0.0.7")

    monkeypatch.setattr(SqlStore, "read", away)
    monkeypatch.setattr(type(current()), "read", away)
    client = signed_in(overview)
    for page in ("", "data/", "file/"):
        answer = client.get(url(unit, page), WEEK)
        assert answer.status_code == 503
        assert "The telemetry store is away. Please try again later" in answer.content.decode()
        assert "10.0.0.7" not in answer.content.decode()


# --- the page ------------------------------------------------------------------------------------


def test_the_page_brings_its_first_values_along(unit, overview) -> None:
    page = signed_in(overview).get(url(unit), WEEK)
    text = page.content.decode()
    assert page.context["payload"]["units"][0]["lines"][0]["field"] == "voltage"
    assert 'id="measured"' in text
    assert "view=table" in text
    assert "uPlot.iife.min.js" in text


def test_the_same_values_are_a_table_without_a_script(unit, overview) -> None:
    page = signed_in(overview).get(url(unit), {**WEEK, "view": "table"})
    text = page.content.decode()
    assert "<td>12.383</td>" in text
    assert "uplot" not in text
    assert 60 > text.count('<th scope="row">20') > 20


def test_a_unit_that_never_measured_is_told_what_to_do(overview) -> None:
    silent = ProductFactory.create()
    page = signed_in(overview).get(url(silent)).content.decode()
    assert "Nothing measured yet" in page
    assert f"/admin/products/product/{silent.pk}/change/" in page
    data = signed_in(overview).get(url(silent, "data/")).json()
    assert data["units"][0]["lines"] == []


def test_a_time_without_values_leads_to_the_last_ones(unit, overview) -> None:
    client = signed_in(overview)
    page = client.get(url(unit), {"start": "2016-01-05", "fields": "voltage"})
    assert "Nothing measured in this time" in page.content.decode()
    follow = client.get(url(unit) + page.context["latest_url"])
    assert follow.context["figures"][0].last == 12.65


def test_hostile_names_are_shown_as_text(overview) -> None:
    hostile = ProductFactory.create(serial_number="<script>alert(1)</script>")
    write(hostile, "voltage", [12.0])
    page = signed_in(overview).get(url(hostile), WEEK).content.decode()
    assert "<script>alert(1)" not in page
    search = signed_in(overview).get(url(hostile), {"with": '"><script>alert(2)</script>'})
    assert "<script>alert(2)" not in search.content.decode()


def test_the_file_holds_what_is_shown_and_no_formula(unit, overview) -> None:
    evil = ProductFactory.create(serial_number='=HYPERLINK("http://x")\r\nSet-Cookie: a')
    write(evil, "voltage", [-1.5])
    query = {"fields": "voltage", "with": evil.pk, **WEEK}
    answer = signed_in(overview).get(url(unit, "file/"), query)
    assert answer["Content-Disposition"] == (
        'attachment; filename="HB000501-000666-X--HYPERLINK-http-x-Set-Cookie-a-measurements.csv"'
    )
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["time (UTC)", "HB000501-000666-X voltage (V) mean"]
    assert rows[0][4].startswith("'=HYPERLINK")
    assert rows[1] == ["2016-01-01T00:00:00Z", "12.05", "12.0", "12.1", "-1.5", "-1.5", "-1.5"]
    assert len(rows) == 1 + 144 - 18


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


# --- the card on the unit's page -----------------------------------------------------------------


def card_of(client: Client, unit: Product) -> Any:
    page = client.get(f"/admin/products/product/{unit.pk}/change/")
    return next(card for card in page.context["cards"] if str(card.title) == "Measurements")


def test_the_unit_s_page_tells_its_newest_values_and_leads_to_the_charts(unit, overview) -> None:
    card = card_of(signed_in(overview), unit)
    assert [(str(fact.label), fact.value) for fact in card.facts] == [
        ("Voltage", "12.7 V"),
        ("Current in", "2.87 A"),
    ]
    assert card.url == url(unit)


def test_the_unit_s_page_stands_while_the_store_is_away(unit, overview, monkeypatch) -> None:
    def away(*arguments: Any, **more: Any) -> Any:
        raise StoreAway("gone")

    monkeypatch.setattr(type(current()), "last", away)
    client = signed_in(overview)
    assert "away" in str(card_of(client, unit).facts[0].value)
    monkeypatch.undo()
    TelemetryOutage.objects.create(store=current().name, retry_at=NOW, last_error="gone")
    assert "away" in str(card_of(client, unit).facts[0].value)


def test_a_unit_without_measurements_says_so(overview) -> None:
    card = card_of(signed_in(overview), ProductFactory.create())
    assert (card.facts, str(card.empty)) == ((), "The unit has not sent any measurement yet.")
