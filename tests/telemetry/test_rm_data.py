"""POST rm_data: units hand over what they measured, signed, as often as it takes."""

from __future__ import annotations

import json
import time
from typing import Any

import msgpack
import pytest
from django.test import Client

from apps.connectivity.nonces import UnitNonce
from apps.telemetry import data_points
from apps.telemetry.models import TelemetrySeries
from apps.telemetry.spool import TelemetryRefusal, TelemetrySpool
from tests.connectivity.units import UnitSession
from tests.factories import ProductFactory, StateFactory, StateTypeFactory

pytestmark = pytest.mark.django_db

RM_DATA = "/v1/rm_data"
BODY = {
    "measurement": "telemetry",
    "fields": {
        "voltage": [[1472688000000, 12.5], [1472688060000, 12.6]],
        "state_of_charge_percent": [[1472688000000, 80]],
    },
}


@pytest.fixture
def product(db) -> Any:
    return ProductFactory.create(device_key="4ab1ab3ab1ab7ab9ab1ab4ab")


@pytest.fixture
def unit(product) -> UnitSession:
    return UnitSession(product)


@pytest.fixture
def stored(api, product):
    def read() -> Any:
        parameters = {"start": "1970-01-01", "end": "2100-01-01"}
        answer = api.as_("overview").get(f"/v1/products/{product.pk}/data", parameters)
        data = answer.json()["data"]
        return {k: v for k, v in data.items() if k not in ("measurement", "tags")}

    return read


def upload(unit: UnitSession, body: Any = None, **more: Any) -> Any:
    content = json.dumps(BODY if body is None else body).encode()
    return unit.send("POST", content, path=RM_DATA, **more)


def test_what_a_unit_sends_is_kept_and_counted(unit, stored) -> None:
    answer = upload(unit)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "message": "3 data-point(s) successfully written to influx",
        "data": None,
    }
    assert stored() == {
        "state_of_charge_percent": [[80.0, "2016-09-01T00:00:00Z"], [None, "2016-09-01T00:01:00Z"]],
        "voltage": [[12.5, "2016-09-01T00:00:00Z"], [12.6, "2016-09-01T00:01:00Z"]],
    }


def test_messagepack_is_read_alike(unit, stored) -> None:
    content = msgpack.packb(BODY)
    kind = "application/msgpack"
    assert unit.send("POST", content, path=RM_DATA, content_type=kind).status_code == 200
    assert len(stored()["voltage"]) == 2


def test_the_same_points_again_change_nothing(unit, stored) -> None:
    upload(unit)
    before = stored()
    assert upload(unit).json()["message"].startswith("3 ")
    assert stored() == before
    assert TelemetrySeries.objects.count() == 1


def test_new_fields_and_tags_are_taken_as_they_come(unit, product) -> None:
    upload(unit, {"tags": {"cell": "left"}, "fields": {"new-sensor.2": [[1472688000000, 1]]}})
    row = TelemetrySeries.objects.get()
    assert (row.imei, row.tags, list(row.fields)) == (
        product.pk, '[["cell","left"]]', ["new-sensor.2"],
    )  # fmt: skip


def test_what_can_never_be_stored_does_not_keep_a_unit_from_going_on(unit, stored, product) -> None:
    """It deletes what was acknowledged: refusing all would have it send the same for ever."""
    upload(unit, {"fields": {"mode": [[1472688000000, "eco"]]}})
    answer = upload(unit, {"fields": {"mode": [[1472688060000, 7], [1472688120000, 8]]}})
    assert answer.status_code == 200
    assert answer.json()["message"].startswith("0 ")
    assert answer.json()["data"]["dropped"] == 2
    assert [value for value, _at in stored()["mode"]] == ["eco"]
    row = TelemetryRefusal.objects.get()
    assert (row.imei, row.dropped) == (product.pk, 2)


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], {"fields": []}, {"fields": {"v": [[1]]}}, {"fields": {"v": [["x", 1]]}}),
        *({"fields": {"a b": [[1, 1]]}}, {"fields": {"v": [[1, {}]]}}, {"fields": {}, "x": 1}),
        *({"tags": {"product_imei": "1" * 15}, "fields": {}}, {"measurement": "", "fields": {}}),
    ],
    ids=json.dumps,
)
def test_a_malformed_body_is_refused_and_leaves_nothing(unit, stored, body) -> None:
    answer = upload(unit, body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"status", "message", "validation_errors", "data"}
    assert stored() == {}
    assert not UnitNonce.objects.exists()


def test_broken_and_foreign_formats_are_refused(unit) -> None:
    for content in (b"", b"{", b"\xff", b'{"fields": {"v": [[1, NaN]]}}', b"[" * 5_000):
        assert unit.send("POST", content, path=RM_DATA).status_code == 400
    wrong = unit.send("POST", b"<a/>", path=RM_DATA, content_type="application/xml")
    assert wrong.status_code == 415


def test_a_hundred_thousand_points_are_413(unit, stored) -> None:
    points = [[n, 1] for n in range(100_000)]
    assert upload(unit, {"fields": {"v": points}}).status_code == 413
    packed = msgpack.packb({"fields": {"v": [[n, 1] for n in range(data_points.MOST_POINTS + 1)]}})
    answer = unit.send("POST", packed, path=RM_DATA, content_type="application/msgpack")
    assert answer.status_code == 413
    assert stored() == {}


@pytest.mark.parametrize(
    "forged",
    [{"key": "0" * 24}, {"ts": 1_000}, {"ts": int(time.time()) + 3_600}, {"header": "Token x"}],
    ids=("another key", "long ago", "in an hour", "another header"),
)
def test_what_the_unit_did_not_sign_is_401(unit, stored, forged) -> None:
    answer = upload(unit, **forged)
    assert answer.status_code == 401
    assert stored() == {}


def test_a_signature_holds_for_this_path_and_body_alone(unit, stored) -> None:
    content = json.dumps(BODY).encode()
    other_path = unit.header("POST", "/v1/rc_data", content)
    other_body = unit.header("POST", RM_DATA, content + b" ")
    for header in (other_path, other_body):
        assert unit.send("POST", content, path=RM_DATA, header=header).status_code == 401
    assert stored() == {}


def test_a_nonce_is_used_once_over_all_endpoints(unit, stored) -> None:
    assert upload(unit, nonce="0123456789abcdef").status_code == 200
    before = stored()
    other = {"fields": {"voltage": [[1472688000000, 1]]}}
    assert upload(unit, other, nonce="0123456789abcdef").status_code == 401
    assert stored() == before


def test_a_terminated_unit_is_401(unit, product, stored) -> None:
    state = StateFactory.create(
        product=product, current_state_type=StateTypeFactory.create(name="TERMINATED")
    )
    product.latest_state = state
    product.save(update_fields=["latest_state"])
    assert upload(unit).status_code == 401
    assert stored() == {}
    assert not TelemetrySpool.objects.exists()


def test_an_unknown_unit_is_401() -> None:
    stranger = UnitSession(imei="350000000999999", key="0" * 24)
    assert upload(stranger).status_code == 401


def test_a_token_is_no_signature(api) -> None:
    answer = api.as_("system").post(RM_DATA, BODY)
    assert answer.status_code == 401
    assert Client().get(RM_DATA).status_code == 405
