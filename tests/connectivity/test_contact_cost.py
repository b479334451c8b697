"""How many statements a contact takes: every unit pays for them every four hours."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.products.models import Product
from apps.products.services import switch
from tests.connectivity.test_wishes import pending, update
from tests.connectivity.units import CELL, UnitSession, body
from tests.factories import PaymentCommandFactory

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"


def cost(send: Any) -> int:
    """The statements of one request, savepoints (the test's own transaction) left out."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert send().status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_an_ordinary_report_takes_four_statements(unit: UnitSession) -> None:
    report = body(cells=[CELL] * 7, gps={"lat": 1, "lon": 2}, parameters={"a": 1})
    for _repeat in range(2):
        assert cost(lambda: unit.post(report)) == 4


def test_a_confirmed_switch_takes_one_more(unit: UnitSession, product: Product) -> None:
    switch.enable_product(product_imei=product.pk, by=STAFF)
    assert cost(lambda: unit.post(body(enabled=True))) == 5


def test_a_report_that_confirms_what_changed_most_takes_eight(
    unit: UnitSession, product: Product
) -> None:
    """Both switches, new software and a balance."""
    switch.enable_product(product_imei=product.pk, by=STAFF)
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    update(product, "4.0")
    report = body(enabled=True, tamper_enabled=True, software="4.0", balance=60)
    assert cost(lambda: unit.post(report)) == 8


def test_parameters_take_two_more_while_some_are_pending(
    unit: UnitSession, product: Product
) -> None:
    for n in range(5):
        pending(product, f"p{n}", "1")
    report = body(parameters={f"p{n}": "1" for n in range(5)})
    assert cost(lambda: unit.post(report)) == 6
    assert cost(lambda: unit.post(report)) == 4


def test_a_report_that_confirms_all_there_is_takes_ten(unit: UnitSession, product: Product) -> None:
    """Both switches, new software, a balance and parameters: the most a report can cost."""
    switch.enable_product(product_imei=product.pk, by=STAFF)
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    update(product, "4.0")
    for n in range(5):
        pending(product, f"p{n}", "1")
    report = body(
        enabled=True,
        tamper_enabled=True,
        software="4.0",
        balance=60,
        parameters={f"p{n}": "1" for n in range(5)},
    )
    assert cost(lambda: unit.post(report)) == 10
    assert cost(lambda: unit.post(report)) == 5


def test_a_late_report_takes_three(unit: UnitSession) -> None:
    unit.report()
    assert cost(lambda: unit.post(body(time="2026-03-01T11:00:00"))) == 3


def test_asking_takes_three_statements_where_nothing_is_pending(unit: UnitSession) -> None:
    assert cost(unit.get) == 3


def test_asking_takes_six_statements_where_everything_is(
    unit: UnitSession, product: Product
) -> None:
    for n in range(3):
        pending(product, f"p{n}", "1")
        PaymentCommandFactory.create(product=product, transaction_id=f"tx-{n}")
    update(product, "4.0")
    assert cost(unit.get) == 6
