"""Writing: what is taken, what is refused, and that neither depends on the store."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from apps.core.errors import Invalid
from apps.telemetry.errors import StoreRefused
from apps.telemetry.models import TelemetryBlock
from apps.telemetry.store import catalogue
from apps.telemetry.store.queries import Compare, Function, Op, Query
from apps.telemetry.store.series import DAY, HOUR, MINUTE, SECOND, Batch, Series
from apps.telemetry.store.sql import SqlStore

pytestmark = pytest.mark.django_db
IMEI, OTHER = "013777946874001", "013950004127933"
AT = 1_472_688_000 * SECOND


def batch(fields, *, measurement="telemetry", imei=IMEI, tags=None) -> Batch:
    return Batch.of(Series.of(measurement, imei, tags), fields)


def read(store, *, measurement="telemetry", imei=IMEI, **more) -> dict:
    found = store.read(Query(measurement, imei, 0, AT + 400 * DAY, **more))
    return {"times": found.times, **found.columns}


def test_a_repeated_upload_changes_nothing(store):
    upload = [batch({"voltage": [(AT + n * MINUTE, 12 + n / 10) for n in range(240)]})]
    assert store.write(upload) == 240
    before = read(store)
    assert store.write(upload) == 240
    assert read(store) == before


def test_a_repeated_upload_does_not_write_its_blocks_again(django_assert_num_queries):
    upload = [batch({"voltage": [(AT + n * MINUTE, 12.0) for n in range(240)]})]
    SqlStore().write(upload)
    with django_assert_num_queries(4) as queries:
        SqlStore().write(upload)
    assert not [q for q in queries if q["sql"].startswith("UPDATE")]


def test_a_later_value_overwrites_one_and_leaves_the_others(store):
    store.write([batch({"voltage": [(AT, 12.0)], "current": [(AT, 1.0)]})])
    store.write([batch({"voltage": [(AT, 13.0)]})])
    assert read(store) == {"times": [AT], "current": [1.0], "voltage": [13.0]}


def test_units_measurements_and_tags_are_kept_apart(store):
    store.write([batch({"voltage": [(AT, 1)]}), batch({"voltage": [(AT, 2)]}, imei=OTHER)])
    store.write([batch({"voltage": [(AT, 3)]}, measurement="logging")])
    store.write([batch({"voltage": [(AT, 4)]}, tags={"jig": "A"})])
    assert read(store)["voltage"] == [1.0, 4.0]
    assert read(store, imei=OTHER)["voltage"] == [2.0]
    assert read(store, measurement="logging")["voltage"] == [3.0]
    assert read(store, tags={"jig": "A"})["voltage"] == [4.0]


def test_a_series_needs_no_unit(store):
    store.write([batch({"hits": [(AT, 3)]}, imei="", tags={"page": "home"})])
    assert read(store, imei="")["hits"] == [3.0]
    assert read(store) == {"times": []}


def test_the_first_value_of_a_field_decides_its_kind_for_all_units(store):
    store.write([batch({"mode": [(AT, "night")]})])
    wrong = [batch({"mode": [(AT, 5)], "voltage": [(AT, 12)]}, imei=OTHER)]
    with pytest.raises(StoreRefused) as refused:
        store.write(wrong)
    assert (refused.value.dropped, refused.value.written) == (1, 1)
    assert "mode" in refused.value.reasons[0]
    assert read(store, imei=OTHER) == {"times": [AT], "voltage": [12.0]}


def test_what_the_reference_calls_a_number_takes_no_text(store):
    with pytest.raises(StoreRefused) as refused:
        store.write([batch({"voltage": [(AT, "high")]})])
    assert (refused.value.dropped, refused.value.written) == (1, 0)
    store.write([batch({"voltage": [(AT, 12)]})])
    assert read(store)["voltage"] == [12.0]


@pytest.mark.parametrize(
    "value",
    [
        *(float("nan"), float("inf"), -float("inf"), 2**53 + 1, 10**400),
        *("a\0b", "\ud800", "x" * 16_385),
        *(["list"], {"a": 1}, b"bytes"),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_value_that_cannot_be_kept_is_dropped_alone(store, value):
    good = {"voltage": [(AT, 12.0)], "odd": [(AT, value), (AT + 1, value)]}
    with pytest.raises(StoreRefused) as refused:
        store.write([batch(good)])
    assert (refused.value.dropped, refused.value.written) == (2, 1)
    assert read(store) == {"times": [AT], "voltage": [12.0]}


@pytest.mark.parametrize(
    "value", [0, -0.1, 1e-300, 1e300, 2**53, 0.1 + 0.2, True, False, "", "été ☀ 'a' \"b\" \\ \n,= "]
)
def test_a_value_comes_back_as_it_was(store, value):
    store.write([batch({"any": [(AT, value)]})])
    [found] = read(store)["any"]
    assert found == value
    assert type(found) is (float if type(value) is int else type(value))


@time_machine.travel(dt.datetime(2026, 7, 1, tzinfo=dt.UTC), tick=False)
def test_what_is_older_than_it_is_kept_is_refused(store, settings):
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 30, "analysis_rp": 0}
    now = int(dt.datetime(2026, 7, 1, tzinfo=dt.UTC).timestamp()) * SECOND
    times = [(now - 31 * DAY, 1), (now - 29 * DAY, 2)]
    with pytest.raises(StoreRefused) as refused:
        store.write([batch({"voltage": times})])
    assert (refused.value.dropped, refused.value.written) == (1, 1)
    assert store.write([batch({"lvd": times}, measurement="analysis")]) == 2


@pytest.mark.parametrize("at", [-1, 2**63 - 1, 2**63])
def test_a_time_that_no_store_knows_is_refused(store, at):
    with pytest.raises(StoreRefused) as refused:
        store.write([batch({"voltage": [(at, 1), (AT, 2)]})])
    assert (refused.value.dropped, refused.value.written) == (1, 1)


@pytest.mark.parametrize(
    "name",
    ["", "time", "product_imei", "a b", 'a"b', "a'b", "a,b", "a;b", "_x", "é", "x" * 65, "a\n"],
)
def test_a_name_outside_the_list_is_refused_everywhere(store, name):
    with pytest.raises(Invalid):
        store.write([batch({name: [(AT, 1)]})])
    with pytest.raises(Invalid):
        Series(name)
    with pytest.raises(Invalid):
        Series.of("telemetry", IMEI, {name: "x"})
    with pytest.raises(Invalid):
        Query("telemetry", IMEI, 0, 1, fields=(name,))
    with pytest.raises(Invalid):
        Query(name, IMEI, 0, 1)
    if name != "product_imei":
        with pytest.raises(Invalid):
            Compare(name, Op.EQ, 1)


def test_a_unit_has_so_many_fields_and_no_more(store, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_FIELDS", 3)
    with pytest.raises(StoreRefused) as refused:
        store.write([batch({f"f{n}": [(AT, n)] for n in range(5)})])
    assert (refused.value.dropped, refused.value.written) == (2, 3)
    assert len(store.fields_of(IMEI, "telemetry")) == 3
    # Others have room of their own.
    assert store.write([batch({"f4": [(AT, 1)]}, imei=OTHER)]) == 1


def test_a_unit_has_so_many_sets_of_tags_and_no_more(store, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_SERIES", 2)
    written = [batch({"a": [(AT, n)]}, tags={"run": str(n)}) for n in range(4)]
    with pytest.raises(StoreRefused) as refused:
        store.write(written)
    assert (refused.value.dropped, refused.value.written) == (2, 2)


def test_a_tag_is_not_a_field_too(store):
    with pytest.raises(StoreRefused):
        store.write([batch({"jig": [(AT, "B")], "a": [(AT, 1)]}, tags={"jig": "A"})])
    assert read(store)["a"] == [1.0]


def test_the_newest_values_are_found_wherever_they_are(store):
    store.write([batch({"voltage": [(AT + n * DAY, n) for n in range(5)]})])
    store.write([batch({"note": [(AT, "old")]}), batch({"voltage": [(AT, 9)]}, tags={"a": "b"})])
    last = store.last(IMEI, "telemetry")
    assert (last["voltage"].time, last["voltage"].value) == (AT + 4 * DAY, 4.0)
    assert (last["note"].time, last["note"].value) == (AT, "old")
    assert set(store.last(IMEI, "telemetry", ["note", "nowhere"])) == {"note"}
    assert store.last(OTHER, "telemetry") == {}


@pytest.mark.parametrize("measurement", ["telemetry", "analysis"])
def test_deleting_takes_a_stretch_of_one_unit(store, measurement):
    fields = {"voltage": [(AT + n * HOUR, n) for n in range(100)]}
    store.write([batch(fields, measurement=measurement, imei=imei) for imei in (IMEI, OTHER)])
    store.delete(IMEI, measurement, start=AT + 10 * HOUR, end=AT + 90 * HOUR)
    found = read(store, measurement=measurement)
    assert found["voltage"] == [*map(float, range(10)), *map(float, range(90, 100))]
    assert len(read(store, measurement=measurement, imei=OTHER)["times"]) == 100
    store.delete(IMEI, measurement)
    assert read(store, measurement=measurement) == {"times": []}


@pytest.mark.parametrize("measurement", ["telemetry", "analysis"])
def test_deleting_by_tags_leaves_the_other_series(store, measurement):
    fields = {"voltage": [(AT, 12.0), (AT + HOUR, 13.0)]}
    for tags in ({}, {"made-by": "us"}, {"made-by": "us", "jig": "A"}, {"made-by": "them"}):
        store.write([batch(fields, measurement=measurement, tags=tags)])
    store.delete(IMEI, measurement, start=AT, end=AT + 1, tags={"made-by": "us"})
    found = read(store, measurement=measurement)
    assert found["times"] == [AT, AT, *[AT + HOUR] * 4]
    store.delete(IMEI, measurement, tags={"jig": "A"})
    assert len(read(store, measurement=measurement)["times"]) == 5
    store.write([batch({"voltage": [(AT, 14.0)]}, measurement=measurement, tags={"made-by": "us"})])
    assert read(store, measurement=measurement, tags={"made-by": "us"})["voltage"] == [14.0, 13.0]


def test_a_year_of_daily_means_reads_no_point(django_assert_num_queries):
    SqlStore().write([batch({"voltage": [(AT + n * HOUR, n) for n in range(24 * 40)]})])
    TelemetryBlock.objects.update(data=b"")
    query = Query("telemetry", IMEI, AT, AT + 40 * DAY, function=Function.MEAN, interval=DAY)
    with django_assert_num_queries(3):
        assert len(SqlStore().read(query)) == 40


def test_more_rows_than_a_server_answers_at_once_come_whole(store):
    times = [AT + n * SECOND for n in range(60_000)]
    store.write([batch({"voltage": [(at, n % 50) for n, at in enumerate(times)]})])
    store.write([batch({"voltage": [(at, 1) for at in times[:12_000]]}, tags={"jig": "A"})])
    found = read(store)
    assert len(found["times"]) == 72_000
    assert found["times"][-1] == times[-1]
    assert sum(found["voltage"]) == sum(n % 50 for n in range(60_000)) + 12_000
    assert read(store, limit=25_000)["times"] == found["times"][:25_000]


@pytest.mark.parametrize("value", ["x", 5, True])
@pytest.mark.parametrize("name", ["nowhere", "elsewhere", "note"])
def test_a_field_that_a_series_never_had_satisfies_no_comparison(store, name, value):
    store.write([batch({"elsewhere": [(AT, "y")]}, imei=OTHER)])
    store.write([batch({"note": [(AT, "y")]}, tags={"jig": "A"}), batch({"voltage": [(AT, 1)]})])
    found = read(store, fields=("voltage",), where=Compare(name, Op.NE, value))
    assert found == {"times": [], "voltage": []}
