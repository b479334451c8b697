"""Workers, people and the gateway at the same moment: each message goes out once."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from functools import partial
from threading import Lock
from typing import Any

import pytest
from django.db import connection, transaction

from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.services import sms_sending
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.services.sms_deliveries import Outcome, record_report
from apps.connectivity.services.sms_sending import expire_messages, send_due
from apps.connectivity.sms import turns
from apps.connectivity.sms.providers import Message, Receipt
from apps.core.events import deliver_events
from apps.products.services.switch import disable_product, enable_product
from bench.soak import sms as sms_campaign
from tests.connectivity.test_races import together
from tests.connectivity.wakeups import unit_running

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = "staff@example.com"


class CountingProvider:
    """Takes everything, a little slowly, and counts how often it was asked for each message."""

    name = "counting"

    def __init__(self) -> None:
        self.lock = Lock()
        self.asked: Counter[str] = Counter()

    def send(self, message: Message) -> Receipt:
        assert not connection.in_atomic_block
        time.sleep(0.002)
        with self.lock:
            self.asked[message.reference] += 1
        return Receipt()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is asked for turns: the test itself takes them."""
    monkeypatch.setattr(turns, "_quiet_until", float("inf"))


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> CountingProvider:
    provider = CountingProvider()
    monkeypatch.setattr(sms_sending, "provider_in_use", lambda: provider)
    return provider


def test_many_workers_hand_each_message_over_once(provider: CountingProvider) -> None:
    references = {
        send_wakeup(product_imei=unit_running("3.6a").pk, by=STAFF).message_reference
        for _turn in range(40)
    }
    taken = together(*[send_due] * 4)
    assert sum(taken) == len(references)
    assert provider.asked == Counter(references)
    assert not SmsDispatch.objects.filter(handed_over_at__isnull=True).exists()
    assert set(SmsDispatch.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the others have one writer at a time"
)
def test_workers_do_not_wait_for_each_other(provider: CountingProvider) -> None:
    """A message that another worker holds locked is passed over."""
    first, second = (
        send_wakeup(product_imei=unit_running("3.6a").pk, by=STAFF) for _turn in range(2)
    )

    def in_another_worker() -> Any:
        try:
            return sms_sending.claim_next()
        finally:
            connection.close()

    with transaction.atomic():
        SmsDispatch.objects.select_for_update().get(pk=first.pk)
        (claim,) = together(in_another_worker)
    assert claim.sms_id == second.pk


def test_one_button_pressed_many_times_at_once_is_one_message() -> None:
    product = unit_running("3.6a")
    rows = together(*[lambda: send_wakeup(product_imei=product.pk, by=STAFF).pk] * 6)
    assert len(set(rows)) == 1
    assert SmsHistory.objects.count() == SmsDispatch.objects.count() == 1


def test_a_report_and_the_clock_at_once_leave_one_truth(provider: CountingProvider) -> None:
    """Delivered is the last word, whoever comes first."""
    for _turn in range(10):
        sms = send_wakeup(product_imei=unit_running("3.6a").pk, by=STAFF)
        send_due()
        SmsHistory.objects.filter(pk=sms.pk).update(sms_timeout=dt.timedelta(0))
        report = partial(record_report, reference=sms.message_reference or "")
        outcomes = (Outcome.DELIVERED, Outcome.FAILED)
        together(*[partial(report, outcome=outcome) for outcome in outcomes], expire_messages)
        sms.refresh_from_db()
        assert sms.status == "Delivered"


def test_wishes_presses_and_workers_at_once(provider: CountingProvider) -> None:
    product = unit_running("3.6a")

    people = [
        partial(act, product_imei=product.pk, by=STAFF)
        for act in (enable_product, disable_product, enable_product, disable_product, send_wakeup)
    ]
    together(*people, deliver_events, deliver_events, send_due, send_due)
    deliver_events()
    send_due()
    assert set(provider.asked.values()) == {1}
    assert set(provider.asked) == set(SmsDispatch.objects.values_list("reference", flat=True))
    # The newest wish has its message.
    product.refresh_from_db()
    assert SmsHistory.objects.filter(enable_history=product.latest_enable_history_id).count() == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the others have one writer at a time"
)
def test_workers_that_are_killed_lose_nothing_and_double_nothing() -> None:
    """A small share of the campaign `killed-senders`."""
    killed, attempts = sms_campaign.kill_workers(messages=80, kills=3, seed=5)
    assert killed
    assert attempts >= 80
