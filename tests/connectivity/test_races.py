"""Requests that arrive at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.connectivity.models import Connection
from apps.products.models import EnableHistory, Product
from apps.products.services.switch import disable_product, enable_product
from tests.connectivity.units import RC_DATA, UnitSession, body
from tests.factories import ProductFactory, SoftwareVersionTypeFactory

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Start every call at the same moment, each in a thread with a connection of its own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def product(transactional_db: None) -> Product:
    SoftwareVersionTypeFactory.create(name="3.6a")
    return ProductFactory.create()


def test_of_identical_requests_exactly_one_wins(product: Product) -> None:
    content = json.dumps(body()).encode()
    header = UnitSession(product).header("POST", RC_DATA, content)
    answers = together(
        *[lambda: UnitSession(product).send("POST", content, header=header).status_code] * 6
    )
    assert sorted(answers) == [200, 401, 401, 401, 401, 401]
    assert Connection.objects.count() == 1


def test_one_confirmation_reported_twice_at_once_is_one_row(product: Product) -> None:
    enable_product(product_imei=product.pk, by="staff@example.com")
    content = body(enabled=True)
    answers = together(*[lambda: UnitSession(product).post(content).status_code] * 4)
    assert answers == [200] * 4
    states = EnableHistory.objects.order_by("pk").values_list("current_enable_state", flat=True)
    assert list(states) == ["pending_enabled", "enabled"]
    assert Connection.objects.count() == 4


def test_people_and_unit_at_once_leave_an_unbroken_history(product: Product) -> None:
    calls: list[Callable[[], Any]] = []
    for turn in range(4):
        ask = enable_product if turn % 2 else disable_product
        calls.append(lambda ask=ask: ask(product_imei=product.pk, by="staff@example.com"))
        calls.append(lambda turn=turn: UnitSession(product).report(enabled=bool(turn % 2)))
    together(*calls)
    rows = EnableHistory.objects.order_by("pk").values_list(
        "prev_enable_state", "current_enable_state"
    )
    chain = ["init"]
    for prev, current in rows:
        assert prev == chain[-1]
        chain.append(current)
    product.refresh_from_db()
    assert product.latest_enable_history.current_enable_state == chain[-1]
