"""Simulated units hear wake-ups, sent by the real driver, and their gateway reports back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from apps.connectivity.management.commands.simulate import answer_sms
from apps.connectivity.models import Connection, SmsDispatch, SmsHistory
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.services.sms_sending import send_due
from apps.connectivity.simulator import sms as simulated
from apps.connectivity.simulator.fleet import Fleet
from apps.connectivity.simulator.sms import SmsGateway, report_headers
from apps.connectivity.simulator.unit import Identity, Unit
from apps.connectivity.sms import gateway as driver
from apps.connectivity.sms.gateway import Gateway
from apps.connectivity.sms.providers import Message, MessageRefused, ProviderAway, Receipt
from apps.connectivity.sms.reports import verify_report
from tests.connectivity.test_simulator import wait_until
from tests.connectivity.wakeups import unit_running

IMSI = "635100000000001"
KEY = "0123456789abcdef01234567"
SECRET = b"only-for-tests"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network carries messages without delay, and every unit has signal."""
    monkeypatch.setattr(simulated, "SOONEST", 0.0)
    monkeypatch.setattr(simulated, "LATEST", 0.05)
    monkeypatch.setattr(Unit, "drop_rate", lambda _unit: 0.0)
    driver._pool.cache_clear()


class Stand:
    """A gateway for one unit, running, and what it did."""

    def __init__(self, url: str = "http://127.0.0.1:9") -> None:
        self.woken: list[int] = []
        self.stop = threading.Event()
        unit = Unit(Identity("350000000000001", KEY, imsi=IMSI))
        self.gateway = SmsGateway(
            {IMSI: (7, unit)},
            address=("127.0.0.1", 0),
            token="token",
            secret=SECRET,
            url=url,
            wake=self.woken.append,
        )
        port = self.gateway._server.server_address[1]
        self.url = f"http://127.0.0.1:{port}/messages"
        self.thread = threading.Thread(target=self.gateway.run, args=(self.stop,))
        self.thread.start()

    def send(self, reference: str = "/a/1", imsi: str = IMSI, token: str = "token") -> Receipt:
        message = Message(reference, imsi, None, "WAKEUP", 3600)
        return Gateway(url=self.url, token=token, sender="SMARTSolar").send(message)


@pytest.fixture
def stand() -> Iterator[Stand]:
    found = Stand()
    yield found
    found.stop.set()
    found.thread.join(10)
    assert not found.thread.is_alive()


def test_the_driver_and_the_simulated_gateway_understand_each_other(stand: Stand) -> None:
    assert stand.send() == Receipt("sim-1")
    wait_until(lambda: stand.woken == [7])


def test_a_reference_is_taken_once(stand: Stand) -> None:
    stand.send()
    assert stand.send() == Receipt()
    wait_until(lambda: stand.woken)
    assert stand.send() == Receipt()
    stand.send("/a/2")
    wait_until(lambda: len(stand.woken) == 2)


def test_a_sim_that_nobody_has_is_refused(stand: Stand) -> None:
    with pytest.raises(MessageRefused, match="no such SIM"):
        stand.send(imsi="000000000000000")


def test_a_wrong_token_is_refused(stand: Stand) -> None:
    with pytest.raises(ProviderAway, match="401"):
        stand.send(token="another")
    assert not stand.woken


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"reference": "a", "to": 1}'])
def test_what_is_no_message_is_refused(stand: Stand, body: bytes) -> None:
    assert stand.gateway.take(body)[0] == 400


def test_a_report_is_signed_as_the_server_verifies() -> None:
    body = json.dumps({"reference": "/a/1", "status": "delivered"}).encode()
    headers = report_headers(SECRET, body)
    verify_report(headers, body, secret=SECRET, now=int(headers["webhook-timestamp"]))


@pytest.mark.parametrize("url", ["", "https://sms.example.com/", "http://sms.example.com/"])
def test_a_gateway_elsewhere_is_left_alone(settings: Any, url: str) -> None:
    settings.SMS_GATEWAY_URL = url
    fleet = Fleet([], "http://127.0.0.1:9", stop=threading.Event())
    before = threading.active_count()
    answer_sms(fleet, threading.Event())
    assert threading.active_count() == before


def test_an_address_that_is_taken_is_left_alone(
    stand: Stand, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_GATEWAY_URL = stand.url
    answer_sms(Fleet([], "http://127.0.0.1:9", stop=threading.Event()), threading.Event())
    assert "no SMS gateway" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_unit_that_is_woken_up_connects_at_once(live_server: Any, settings: Any) -> None:
    """The whole way: request, worker, gateway, unit, report."""
    product, other = unit_running("3.6a"), unit_running("3.6a")
    stop = threading.Event()
    identities = [Identity(p.pk, p.device_key or "", imsi=p.imsi) for p in (product, other)]
    # At the speed of life the second of two units waits two hours for its turn.
    fleet = Fleet([Unit(identity) for identity in identities], live_server.url, stop=stop)
    settings.SMS_GATEWAY_TOKEN, settings.SMS_GATEWAY_SECRET = "token", SECRET
    gateway = SmsGateway(
        fleet.by_imsi,
        address=("127.0.0.1", 0),
        token="token",
        secret=SECRET,
        url=live_server.url,
        wake=fleet.wake,
    )
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{gateway._server.server_address[1]}/"
    threads = [
        threading.Thread(target=fleet.run),
        threading.Thread(target=gateway.run, args=(stop,)),
    ]
    for thread in threads:
        thread.start()
    try:
        # The one whose turn it is connects by itself; the other is woken up.
        wait_until(Connection.objects.exists)
        first = Connection.objects.values_list("product_id", flat=True)[0]
        sleeper = other if first == product.pk else product
        sms = send_wakeup(product_imei=sleeper.pk, by="staff@example.com")
        assert send_due() == 1
        wait_until(lambda: SmsHistory.objects.get(pk=sms.pk).status == "Delivered")
        wait_until(Connection.objects.filter(product=sleeper).exists)
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
    dispatch = SmsDispatch.objects.get()
    assert (dispatch.provider, dispatch.provider_reference) == ("gateway", "sim-1")
