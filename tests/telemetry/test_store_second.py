"""The store on an InfluxDB 2.x: what it is taken to do, one assumption a test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apps.core.errors import Invalid
from apps.telemetry.errors import StoreAway, StoreRefused
from apps.telemetry.store.influx import InfluxStore
from apps.telemetry.store.influx.provision import provision
from apps.telemetry.store.influx.transport import Address
from apps.telemetry.store.queries import Compare, Op, Or, Query
from apps.telemetry.store.series import DAY, SECOND, Batch, Series
from tests.telemetry.conftest import drop_database
from tests.telemetry.second import ORG, TOKEN, Second, error

pytestmark = pytest.mark.django_db

IMEI = "013777946874001"
AT = 1_472_688_000 * SECOND
POLICIES = ["telemetry_rp", "analysis_rp"]


@pytest.fixture
def second() -> Iterator[Second]:
    made = Second()
    yield made
    made.close()


def store_of(second: Second, **more: str) -> InfluxStore:
    return InfluxStore(Address(second.url, "solar", **{"token": TOKEN, "org": "org", **more}))


@pytest.fixture
def store(second) -> InfluxStore:
    """One that is provisioned."""
    made = store_of(second)
    provision(made.transport)
    return made


def write(store: InfluxStore, count: int = 3, measurement: str = "telemetry") -> int:
    values = [(AT + n * SECOND, 12.5) for n in range(count)]
    return store.write([Batch.of(Series(measurement, IMEI), {"voltage": values})])


def read(store: InfluxStore, **more: Any) -> Any:
    return store.read(Query("telemetry", IMEI, AT, AT + DAY, **more))


# --- getting ready -------------------------------------------------------------------------------


def test_policies_are_buckets_mapped_to_the_names_that_questions_use(second, settings):
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 0, "analysis_rp": 30}
    changed = provision(store_of(second).transport)
    assert len(changed) == 4
    assert [(one["name"], one["retentionRules"]) for one in second.buckets] == [
        ("solar.telemetry_rp", []),
        ("solar.analysis_rp", [{"type": "expire", "everySeconds": 30 * 86_400}]),
    ]
    assert [(one["retention_policy"], one["bucketID"]) for one in second.mappings] == [
        (policy, one["id"]) for policy, one in zip(POLICIES, second.buckets, strict=True)
    ]
    assert second.mappings[0]["default"]
    assert provision(store_of(second).transport) == []


def test_a_policy_is_mapped_to_one_bucket_alone(store, second):
    """Where several are, 2.x answers `finding DBRP mappings: expected 1, found 2`."""
    for policy in POLICIES:
        assert len(second._mapped({"db": "solar", "rp": policy})) == 1


def test_buckets_that_are_mapped_already_are_taken_whatever_their_name(second):
    second.add_mapping("telemetry_rp", second.add_bucket("of the operator"))
    # As `influxd upgrade` names them; such a name is a mapping by itself.
    second.add_bucket("solar/analysis_rp")
    assert provision(store_of(second).transport) == []
    assert len(second.buckets) == 2


def test_a_bucket_of_another_organisation_is_left_alone(second):
    other = second.add_bucket("solar.telemetry_rp", 60, org="f" * 16)
    provision(store_of(second).transport)
    assert other["retentionRules"] == [{"type": "expire", "everySeconds": 60}]
    assert other["id"] not in {one["bucketID"] for one in second.mappings}


@pytest.mark.parametrize(("days", "seconds"), [(30, 2_592_000), (0, 0)])
def test_a_bucket_is_kept_as_long_as_the_settings_say(second, settings, days, seconds):
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 0, "analysis_rp": days}
    bucket = second.add_bucket("solar.analysis_rp", 86_400)
    changed = provision(store_of(second).transport)
    assert f"solar.analysis_rp: kept for {days} days" in changed
    assert sum(rule["everySeconds"] for rule in bucket["retentionRules"]) == seconds
    assert provision(store_of(second).transport) == []


@pytest.mark.parametrize("org", ["org", ORG, ""])
def test_the_organisation_is_told_by_name_by_id_or_not_at_all(second, org):
    assert len(provision(store_of(second, org=org).transport)) == 4


@pytest.mark.parametrize(("org", "orgs"), [("unknown", 1), ("f" * 16, 1), ("", 2)])
def test_an_organisation_that_is_not_clear_is_named_as_what_is_wrong(second, org, orgs):
    second.orgs |= {f"{n:016x}": f"more {n}" for n in range(1, orgs)}
    with pytest.raises(StoreAway, match=r"INFLUXDB_ORG|organization not found"):
        provision(store_of(second, org=org).transport)
    assert second.buckets == []


def test_tests_on_a_2_leave_nothing_behind(store, second):
    second.add_bucket("of others")
    drop_database(store.transport)
    assert [one["name"] for one in second.buckets] == ["of others"]
    assert second.mappings == []


# --- writing -------------------------------------------------------------------------------------


def test_points_go_to_the_bucket_of_their_measurement(store, second):
    assert write(store) == 3
    assert write(store, measurement="analysis") == 3
    assert [len(second.lines[one["id"]]) for one in second.buckets] == [3, 3]


def test_who_is_not_let_in_is_away(second):
    store = store_of(second, token="wrong")
    for attempt in (lambda: write(store), lambda: provision(store.transport)):
        with pytest.raises(StoreAway, match="unauthorized"):
            attempt()
    assert not store.health().ok


def test_without_a_mapping_points_wait(second):
    with pytest.raises(StoreAway, match="no dbrp mapping found"):
        write(store_of(second))


@pytest.mark.parametrize(
    ("status", "headers"), [(429, {"Retry-After": "10"}), (503, {"Retry-After": "1"}), (500, {})]
)
def test_what_passes_by_itself_is_away(store, second, status, headers):
    second.answers["POST", "/write"] = (status, {"code": "x", "message": "later"}, headers)
    with pytest.raises(StoreAway, match="later"):
        write(store)


@pytest.mark.parametrize("status", [400, 422, 500])
def test_points_that_are_dropped_are_counted_whatever_the_status(store, second, status):
    said = (
        "failure writing points to database: partial write: field type conflict: input field "
        '"voltage" on measurement "telemetry" is type float, already exists as type string '
        "dropped=2"
    )
    second.answers["POST", "/write"] = error(status, "unprocessable entity", said)
    with pytest.raises(StoreRefused) as refused:
        write(store)
    assert (refused.value.dropped, refused.value.written) == (2, 1)
    assert "type conflict" in refused.value.reasons[0]


@pytest.mark.parametrize("most", [20_000, 2_000, 80])
def test_too_large_a_request_is_sent_in_parts(store, second, most):
    second.most_bytes = most
    assert write(store, 600) == 600
    assert len(set(second.lines[second.buckets[0]["id"]])) == 600


def test_a_line_that_is_too_large_by_itself_is_refused(store, second):
    second.most_bytes = 10
    with pytest.raises(StoreRefused) as refused:
        write(store, 2)
    assert (refused.value.dropped, refused.value.written) == (2, 0)


# --- reading -------------------------------------------------------------------------------------


def answering(second: Second, *results: Any) -> None:
    second.answers["GET", "/query"] = (200, [{"results": [one]} for one in results], {})


def test_numbers_of_an_answer_in_json_are_doubles(store, second):
    write(store)
    series = {"name": "telemetry", "tags": {"product_imei": IMEI}, "columns": ["time", "voltage"]}
    answering(
        second,
        {"statement_id": 0, "series": [{**series, "values": [[AT, 12]], "partial": True}],
         "partial": True},
        {"statement_id": 0, "series": [{**series, "values": [[AT + 1, 12.5], [AT + 2, None]]}]},
    )  # fmt: skip
    found = read(store)
    assert found.times == [AT, AT + 1]
    assert found.columns == {"voltage": [12.0, 12.5]}
    assert type(found.columns["voltage"][0]) is float


@pytest.mark.parametrize(
    "said",
    [
        "retention policy not found: telemetry_rp",
        "database not found: solar",
        "query interrupted",
        "max-concurrent-queries limit exceeded(5, 5)",
        "engine is closed",
        "shard is disabled",
    ],
)
def test_an_error_with_the_status_200_that_passes_is_away(store, second, said):
    write(store)
    answering(second, {"statement_id": 0, "error": said})
    with pytest.raises(StoreAway, match=said.partition("(")[0]):
        read(store)


def test_a_limit_of_the_operators_is_told_to_who_asked(store, second):
    write(store)
    answering(second, {"error": "max-select-point limit exceeed: (10/5)"})
    with pytest.raises(Invalid, match="shorter time"):
        read(store)


def test_a_long_question_is_sent_as_a_form(store, second):
    write(store)
    second.answers["POST", "/query"] = (200, {"results": [{"statement_id": 0}]}, {})
    parts = tuple(Compare("voltage", Op.LT, 10.0**n) for n in range(250, 299))
    assert len(read(store, where=Or(parts))) == 0
    [(body, headers)] = [
        (body, headers)
        for method, path, _query, body, headers in second.asked
        if (method, path) == ("POST", "/query")
    ]
    assert body.startswith(b"q=SELECT")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_what_it_does_not_tell_of_itself_is_nothing_or_comes_from_here(store, second):
    write(store)
    answering(second, {"statement_id": 0, "error": "not implemented: SHOW SHARDS"})
    assert store.shards() == []
    assert list(store.every_series()) == [Series("telemetry", IMEI)]


# --- deleting ------------------------------------------------------------------------------------


def test_points_are_deleted_in_the_bucket_of_their_measurement(store, second):
    store.delete(IMEI, "analysis", start=AT, end=AT + DAY)
    [body] = second.sent("POST", "/api/v2/delete")
    assert body == {
        "start": "2016-09-01T00:00:00.000000000Z",
        # Up to and with it.
        "stop": "2016-09-01T23:59:59.999999999Z",
        "predicate": f'"_measurement"="analysis" AND "product_imei"="{IMEI}"',
    }
    [query] = [query for _m, path, query, _b, _h in second.asked if path == "/api/v2/delete"]
    assert query == {"orgID": [ORG], "bucketID": [second.buckets[1]["id"]]}


def test_points_of_one_series_are_deleted_by_its_tags(store, second):
    store.delete(IMEI, "analysis", start=AT, end=AT + 1, tags={"analysis-type": "day"})
    [body] = second.sent("POST", "/api/v2/delete")
    assert body["predicate"] == (
        f'"_measurement"="analysis" AND "product_imei"="{IMEI}" AND "analysis-type"="day"'
    )


def test_deleting_no_time_at_all_asks_nothing(store, second):
    store.delete(IMEI, "telemetry", start=AT, end=AT)
    assert second.sent("POST", "/api/v2/delete") == []
