"""A worker that sends messages dies, comes back late or is slow: each message still goes once."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from apps.connectivity.models import SmsHistory
from apps.connectivity.services import sms_sending
from apps.connectivity.services.sms_sending import LEASE, send_due
from apps.connectivity.sms import gateway
from apps.connectivity.sms.providers import (
    Message,
    ProviderAway,
    Receipt,
)
from tests.connectivity.conftest import NOW
from tests.connectivity.wakeups import dispatch

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What no handler of the program catches: the worker is gone."""


def test_a_worker_that_dies_before_sending_loses_nothing(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    provider = use(Killed())
    with pytest.raises(Killed):
        send_due()
    assert (send_due(), provider.taken) == (0, [])
    clock.shift(LEASE)
    assert send_due() == 1
    assert provider.references == [sms.message_reference]


def test_a_worker_that_dies_after_sending_sends_under_the_same_name(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    """The gateway knows by the reference that it has the message."""
    known: set[str] = set()
    sent: list[str] = []

    def take(message: Message) -> Receipt:
        if message.reference not in known:
            known.add(message.reference)
            sent.append(message.reference)
        return Receipt("gw-1")

    def die(message: Message) -> Exception:
        take(message)
        raise Killed

    use(die, take)
    with pytest.raises(Killed):
        send_due()
    clock.shift(LEASE)
    assert send_due() == 1
    assert sent == [sms.message_reference]
    assert (dispatch().attempts, dispatch().provider_reference) == (2, "gw-1")


def test_a_worker_that_comes_back_late_harms_no_other(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    """Its lease ran out while it waited; another worker took the message up and handed it over."""

    def overtaken(_message: Message) -> Exception:
        clock.shift(LEASE)
        assert send_due() == 1
        return ProviderAway("a time-out at last")

    use(overtaken)
    assert send_due() == 0
    row = dispatch()
    assert (row.due_at, row.last_error) == (None, "")
    assert row.handed_over_at == NOW + LEASE


def test_no_attempt_outlives_the_lease() -> None:
    longest = gateway.CONNECT + 2 * gateway.ANSWER + gateway.READ
    assert longest < LEASE.total_seconds()


def test_a_slow_provider_does_not_keep_a_worker_for_ever(
    sms: SmsHistory, use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_sending, "TURN", 0.0)
    use()
    assert send_due() == 0
