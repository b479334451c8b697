"""The countdown of a simulated unit: it ends by itself, and no command counts twice."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest

from apps.connectivity.simulator.credit import Credit
from apps.connectivity.simulator.fleet import Fleet
from apps.connectivity.simulator.unit import INTERVAL, SOON, Identity, Outcome, Unit
from apps.dcm.models import Balance
from apps.dcm.selectors import CreditOnUnit, credit_on_units
from apps.products.models import Product
from apps.products.services.payg import set_is_payg
from apps.products.services.switch import enable_product
from tests.connectivity.test_simulator import wait_until
from tests.dcm.conftest import NOW
from tests.dcm.ledger import Ledger
from tests.dcm.units import DirectLink
from tests.factories import ProductFactory

START = NOW


def at(seconds: int) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def command(name: str, value: int, category: str = "payment") -> dict[str, Any]:
    return {"transaction_id": name, "category": category, "value": value}


def test_credit_runs_down_to_zero_and_no_further() -> None:
    credit = Credit()
    credit.book([command("a", 100)], at(0))
    assert [credit.balance(at(n)) for n in (0, 1, 99, 100, 500)] == [100, 99, 1, 0, 0]
    credit.book([command("b", 10)], at(500))
    assert [credit.balance(at(n)) for n in (500, 505, 600)] == [10, 5, 0]


def test_a_command_is_booked_once_and_told_again() -> None:
    credit = Credit()
    credit.book([command("a", 100)], at(0))
    report = credit.report(at(10))
    assert report == {"balance": 90, "acks": ["a"]}
    credit.book([command("a", 100), command("b", 5)], at(10))
    assert credit.balance(at(10)) == 95
    credit.heard(report)
    assert credit.report(at(10))["acks"] == ["b"]
    credit.book([command("a", 100)], at(10))
    assert credit.report(at(10)) == {"balance": 95, "acks": ["b", "a"]}


def test_the_references_example_of_removal() -> None:
    credit = Credit()
    credit.book([command("a", 10)], at(0))
    assert credit.balance(at(7)) == 3
    credit.book([command("b", -5, "bad-payment")], at(7))
    assert credit.balance(at(7)) == 0


def test_a_zero_books_what_came_before_and_tells_what_was_left() -> None:
    credit = Credit()
    credit.book([command("a", 100)], at(0))
    credit.book([command("b", 20), command("z", 0, "zero-command")], at(60))
    assert credit.report(at(61)) == {
        "balance": 0,
        "acks": ["a", "b", "z"],
        "final_balance": {"transaction_id": "z", "value": 60},
    }


def test_what_is_not_heard_is_told_again() -> None:
    credit = Credit()
    credit.book([command("z", 0, "zero-command")], at(0))
    first = credit.report(at(1))
    assert credit.report(at(2)) == first
    credit.heard(first)
    assert credit.report(at(3)) == {"balance": 0}


def test_a_reset_has_no_final_balance() -> None:
    credit = Credit()
    credit.book([command("a", 100), command("r", 0, "force-reset")], at(0))
    assert credit.report(at(1)) == {"balance": 0, "acks": ["a", "r"]}


def test_a_unit_that_never_heard_of_credit_does_not_count() -> None:
    credit = Credit()
    assert credit.allows(at(0))
    assert credit.report(at(0)) == {}


# --- a whole unit, against the server ------------------------------------------------------------


@pytest.fixture
def unit(product: Product, clock: Any) -> Unit:
    enable_product(product_imei=product.pk, by="staff@example.com")
    return Unit(Identity(product.pk, product.device_key or ""))


def connect(unit: Unit) -> Any:
    """The next contact that is not lost."""
    for _attempt in range(50):
        found = unit.connect(DirectLink())  # type: ignore[arg-type]
        if found.outcome is Outcome.HEARD:
            return found
    raise AssertionError("nothing was heard at all")


@pytest.mark.django_db
def test_a_unit_is_on_as_long_as_it_has_credit(
    unit: Unit, product: Product, ledger: Ledger, clock: Any
) -> None:
    ledger.pay(100)
    assert connect(unit).next_in == SOON
    assert (unit.enabled, unit.credit.balance(NOW)) == (True, 100)
    clock.shift(60)
    connect(unit)
    row = Balance.objects.get()
    assert (row.balance, row.expected_expiry) == (40, NOW + dt.timedelta(seconds=100))
    assert [entry[2] for entry in ledger.rows()] == ["acknowledged"]
    clock.shift(40)
    assert not unit.enabled
    connect(unit)
    product.refresh_from_db()
    assert (product.current_enable_flag, product.desired_enable_flag) == (False, True)
    ledger.pay(50)
    connect(unit)
    clock.shift(1)
    connect(unit)
    product.refresh_from_db()
    assert (unit.enabled, product.current_enable_flag) == (True, True)


@pytest.mark.django_db
def test_a_unit_that_is_paid_off_stays_on(product: Product, ledger: Ledger, clock: Any) -> None:
    enable_product(product_imei=product.pk, by="staff@example.com")
    set_is_payg(product_imei=product.pk, is_payg=False, by="erp")
    unit = Unit(Identity(product.pk, product.device_key or "", payg=False))
    ledger.pay(100)
    connect(unit)
    clock.shift(1_000)
    connect(unit)
    assert (unit.enabled, unit.credit.balance(NOW + dt.timedelta(seconds=1_000))) == (True, 0)


@pytest.mark.django_db
def test_a_reboot_loses_no_credit_and_repeats_none(unit: Unit, ledger: Ledger, clock: Any) -> None:
    ledger.pay(100)
    connect(unit)
    unit.reboot()
    clock.shift(10)
    connect(unit)
    unit.reboot()
    assert unit.credit.balance(NOW + dt.timedelta(seconds=10)) == 90
    assert [entry[2] for entry in ledger.rows()] == ["acknowledged"]


@pytest.mark.django_db
def test_units_begin_with_what_they_should_have_left(product: Product, clock: Any) -> None:
    Balance.objects.create(
        product=product, balance=500, expected_expiry=NOW + dt.timedelta(seconds=500)
    )
    clock.shift(100)
    found = credit_on_units(product_imeis=[product.pk, "0"])
    assert found == {product.pk: CreditOnUnit(400, is_payg=True)}
    clock.shift(1_000)
    assert credit_on_units(product_imeis=[product.pk])[product.pk].seconds == 0


@pytest.mark.django_db(transaction=True)
def test_over_http_every_command_is_booked_once_and_a_zero_gives_back_what_is_left(
    live_server: Any,
) -> None:
    product = ProductFactory.create(dcm_enabled_flag=True)
    enable_product(product_imei=product.pk, by="staff@example.com")
    ledger = Ledger(product.pk)
    for _number in range(3):
        ledger.pay(10_000)
    stop = threading.Event()
    unit = Unit(Identity(product.pk, product.device_key or ""))
    fleet = Fleet([unit], live_server.url, stop=stop, speed=INTERVAL)
    running = threading.Thread(target=fleet.run)
    running.start()
    try:
        wait_until(lambda: {row[2] for row in ledger.rows()} == {"acknowledged"})
        ledger.zero()
        wait_until(lambda: ledger.finals() != [])
    finally:
        stop.set()
        running.join(10)
    ((left, added),) = ledger.finals()
    assert added == 30_000
    assert 29_900 < left <= 30_000
