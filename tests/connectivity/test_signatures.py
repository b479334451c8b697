"""A request is a unit's own, fresh and used once, or nothing comes of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from typing import Any

import pytest
import time_machine

from apps.connectivity.models import Connection, UnitNonce
from apps.connectivity.services.nonces import purge_nonces
from apps.connectivity.signatures import TIME_WINDOW
from apps.products.models import EnableHistory, Product
from tests.connectivity.units import RC_DATA, UnitSession, body
from tests.factories import ProductFactory, StateFactory, StateTypeFactory

pytestmark = pytest.mark.django_db

REFUSAL = {
    "status": "error",
    "message": "The signature of this request is invalid or not present",
    "validation_errors": None,
    "data": None,
}


def assert_refused(answer: Any) -> None:
    """The one answer to every request that is not a unit's own; nothing was stored."""
    assert answer.status_code == 401
    assert answer.json() == REFUSAL
    assert answer.headers["WWW-Authenticate"] == "Device"
    assert not Connection.objects.exists()
    assert not EnableHistory.objects.exists()
    assert not UnitNonce.objects.exists()


def test_a_signature_made_as_the_protocol_says_is_accepted(product: Product) -> None:
    """Written out from the protocol, without the code under test."""
    content = json.dumps(body()).encode()
    ts, nonce = str(int(time.time())), "0123456789abcdef"
    text = "\n".join(["POST", "/v1/rc_data", ts, nonce, hashlib.sha256(content).hexdigest()])
    sig = hmac.new(product.device_key.encode(), text.encode(), hashlib.sha256).hexdigest()
    header = f"Device imei={product.pk}, ts={ts}, nonce={nonce}, sig={sig}"
    answer = UnitSession(product).send("POST", content, header=header)
    assert answer.status_code == 200
    assert answer.json() == {"status": "success", "message": "Report received", "data": None}


def test_the_path_is_signed_as_it_was_sent(unit: UnitSession) -> None:
    assert unit.get(path=RC_DATA + "/").status_code == 200


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_key_of_another_unit_is_refused(unit: UnitSession, method: str) -> None:
    other = ProductFactory.create()
    content = json.dumps(body()).encode() if method == "POST" else b""
    assert_refused(unit.send(method, content, key=other.device_key))


@pytest.mark.parametrize("key", ["", "0" * 24, "f" * 24])
def test_a_wrong_key_is_refused(unit: UnitSession, key: str) -> None:
    assert_refused(unit.post(key=key))


@pytest.mark.parametrize("key", ["", "0" * 24])
def test_a_unit_without_a_key_is_refused(product: Product, key: str) -> None:
    Product.objects.filter(pk=product.pk).update(device_key=None)
    assert_refused(UnitSession(imei=product.pk, key=key).post())


@pytest.mark.parametrize("key", ["", "0" * 24])
def test_an_unknown_unit_is_refused(product: Product, key: str) -> None:
    assert_refused(UnitSession(imei="999999999999999", key=key).post())


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_terminated_unit_is_refused(unit: UnitSession, product: Product, method: str) -> None:
    terminated = StateTypeFactory.create(name="TERMINATED")
    product.latest_state = StateFactory.create(product=product, current_state_type=terminated)
    product.save()
    content = json.dumps(body()).encode() if method == "POST" else b""
    assert_refused(unit.send(method, content))


@pytest.mark.parametrize("off", [-TIME_WINDOW - 1, TIME_WINDOW + 1, -(10**9)])
def test_a_time_outside_the_window_is_refused(unit: UnitSession, off: int) -> None:
    assert_refused(unit.post(ts=int(time.time()) + off))


@pytest.mark.parametrize("off", [-TIME_WINDOW, TIME_WINDOW])
def test_a_time_just_inside_the_window_is_accepted(unit: UnitSession, off: int) -> None:
    assert unit.post(ts=int(time.time()) + off).status_code == 200


def test_a_repeated_nonce_is_refused_and_writes_nothing(unit: UnitSession) -> None:
    assert unit.post(nonce="abcdef0123456789").status_code == 200
    again = unit.post(body(enabled=True), nonce="abcdef0123456789")
    assert again.status_code == 401
    assert again.json() == REFUSAL
    assert Connection.objects.count() == 1
    assert not EnableHistory.objects.exists()


def test_a_nonce_serves_one_request_of_either_verb(unit: UnitSession) -> None:
    assert unit.post(nonce="abcdef0123456789").status_code == 200
    assert unit.get(nonce="abcdef0123456789").status_code == 401


def test_two_units_may_use_the_same_nonce(unit: UnitSession) -> None:
    other = UnitSession(ProductFactory.create())
    assert unit.post(nonce="abcdef0123456789").status_code == 200
    assert other.post(nonce="abcdef0123456789").status_code == 200


def test_a_refused_body_does_not_use_the_nonce_up(unit: UnitSession) -> None:
    assert unit.post(body(enabled="yes"), nonce="abcdef0123456789").status_code == 400
    assert not UnitNonce.objects.exists()
    assert unit.post(nonce="abcdef0123456789").status_code == 200


def test_a_forged_signature_does_not_use_the_nonce_up(unit: UnitSession) -> None:
    assert_refused(unit.post(nonce="abcdef0123456789", key="f" * 24))
    assert unit.post(nonce="abcdef0123456789").status_code == 200


@pytest.mark.parametrize("part", ["method", "path", "body"])
def test_a_signature_holds_for_one_request_only(unit: UnitSession, part: str) -> None:
    content = json.dumps(body()).encode()
    signed = {"method": "POST", "path": RC_DATA, "content": content}
    other = {"method": "GET", "path": "/v1/rm_data", "body": content + b" "}[part]
    signed["content" if part == "body" else part] = other
    assert_refused(unit.send("POST", content, header=unit.header(**signed)))


@pytest.mark.parametrize(
    "change",
    [
        lambda header: "",
        lambda header: header.replace("Device ", "Token "),
        lambda header: header.replace("Device ", ""),
        lambda header: header.replace("imei=", "imei=0"),
        lambda header: header.replace("imei=3", "imei=३"),
        lambda header: header.replace("nonce=", "nonce=xyz"),
        lambda header: header.replace("nonce=", "nonce=" + "0" * 32),
        lambda header: header.replace("ts=", "ts=-"),
        lambda header: header[:-1],
        lambda header: header + "0",
        lambda header: header + ", more=1",
    ],
)
def test_a_malformed_header_is_refused(unit: UnitSession, change: Any) -> None:
    content = json.dumps(body()).encode()
    header = unit.header("POST", RC_DATA, content)
    assert_refused(unit.send("POST", content, header=change(header)))


def test_a_token_is_no_signature(api: Any, product: Product) -> None:
    assert api.as_("system").get(RC_DATA).status_code == 401


def test_the_reason_is_logged_and_not_told(
    unit: UnitSession, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "apps.connectivity"):
        stale = unit.post(ts=int(time.time()) - 1_000)
        forged = unit.post(key="f" * 24)
    assert stale.content == forged.content
    first, second = (record.getMessage() for record in caplog.records)
    assert unit.imei in first
    assert "out of the window" in first
    assert "wrong" in second


def test_other_verbs_are_not_taken(unit: UnitSession) -> None:
    assert unit.send("PUT", b"{}").status_code == 405
    assert unit.send("DELETE").status_code == 405


def test_nonces_are_kept_for_as_long_as_they_could_be_replayed(
    unit: UnitSession, clock: time_machine.Coordinates
) -> None:
    ahead = int(time.time()) + TIME_WINDOW
    assert unit.post(ts=ahead, nonce="abcdef0123456789").status_code == 200
    clock.shift(2 * TIME_WINDOW)
    assert purge_nonces() == 0
    assert unit.post(ts=ahead, nonce="abcdef0123456789").status_code == 401


def test_old_nonces_are_purged(unit: UnitSession, clock: time_machine.Coordinates) -> None:
    unit.report()
    clock.shift(4 * TIME_WINDOW)
    unit.report()
    assert purge_nonces() == 1
    assert UnitNonce.objects.count() == 1
