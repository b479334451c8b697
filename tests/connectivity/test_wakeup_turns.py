"""Whoever has written a message asks a worker to send it."""

from __future__ import annotations

from typing import Any

import pytest
from celery.exceptions import OperationalError

from apps.connectivity.models import SmsDispatch
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.sms import turns
from apps.connectivity.tasks import send_messages
from apps.products.models import Product
from tests.connectivity.conftest import NOW

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The turns that were asked for; empty it to begin anew."""
    found: list[Any] = []
    monkeypatch.setattr(send_messages, "apply_async", lambda **options: found.append(options))
    monkeypatch.setattr(turns, "_quiet_until", 0.0)
    return found


def test_a_worker_is_asked_once_the_message_is_committed(
    product: Product, asked: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_wakeup(product_imei=product.pk, by=STAFF)
        assert not asked
    assert len(asked) == 1


def test_a_flood_of_messages_asks_for_few_turns(asked: list[Any]) -> None:
    for _turn in range(100):
        turns.ask_for_turn()
    assert len(asked) == 1


def test_a_broker_that_is_away_is_no_failure(
    product: Product, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    calls = []

    def away(**_options: Any) -> None:
        calls.append(1)
        raise OperationalError("Connection refused")

    monkeypatch.setattr(send_messages, "apply_async", away)
    monkeypatch.setattr(turns, "_quiet_until", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        send_wakeup(product_imei=product.pk, by=STAFF)
    turns.ask_for_turn()
    assert len(calls) == 1
    assert SmsDispatch.objects.get().due_at == NOW
