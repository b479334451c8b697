"""How many statements a contact takes: every unit pays for them every four hours."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.parts.models import PartParameter
from apps.products.models import ParameterType, Product, ProductParameter
from apps.products.services import switch
from tests.connectivity.test_wishes import pending, update
from tests.connectivity.units import CELL, UnitSession, body
from tests.factories import (
    PartParameterFactory,
    PartProductLinkerFactory,
    PaymentCommandFactory,
    SoftwareVersionTypeFactory,
)

pytestmark = pytest.mark.django_db

# All that a report changes goes in one statement there, in one for each table elsewhere.
POSTGRESQL = connection.vendor == "postgresql"

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


def test_a_confirmed_switch_takes_no_more_or_one(unit: UnitSession, product: Product) -> None:
    switch.enable_product(product_imei=product.pk, by=STAFF)
    assert cost(lambda: unit.post(body(enabled=True))) == (4 if POSTGRESQL else 5)


def test_a_report_that_confirms_what_changed_most(unit: UnitSession, product: Product) -> None:
    """Both switches, new software and a balance, which is told to the time series too."""
    switch.enable_product(product_imei=product.pk, by=STAFF)
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    update(product, "4.0")
    report = body(enabled=True, tamper_enabled=True, software="4.0", balance=60)
    assert cost(lambda: unit.post(report)) == (6 if POSTGRESQL else 10)


def test_software_that_nobody_asked_for_takes_no_more_or_two(unit: UnitSession) -> None:
    SoftwareVersionTypeFactory.create(name="4.0")
    assert cost(lambda: unit.post(body(software="4.0"))) == (4 if POSTGRESQL else 6)


def test_parameters_take_one_more_or_two_while_some_are_pending(
    unit: UnitSession, product: Product
) -> None:
    for n in range(5):
        pending(product, f"p{n}", "1")
    report = body(parameters={f"p{n}": "1" for n in range(5)})
    assert cost(lambda: unit.post(report)) == (5 if POSTGRESQL else 6)
    assert cost(lambda: unit.post(report)) == 4


def test_a_report_that_confirms_all_there_is_takes_eight_statements(
    unit: UnitSession, product: Product
) -> None:
    """Both switches, new software, a balance, parameters of the unit and of its parts."""
    switch.enable_product(product_imei=product.pk, by=STAFF)
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    update(product, "4.0")
    for n in range(5):
        pending(product, f"p{n}", "1")
    part = PartProductLinkerFactory.create(product=product).part
    kind = ParameterType.objects.get(name="p0")
    PartParameterFactory.create(
        part=part, parameter_type=kind, value="1", status="pending", date_added=None
    )
    report = body(
        enabled=True,
        tamper_enabled=True,
        software="4.0",
        balance=60,
        parameters={f"p{n}": "1" for n in range(5)},
    )
    assert cost(lambda: unit.post(report)) == (8 if POSTGRESQL else 14)
    assert cost(lambda: unit.post(report)) == 6
    assert not ProductParameter.objects.filter(status="pending").exists()
    assert PartParameter.objects.get().status == "active"


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
