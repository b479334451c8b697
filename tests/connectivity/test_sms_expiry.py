"""Messages that are too late end by themselves, and those that were judged stay as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.services.sms_sending import expire_messages, send_due
from tests.connectivity.conftest import NOW
from tests.connectivity.wakeups import dispatch
from tests.factories import SmsHistoryFactory

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


def test_a_message_expires_after_its_timeout(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    use()
    send_due()
    clock.shift(HOUR - SECOND)
    assert expire_messages() == 0
    clock.shift(SECOND)
    assert expire_messages() == 1
    sms.refresh_from_db()
    assert (sms.status, sms.modified_at) == ("Expired", NOW + HOUR)
    assert expire_messages() == 0


def test_a_message_that_is_too_late_is_not_sent(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    provider = use()
    clock.shift(HOUR)
    assert send_due() == 0
    assert not provider.taken
    assert dispatch().due_at is None
    assert expire_messages() == 1


def test_what_expires_is_not_sent_any_more(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    use()
    clock.shift(HOUR)
    expire_messages()
    assert dispatch().due_at is None


@pytest.mark.parametrize("status", ["Delivered", "sent", "Expired"])
def test_a_message_that_was_judged_neither_expires_nor_is_sent(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates, status: str
) -> None:
    SmsHistory.objects.update(status=status)
    provider = use()
    assert (send_due(), provider.taken) == (0, [])
    clock.shift(HOUR)
    assert expire_messages() == 0
    sms.refresh_from_db()
    assert (sms.status, sms.modified_at) == (status, None)


def test_a_row_that_this_program_did_not_send_is_left_alone(clock: Any, use: Any) -> None:
    SmsHistoryFactory.create(status=None, sent_time=NOW - 2 * HOUR)
    assert (send_due(), expire_messages()) == (0, 0)


def test_any_timeout_and_any_time_can_be_in_the_table(sms: SmsHistory, use: Any, api: Any) -> None:
    """SYSTEM may write whatever fits the columns; no arithmetic on it may fail."""
    use()
    for change in (
        {"sms_timeout": 86_399_999_999_999},
        {"sent_time": "9999-12-31T23:59:59"},
        {"sent_time": "0001-01-01T00:00:00"},
    ):
        answer = api.as_("system").put(f"/v1/sms_histories/{sms.pk}", change)
        if answer.status_code == 200:
            SmsDispatch.objects.update(due_at=NOW)
            expire_messages()
            send_due()
