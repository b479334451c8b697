"""A payment for a unit that is silent: others are told, so that the unit is woken up."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from apps.connectivity.models import SmsHistory
from apps.connectivity.wakeups import WAKEUP_ENABLED_SOFTWARE
from apps.core import events
from apps.core.events import Event, deliver_events
from apps.dcm.services.reminders import remind_of_waiting_credit
from apps.products.models import Product
from apps.products.services.payg import set_is_payg
from tests.connectivity.units import UnitSession
from tests.connectivity.wakeups import unit_running
from tests.dcm.ledger import Ledger
from tests.factories import PaymentCommandFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def hours(settings: Any) -> None:
    settings.CREDIT_SMS_AFTER_HOURS = 12


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """What a consumer of the event was told."""
    # Else the real consumers would be registered into this test's own list, and vanish with it.
    events._load()
    heard: list[Event] = []
    monkeypatch.setitem(events._consumers, "credit_waits", [heard.append])
    return heard


def remind(told: list[Event]) -> int:
    """How many were told of, and the events of it delivered."""
    before = len(told)
    count = remind_of_waiting_credit()
    deliver_events()
    assert len(told) == before + count
    return count


def test_a_silent_unit_with_credit_waiting_is_told_of_once_in_a_while(
    ledger: Ledger, unit: UnitSession, product: Product, clock: Any, told: list[Event]
) -> None:
    unit.report()
    ledger.pay(10)
    clock.shift(11 * HOUR)
    assert remind(told) == 0
    clock.shift(2 * HOUR)
    assert [remind(told), remind(told)] == [1, 0]
    assert told[0].subject == product.pk
    assert told[0].data == {"since": "2026-03-01T12:00:00+00:00", "times": 1}


def test_a_unit_that_never_connected_is_silent(
    ledger: Ledger, clock: Any, told: list[Event]
) -> None:
    ledger.pay(10)
    clock.shift(13 * HOUR)
    assert [remind(told), remind(told)] == [1, 0]


def test_the_longer_it_is_silent_the_more_rarely_it_is_told_of(
    ledger: Ledger, clock: Any, told: list[Event]
) -> None:
    ledger.pay(10)
    hours = []
    for hour in range(24 * 40):
        clock.shift(HOUR)
        hours += [hour] * remind(told)
    pauses = [later - sooner for sooner, later in pairwise(hours)]
    assert pauses == [12, 24, 48, 96, *[168] * len(pauses[4:])]
    assert len(pauses) == 8


def test_a_unit_that_was_heard_meanwhile_is_told_of_anew(
    ledger: Ledger, unit: UnitSession, clock: Any, told: list[Event]
) -> None:
    ledger.pay(10)
    for _time in range(3):
        clock.shift(50 * HOUR)
        remind(told)
    clock.shift(HOUR)
    unit.report()
    clock.shift(11 * HOUR)
    assert remind(told) == 0
    clock.shift(2 * HOUR)
    assert remind(told) == 1
    assert [event.data["times"] for event in told] == [1, 2, 3, 1]


def test_a_unit_that_is_heard_or_has_nothing_to_book_is_left_alone(
    ledger: Ledger, unit: UnitSession, clock: Any, told: list[Event]
) -> None:
    name = ledger.pay(10)
    clock.shift(13 * HOUR)
    unit.report()
    assert remind(told) == 0
    unit.report(acks=[name])
    clock.shift(30 * HOUR)
    assert remind(told) == 0


def test_void_commands_do_not_wait_but_the_reset_does(
    ledger: Ledger, clock: Any, told: list[Event]
) -> None:
    ledger.pay(10)
    clock.shift(6 * HOUR)
    ledger.reset()
    clock.shift(7 * HOUR)
    assert remind(told) == 0
    clock.shift(6 * HOUR)
    assert remind(told) == 1


def test_what_is_held_back_from_a_unit_that_is_paid_off_does_not_wait(
    ledger: Ledger, product: Product, clock: Any, told: list[Event]
) -> None:
    ledger.zero()
    set_is_payg(product_imei=product.pk, is_payg=False, by="erp")
    clock.shift(13 * HOUR)
    assert remind(told) == 0


def test_a_unit_at_the_end_of_its_life_is_not_woken(
    terminated: Product, clock: Any, told: list[Event]
) -> None:
    PaymentCommandFactory.create(product=terminated)
    clock.shift(13 * HOUR)
    assert remind(told) == 0


def test_a_unit_that_can_be_woken_up_is_sent_a_message(db: None, clock: Any) -> None:
    product = unit_running(min(WAKEUP_ENABLED_SOFTWARE), dcm_enabled_flag=True)
    Ledger(product.pk).pay(10)
    clock.shift(13 * HOUR)
    assert remind_of_waiting_credit() == 1
    deliver_events()
    assert SmsHistory.objects.get().product_id == product.pk


def test_what_cannot_be_woken_up_holds_nobody_up(
    ledger: Ledger, product: Product, clock: Any
) -> None:
    ledger.pay(10)
    clock.shift(13 * HOUR)
    assert remind_of_waiting_credit() == 1
    deliver_events()
    assert not SmsHistory.objects.exists()
