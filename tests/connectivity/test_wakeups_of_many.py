"""Many units are woken up as each of them alone would be: none is paid for twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.connectivity.errors import CannotBeWoken
from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.services import sms
from apps.connectivity.services.sms import send_wakeup, send_wakeups
from apps.connectivity.wakeups import WAKEUP_TIMEOUT, SmsStatus
from apps.core.errors import DomainError
from apps.products.errors import UnknownProduct
from apps.products.models import Product
from tests.connectivity.wakeups import unit_running
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"
NOBODY = "359999999999999"
LATER = dt.timedelta(minutes=10)


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    asked: list[int] = []
    monkeypatch.setattr(sms, "ask_for_turn", lambda: asked.append(1))
    return asked


def fleet(clock: time_machine.Coordinates) -> list[Product]:
    """Units that were never woken, are being woken, were woken, missed it, or cannot be."""
    units = [unit_running("3.6a") for _unit in range(5)] + [unit_running("1.0")]
    for unit in units[1:5]:
        send_wakeup(product_imei=unit.pk, by=STAFF)
    clock.shift(LATER)
    SmsHistory.objects.filter(product=units[2]).update(status=SmsStatus.DELIVERED)
    connection = ConnectionFactory.create(product=units[3], date=dt.datetime.now(dt.UTC))
    connection.__class__.objects.filter(pk=connection.pk).update(created_at=dt.datetime.now(dt.UTC))
    units[3].latest_connection = connection
    units[3].save()
    SmsHistory.objects.filter(product=units[4]).update(
        sent_time=dt.datetime.now(dt.UTC) - WAKEUP_TIMEOUT - LATER
    )
    return units


def came_of(result: Any, known: set[int]) -> Any:
    if isinstance(result, DomainError):
        return type(result), str(result)
    return "on its way" if result.pk in known else "sent"


def test_each_is_answered_as_alone(clock: time_machine.Coordinates) -> None:
    alone, together = fleet(clock), fleet(clock)
    known = set(SmsHistory.objects.values_list("pk", flat=True))
    singly = []
    for unit in alone:
        try:
            singly.append(came_of(send_wakeup(product_imei=unit.pk, by=STAFF), known))
        except CannotBeWoken as error:
            singly.append(came_of(error, known))
    came = send_wakeups(imeis=[*(unit.pk for unit in together), NOBODY], by=STAFF)
    assert isinstance(came.pop(NOBODY), UnknownProduct)
    assert [came_of(came[unit.pk], known) for unit in together] == singly
    assert singly[:5] == ["sent", "on its way", "sent", "sent", "sent"]
    assert singly[5][0] is CannotBeWoken


def test_each_gets_a_message_of_its_own_and_one_turn_is_asked_for(
    clock: time_machine.Coordinates,
    turns: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    units = [unit_running("3.6a") for _unit in range(3)]
    imeis = [unit.pk for unit in units]
    with django_capture_on_commit_callbacks(execute=True):
        came = send_wakeups(imeis=imeis, by=STAFF)
    assert turns == [1]
    rows = {row.product_id: row for row in SmsHistory.objects.all()}
    assert came == rows
    assert len({row.message_reference for row in rows.values()}) == 3
    for dispatch in SmsDispatch.objects.select_related("sms"):
        assert dispatch.reference == dispatch.sms.message_reference
        assert dispatch.due_at == dispatch.sms.sent_time
    with django_capture_on_commit_callbacks(execute=True):
        assert send_wakeups(imeis=imeis, by=STAFF) == rows
    assert turns == [1]


def test_the_statements_do_not_grow_with_the_units(
    clock: time_machine.Coordinates, django_assert_num_queries: Any
) -> None:
    for size in (2, 30):
        imeis = [unit_running("3.6a").pk for _unit in range(size)]
        with django_assert_num_queries(7):
            send_wakeups(imeis=imeis, by=STAFF)
