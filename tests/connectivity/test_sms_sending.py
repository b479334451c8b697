"""A worker hands written messages to the provider, which may be away or refuse them."""

from __future__ import annotations

import datetime as dt
import logging
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.services.sms_sending import send_due
from apps.connectivity.sms import gateway
from apps.connectivity.sms.choice import provider_in_use
from apps.connectivity.sms.providers import (
    Console,
    Message,
    MessageRefused,
    ProviderAway,
    Receipt,
)
from apps.connectivity.tasks import SCHEDULE
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.connectivity.wakeups import dispatch, unit_running

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
AWAY = ProviderAway("HTTP 503: busy")


# --- a message on its way ------------------------------------------------------------------------


def test_a_message_is_handed_over_with_all_it_needs(
    sms: SmsHistory, product: Product, use: Any
) -> None:
    provider = use(Receipt("gw-77"))
    assert send_due() == 1
    assert provider.taken == [
        Message(sms.message_reference or "", product.imsi, product.iccid, "WAKEUP", 3600)
    ]
    row = dispatch()
    assert (row.due_at, row.handed_over_at, row.attempts) == (None, NOW, 1)
    assert (row.provider, row.provider_reference, row.last_error) == ("scripted", "gw-77", "")


def test_a_message_that_was_handed_over_is_on_its_way(sms: SmsHistory, use: Any) -> None:
    use()
    send_due()
    sms.refresh_from_db()
    assert (sms.status, sms.modified_at, sms.attempted_retries) == (None, None, 0)


def test_the_price_is_noted_when_the_message_is_taken(
    sms: SmsHistory, use: Any, settings: Any
) -> None:
    settings.SMS_COST = Decimal("0.0425")
    use()
    send_due()
    settings.SMS_COST = Decimal("0.09")
    assert (dispatch().cost, dispatch().currency) == (Decimal("0.0425"), "USD")


def test_the_gateways_own_price_comes_first(sms: SmsHistory, use: Any) -> None:
    use(Receipt(cost=Decimal("0.031"), currency="EUR"))
    send_due()
    assert (dispatch().cost, dispatch().currency) == (Decimal("0.031"), "EUR")


def test_a_message_is_handed_over_once(sms: SmsHistory, use: Any, clock: Any) -> None:
    provider = use()
    assert (send_due(), send_due()) == (1, 0)
    clock.shift(HOUR / 2)
    assert send_due() == 0
    assert len(provider.taken) == 1


def test_all_that_is_due_goes_in_one_turn_the_oldest_first(
    use: Any, clock: time_machine.Coordinates
) -> None:
    references = []
    for _turn in range(5):
        unit = unit_running("3.6a")
        references.append(send_wakeup(product_imei=unit.pk, by=STAFF).message_reference)
        clock.shift(SECOND)
    provider = use()
    assert send_due() == 5
    assert provider.references == references


def test_the_provider_is_called_outside_any_transaction(
    sms: SmsHistory, use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = []
    monkeypatch.setattr(
        "django.db.transaction.Atomic.__enter__",
        _counting(depth, 1, "django.db.transaction.Atomic.__enter__"),
    )
    monkeypatch.setattr(
        "django.db.transaction.Atomic.__exit__",
        _counting(depth, -1, "django.db.transaction.Atomic.__exit__"),
    )

    def inside(_message: Message) -> Receipt:
        assert sum(depth) == 0
        return Receipt()

    use(inside)
    assert send_due() == 1
    assert depth


def _counting(depth: list[int], step: int, name: str) -> Any:
    from django.utils.module_loading import import_string

    owner, _dot, method = name.rpartition(".")
    original = getattr(import_string(owner), method)

    def call(self: Any, *args: Any) -> Any:
        depth.append(step)
        return original(self, *args)

    return call


# --- a provider that is away ---------------------------------------------------------------------


def test_a_message_is_tried_again_later_and_ever_more_rarely(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    use(*[AWAY] * 12)
    pauses = []
    while True:
        before = dispatch().attempts
        send_due()
        row = dispatch()
        if row.attempts == before:
            break
        assert row.due_at is not None
        now = dt.datetime.now(dt.UTC)
        pauses.append(int((row.due_at - now).total_seconds()))
        clock.move_to(row.due_at)
    assert pauses == [15, 30, 60, 120, 240, 480, 600, 600, 600, 600, 600]
    sms.refresh_from_db()
    # Tried at noon and ten times more; then it was too late.
    assert (sms.attempted_retries, sms.status) == (10, None)
    assert dispatch().due_at is None


def test_a_retry_has_the_same_reference_and_less_time(
    sms: SmsHistory, use: Any, clock: time_machine.Coordinates
) -> None:
    seen: list[Message] = []

    def first(message: Message) -> Exception:
        seen.append(message)
        return AWAY

    provider = use(first)
    assert send_due() == 0
    assert dispatch().last_error == "HTTP 503: busy"
    clock.shift(15 * SECOND)
    assert send_due() == 1
    assert provider.references == [seen[0].reference]
    assert (seen[0].valid_seconds, provider.taken[0].valid_seconds) == (3600, 3585)
    sms.refresh_from_db()
    assert (sms.attempted_retries, dispatch().last_error) == (1, "")


def test_a_provider_that_asks_to_be_left_alone_is(sms: SmsHistory, use: Any) -> None:
    use(ProviderAway("HTTP 429: slow down", wait=120))
    send_due()
    assert dispatch().due_at == NOW + 120 * SECOND


def test_while_the_provider_is_away_the_rest_waits_unharmed(sms: SmsHistory, use: Any) -> None:
    other = send_wakeup(product_imei=unit_running("3.6a").pk, by=STAFF)
    provider = use(AWAY)
    assert send_due() == 0
    assert SmsDispatch.objects.get(pk=other.pk).attempts == 0
    assert send_due() == 1
    assert provider.references == [other.message_reference]


def test_a_message_that_is_refused_ends_there(sms: SmsHistory, use: Any, clock: Any) -> None:
    provider = use(MessageRefused("HTTP 422: unknown SIM"))
    other = send_wakeup(product_imei=unit_running("3.6a").pk, by=STAFF)
    assert send_due() == 1
    assert provider.references == [other.message_reference]
    sms.refresh_from_db()
    row = SmsDispatch.objects.get(pk=sms.pk)
    assert (sms.status, sms.modified_at, sms.modified_by) == ("Expired", NOW, "system")
    assert (row.due_at, row.handed_over_at, row.cost) == (None, None, None)
    assert row.last_error == "HTTP 422: unknown SIM"
    clock.shift(HOUR / 2)
    assert send_due() == 0


# --- providers -----------------------------------------------------------------------------------


def test_without_a_gateway_messages_are_logged(
    sms: SmsHistory, product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(provider_in_use(), Console)
    with caplog.at_level(logging.INFO, "smartsolar.sms"):
        assert send_due() == 1
    assert sms.message_reference in caplog.text
    assert product.imsi in caplog.text
    assert (dispatch().provider, dispatch().handed_over_at) == ("console", NOW)


def test_a_gateway_of_the_environment_is_used(settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "https://sms.example.com/v1/messages"
    settings.SMS_GATEWAY_TOKEN = "t"
    found = provider_in_use()
    assert isinstance(found, gateway.Gateway)
    assert (found.url, found.token, found.sender) == (
        "https://sms.example.com/v1/messages",
        "t",
        "SMARTSolar",
    )


def test_messages_are_sent_and_judged_by_the_clock() -> None:
    tasks = "apps.connectivity.tasks"
    assert SCHEDULE[f"{tasks}.send_messages"] <= 10
    assert SCHEDULE[f"{tasks}.expire_messages"] <= 60
