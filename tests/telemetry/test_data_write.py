"""POST data: programs write points of a unit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.telemetry import data_points
from apps.telemetry.spool import TelemetryRefusal
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

EXAMPLE = {
    "measurement": "telemetry",
    "tags": {"some_tag": "tag_value"},
    "fields": {
        "current": [[1472688000000, 1.0], [1472774400000, 2.0], [1472860800000, 3.0]],
        "voltage": [["2016-09-01T00:00:00Z", 10.0], ["2016-09-02 00:00:00", 20.0],
                    ["2016-09-03", 30.0]],
        "temperature": [["Thu, September 1st 2016", 0.1], ["Fri, September 2nd 2016", 0.2],
                        ["Sat, September 3rd 2016", 0.3]],
    },
}  # fmt: skip
TIMES = ["2016-09-01T00:00:00Z", "2016-09-02T00:00:00Z", "2016-09-03T00:00:00Z"]


@pytest.fixture
def imei(db) -> str:
    return ProductFactory.create().pk


@pytest.fixture
def post(api, imei):
    def posted(body: Any, status: int = 200, **more: Any) -> Any:
        answer = api.as_("technician").post(f"/v1/products/{imei}/data", body, **more)
        assert answer.status_code == status, answer.content
        return answer.json()

    return posted


@pytest.fixture
def stored(api, imei):
    def read(**parameters: Any) -> Any:
        asked = {"start": "1970-01-01", "end": "2100-01-01"} | parameters
        data = api.as_("overview").get(f"/v1/products/{imei}/data", asked).json()["data"]
        return {name: values for name, values in data.items() if name not in ("measurement",)}

    return read


def test_the_example_of_the_reference(post, stored, imei) -> None:
    assert post(EXAMPLE) == {
        "status": "success",
        "message": "9 data-point(s) successfully written to influx",
        "data": None,
    }
    expected = {
        "tags": {"product_imei": imei},
        "current": [[1.0, TIMES[0]], [2.0, TIMES[1]], [3.0, TIMES[2]]],
        "voltage": [[10.0, TIMES[0]], [20.0, TIMES[1]], [30.0, TIMES[2]]],
        "temperature": [[0.1, TIMES[0]], [0.2, TIMES[1]], [0.3, TIMES[2]]],
    }
    assert stored() == expected
    assert stored(tags={"some_tag": "other"}).keys() == {"tags"}
    # The same again changes nothing.
    post(EXAMPLE)
    assert stored() == expected


def test_the_general_example_of_the_reference(api, stored) -> None:
    imei = ProductFactory.create(product_imei="000000000000000").pk
    body = {
        "measurement": "analysis",
        "fields": {"curve-data": [[f"2016-01-01T00:01:2{n}", n + 1] for n in range(4)]},
        "tags": {"analysis-type": "state-of-health", "product_imei": imei},
    }
    answer = api.as_("technician").post(f"/v1/products/{imei}/data", body)
    assert answer.json()["message"] == "4 data-point(s) successfully written to influx"


def test_a_later_value_at_the_same_time_replaces_the_first(post, stored) -> None:
    post({"fields": {"voltage": [[TIMES[0], 1], [TIMES[1], 2]]}})
    post({"fields": {"voltage": [[TIMES[1], 3], [TIMES[1], 4]]}})
    assert stored()["voltage"] == [[1.0, TIMES[0]], [4.0, TIMES[1]]]


def test_texts_and_truths_are_values_too(post, stored) -> None:
    post({"fields": {"log": [[TIMES[0], "door open; DROP TABLE\n'\""]], "lit": [[TIMES[0], True]]}})
    data = stored()
    assert data["log"] == [["door open; DROP TABLE\n'\"", TIMES[0]]]
    assert data["lit"] == [[True, TIMES[0]]]


def test_a_null_is_no_value(post, stored) -> None:
    assert post({"fields": {"voltage": [[TIMES[0], None], [TIMES[1], 2]]}})["message"][0] == "1"
    assert stored()["voltage"] == [[2.0, TIMES[1]]]
    assert post({"fields": {"voltage": []}})["message"][0] == "0"


def test_values_of_another_kind_are_dropped_and_told_of(post, stored, imei) -> None:
    post({"fields": {"mode": [[TIMES[0], "eco"]]}})
    answer = post({"fields": {"mode": [[TIMES[1], 7]], "voltage": [[TIMES[1], 12]]}})
    assert answer["message"] == "1 data-point(s) successfully written to influx"
    assert answer["data"]["dropped"] == 1
    assert "mode" in answer["data"]["reasons"][0]
    refused = post({"fields": {"mode": [[TIMES[1], 7]]}}, 400)
    assert "mode" in refused["message"]
    assert stored()["mode"][0] == ["eco", TIMES[0]]
    row = TelemetryRefusal.objects.get()
    assert (row.imei, row.measurement, row.dropped) == (imei, "telemetry", 2)


def test_values_older_than_they_are_kept_are_dropped_and_told_of(post, settings) -> None:
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 365, "analysis_rp": 0}
    refused = post({"fields": {"voltage": [["1999-01-01", 12.0]]}}, 400)
    assert refused["data"]["dropped"] == 1
    assert "older" in refused["message"]


BAD = [
    ({}, "fields"), ({"fields": []}, "fields"), ({"fields": {"voltage": {}}}, "voltage"),
    ({"fields": {"voltage": [1]}}, "voltage"), ({"fields": {"voltage": [[1]]}}, "voltage"),
    ({"fields": {"voltage": [[1, 2, 3]]}}, "voltage"),
    ({"fields": {"voltage": [["x", 1]]}}, "point 1"),
    ({"fields": {"voltage": [[-1, 1]]}}, "point 1"),
    ({"fields": {"voltage": [[10**300, 1]]}}, "point 1"),
    ({"fields": {"voltage": [[True, 1]]}}, "point 1"),
    ({"fields": {"voltage": [[1, 1], [2, {}]]}}, "point 2"),
    ({"fields": {"voltage": [[1, [1]]]}}, "voltage"),
    ({"fields": {"": [[1, 1]]}}, "name"), ({"fields": {"a b": [[1, 1]]}}, "name"),
    ({"fields": {"time": [[1, 1]]}}, "name"), ({"fields": {"product_imei": [[1, 1]]}}, "name"),
    ({"fields": {"tags": [[1, 1]]}}, "tags"), ({"fields": {"measurement": [[1, 1]]}}, "name"),
    ({"fields": {'x" FROM y; DROP DATABASE z --': [[1, 1]]}}, "name"),
    ({"fields": {"x" * 65: [[1, 1]]}}, "name"),
    ({"measurement": "a b", "fields": {}}, "name"), ({"measurement": 7, "fields": {}}, "text"),
    ({"measurement": "x,a=b c=1 1\ny", "fields": {"v": [[1, 1]]}}, "name"),
    ({"tags": [], "fields": {}}, "tags"), ({"tags": {"a": None}, "fields": {}}, "tags"),
    ({"tags": {"a": "b c"}, "fields": {"v": [[1, 1]]}}, "tag value"),
    ({"tags": {"a b": "c"}, "fields": {"v": [[1, 1]]}}, "name"),
    ({"tags": {"product_imei": "1" * 15}, "fields": {}}, "another unit"),
    ({"fields": {}, "no_such": 1}, "no_such"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "word"), BAD, ids=lambda value: json.dumps(value)[:60])
def test_what_is_not_well_formed_is_refused_and_named(post, stored, body, word) -> None:
    assert word in json.dumps(post(body, 400))
    assert stored().keys() == {"tags"}


def test_one_bad_point_leaves_nothing_behind(post, stored) -> None:
    post({"fields": {"voltage": [[TIMES[0], 1]], "current": [[TIMES[0], 1], ["x", 1]]}}, 400)
    assert stored().keys() == {"tags"}


def test_too_many_points_at_once_are_413(post, stored) -> None:
    many = [[n, 1] for n in range(data_points.MOST_POINTS + 1)]
    assert "parts" in post({"fields": {"voltage": many}}, 413)["message"]
    assert stored().keys() == {"tags"}


def test_a_unit_has_at_most_so_many_fields_and_sets_of_tags(post) -> None:
    answer = post({"fields": {f"f{n}": [[TIMES[0], n]] for n in range(201)}})
    assert answer["data"]["dropped"] == 1
    for n in range(60):
        last = post(
            {"tags": {"cell": str(n)}, "fields": {"f1": [[TIMES[0], 1]]}}, 200 if n < 49 else 400
        )
    assert "sets of tags" in last["message"]


def test_scope_and_level_hold(api, imei, entity, outsider, overview) -> None:
    path = f"/v1/products/{imei}/data"
    assert api.as_("outsider").get(path).status_code == 404
    assert api.as_("outsider").post(path, EXAMPLE).status_code == 404
    assert api.as_("overview").post(path, EXAMPLE).status_code == 403
    assert api.anonymous().get(path).status_code == 401
