"""POST sms_deliveries: the gateway reports what became of a message, and signs what it reports."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import pytest
import time_machine

from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.services.sms_sending import expire_messages, send_due
from apps.connectivity.sms.reports import sign_report
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.contract.test_actions import nothing_written
from tests.personas import Api

pytestmark = pytest.mark.django_db

PATH = "/v1/sms_deliveries"
SECRET = b"only-for-tests-0123456789"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.SMS_GATEWAY_SECRET = SECRET


@pytest.fixture
def sms(product: Product, clock: time_machine.Coordinates) -> SmsHistory:
    """A message that the gateway took at noon; it is a minute later now."""
    row = send_wakeup(product_imei=product.pk, by="staff@example.com")
    send_due()
    clock.shift(MINUTE)
    return row


class GatewaySession:
    """The gateway, which reports as a test says; what it signs with may be forged."""

    def __init__(self, api: Api) -> None:
        self.session = api.anonymous()

    def report(self, sms: SmsHistory, status: str, **fields: Any) -> Any:
        report = {"reference": sms.message_reference, "status": status, **fields}
        return self.send(json.dumps(report).encode())

    def send(self, body: bytes, **forged: Any) -> Any:
        return self.session.post(PATH, data=body, headers=self.headers(body, **forged))

    def headers(
        self, body: bytes, *, secret: bytes = SECRET, moment: int | None = None, name: str = "msg_1"
    ) -> dict[str, str]:
        moment = int(time.time()) if moment is None else moment
        return {
            "webhook-id": name,
            "webhook-timestamp": str(moment),
            "webhook-signature": sign_report(secret=secret, name=name, moment=moment, body=body),
        }


@pytest.fixture
def gateway(api: Api) -> GatewaySession:
    return GatewaySession(api)


def standing(sms: SmsHistory) -> tuple[str | None, dt.datetime | None]:
    sms.refresh_from_db()
    return sms.status, sms.modified_at


# --- what is reported ----------------------------------------------------------------------------


def test_a_delivery_is_noted_with_its_time(gateway: GatewaySession, sms: SmsHistory) -> None:
    answer = gateway.report(sms, "delivered", time="2026-03-01T12:00:42")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "success", "message": "Report received", "data": None},
    )
    assert standing(sms) == ("Delivered", NOW + dt.timedelta(seconds=42))


@pytest.mark.parametrize("time", [None, "2026-03-01T11:59:59", "2026-03-01T12:01:01", ...])
def test_a_time_that_cannot_be_is_not_believed(
    gateway: GatewaySession, sms: SmsHistory, time: Any
) -> None:
    fields = {} if time is ... else {"time": time}
    assert gateway.report(sms, "delivered", **fields).status_code == 200
    assert standing(sms) == ("Delivered", NOW + MINUTE)


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_a_failure_ends_the_message_and_says_why(
    gateway: GatewaySession, sms: SmsHistory, status: str
) -> None:
    assert gateway.report(sms, status, reason="absent subscriber").status_code == 200
    assert standing(sms) == ("Expired", NOW + MINUTE)
    assert SmsDispatch.objects.get().last_error == f"{status}: absent subscriber"


def test_a_message_under_way_is_not_judged(gateway: GatewaySession, sms: SmsHistory) -> None:
    assert gateway.report(sms, "accepted").status_code == 200
    assert standing(sms) == (None, None)


def test_what_else_a_gateway_tells_is_not_looked_at(
    gateway: GatewaySession, sms: SmsHistory
) -> None:
    assert gateway.report(sms, "delivered", operator="MTN", parts=1).status_code == 200
    assert standing(sms)[0] == "Delivered"


# --- twice, late, out of order -------------------------------------------------------------------


def test_a_report_sent_again_changes_nothing(
    gateway: GatewaySession, sms: SmsHistory, clock: time_machine.Coordinates
) -> None:
    gateway.report(sms, "delivered")
    clock.shift(MINUTE)
    assert gateway.report(sms, "delivered").status_code == 200
    assert standing(sms) == ("Delivered", NOW + MINUTE)


@pytest.mark.parametrize("late", ["accepted", "failed", "expired"])
def test_delivered_is_the_last_word(gateway: GatewaySession, sms: SmsHistory, late: str) -> None:
    gateway.report(sms, "delivered")
    before = SmsDispatch.objects.values().get()
    assert gateway.report(sms, late, reason="no").status_code == 200
    assert standing(sms) == ("Delivered", NOW + MINUTE)
    assert SmsDispatch.objects.values().get() == before


def test_a_delivery_after_a_failure_holds(
    gateway: GatewaySession, sms: SmsHistory, clock: time_machine.Coordinates
) -> None:
    gateway.report(sms, "failed", reason="no")
    clock.shift(MINUTE)
    gateway.report(sms, "delivered")
    assert standing(sms) == ("Delivered", NOW + 2 * MINUTE)
    assert SmsDispatch.objects.get().last_error == ""


def test_a_delivery_after_the_timeout_is_told_as_it_was(
    gateway: GatewaySession, sms: SmsHistory, clock: time_machine.Coordinates
) -> None:
    clock.shift(dt.timedelta(hours=1))
    assert expire_messages() == 1
    assert standing(sms) == ("Expired", NOW + dt.timedelta(hours=1) + MINUTE)
    gateway.report(sms, "delivered", time="2026-03-01T13:00:30")
    assert standing(sms) == ("Delivered", NOW + dt.timedelta(hours=1, seconds=30))


def test_a_report_that_overtakes_the_gateways_answer_stops_the_next_attempt(
    gateway: GatewaySession, product: Product
) -> None:
    """The worker died between sending and noting; the report tells that the message was taken."""
    sms = send_wakeup(product_imei=product.pk, by="staff@example.com")
    assert gateway.report(sms, "accepted").status_code == 200
    dispatch = SmsDispatch.objects.get()
    assert (dispatch.due_at, dispatch.handed_over_at) == (None, NOW)
    assert (str(dispatch.cost), dispatch.currency) == ("0.0500", "USD")
    assert send_due() == 0


# --- who reports ---------------------------------------------------------------------------------


def report_of(sms: SmsHistory) -> bytes:
    return json.dumps({"reference": sms.message_reference, "status": "delivered"}).encode()


def refused(answer: Any) -> None:
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Webhook"
    assert answer.json()["data"] is None
    assert "signature" in answer.json()["message"]


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": b"another"},
        {"name": ""},
        {"name": "é"},
        {"moment": 0},
        {"moment": int(NOW.timestamp()) - 241},
        {"moment": int(NOW.timestamp()) + 361},
    ],
    ids=str,
)
def test_what_the_gateway_did_not_sign_now_is_refused(
    gateway: GatewaySession, sms: SmsHistory, forged: dict[str, Any]
) -> None:
    with nothing_written():
        refused(gateway.send(report_of(sms), **forged))


def test_a_report_without_or_with_half_a_signature_is_refused(
    gateway: GatewaySession, sms: SmsHistory
) -> None:
    body = report_of(sms)
    whole = gateway.headers(body)
    with nothing_written():
        refused(gateway.session.post(PATH, data=body))
        for name in whole:
            refused(
                gateway.session.post(
                    PATH, data=body, headers={n: v for n, v in whole.items() if n != name}
                )
            )
        for value in ("", "v1,", "v1", "v2," + whole["webhook-signature"][3:], "v1,é"):
            refused(
                gateway.session.post(PATH, data=body, headers=whole | {"webhook-signature": value})
            )
        for value in ("now", "-1", "1e9", "９", "9" * 40):
            refused(
                gateway.session.post(PATH, data=body, headers=whole | {"webhook-timestamp": value})
            )


def test_a_signature_holds_for_one_body_and_one_id(
    gateway: GatewaySession, sms: SmsHistory
) -> None:
    body = report_of(sms)
    headers = gateway.headers(body)
    with nothing_written():
        refused(gateway.session.post(PATH, data=body + b" ", headers=headers))
        refused(gateway.session.post(PATH, data=body, headers=headers | {"webhook-id": "msg_2"}))


def test_a_new_secret_may_be_used_beside_the_old(gateway: GatewaySession, sms: SmsHistory) -> None:
    body = report_of(sms)
    old, new = gateway.headers(body, secret=b"old"), gateway.headers(body)
    both = f"{old['webhook-signature']} {new['webhook-signature']}"
    answer = gateway.session.post(PATH, data=body, headers=new | {"webhook-signature": both})
    assert answer.status_code == 200


@pytest.mark.parametrize("signed_with", [b"", SECRET])
def test_without_a_secret_nobody_is_believed(
    gateway: GatewaySession, sms: SmsHistory, settings: Any, signed_with: bytes
) -> None:
    settings.SMS_GATEWAY_SECRET = b""
    with nothing_written():
        refused(gateway.send(report_of(sms), secret=signed_with))


def test_a_report_heard_twice_by_an_eavesdroppers_doing_changes_nothing(
    gateway: GatewaySession, sms: SmsHistory
) -> None:
    body = json.dumps({"reference": sms.message_reference, "status": "failed"}).encode()
    headers = gateway.headers(body)
    assert gateway.session.post(PATH, data=body, headers=headers).status_code == 200
    gateway.report(sms, "delivered")
    assert gateway.session.post(PATH, data=body, headers=headers).status_code == 200
    assert standing(sms)[0] == "Delivered"


# --- reports that are wrong ----------------------------------------------------------------------


def test_a_message_that_was_not_sent_from_here_is_unknown(
    gateway: GatewaySession, sms: SmsHistory, api: Api
) -> None:
    with nothing_written():
        answer = gateway.send(b'{"reference": "/none/0", "status": "delivered"}')
        assert answer.status_code == 404
        assert "No SMS with this reference" in answer.json()["message"]


def test_a_row_that_was_only_written_down_is_not_reported_on(
    gateway: GatewaySession, sms: SmsHistory
) -> None:
    SmsDispatch.objects.all().delete()
    assert gateway.report(sms, "delivered").status_code == 404
    assert standing(sms)[0] is None


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b"null", None),
        (b'{"reference": "\\u0000", "status": "delivered"}', None),
        (b'{"status": "delivered"}', "reference"),
        (b'{"reference": "/a/1"}', "status"),
        (b'{"reference": "", "status": "delivered"}', "reference"),
        (b'{"reference": 1, "status": "delivered"}', "reference"),
        (b'{"reference": "' + b"x" * 65 + b'", "status": "delivered"}', "reference"),
        (b'{"reference": "/a/1", "status": "Delivered"}', "status"),
        (b'{"reference": "/a/1", "status": ["delivered"]}', "status"),
        (b'{"reference": "/a/1", "status": "delivered", "time": "soon"}', "time"),
        (b'{"reference": "/a/1", "status": "delivered", "time": 1}', "time"),
        (b'{"reference": "/a/1", "status": "failed", "reason": {}}', "reason"),
    ],
)
def test_a_report_that_is_wrong_is_refused_and_says_where(
    gateway: GatewaySession, sms: SmsHistory, body: bytes, named: str | None
) -> None:
    with nothing_written():
        answer = gateway.send(body)
        assert answer.status_code == 400, answer.content
        assert named is None or set(answer.json()["validation_errors"]) == {named}


def test_a_report_of_many_bytes_is_not_read(gateway: GatewaySession, sms: SmsHistory) -> None:
    with nothing_written():
        assert gateway.send(b" " * 70_000).status_code == 413
