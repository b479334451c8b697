"""POST rc_data: what a unit had left at a zero, told once and counted once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from apps.core import events
from apps.dcm.models import Balance, FinalBalance, LateReceipt, PaymentCommand
from apps.products.models import Product
from tests.connectivity.units import UnitSession
from tests.dcm.conftest import NOW
from tests.dcm.heard import final
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import PaymentCommandFactory

pytestmark = pytest.mark.django_db

ago = dt.timedelta


def test_a_final_balance_is_kept_and_makes_all_before_void(
    ledger: Ledger, unit: UnitSession
) -> None:
    names = [ledger.pay(100), ledger.pay(-30), ledger.zero("zero")]
    unit.report(acks=names, balance=0, final_balance=final("zero", 58))
    assert ledger.finals() == [(58, 70)]
    row = FinalBalance.objects.get()
    assert (row.zero_command.transaction_id, row.status) == ("zero", "success")
    assert (row.created_by, row.created_at) == ("unit", NOW)
    assert ledger.rows() == [
        ("payment", 100, "acknowledged", True),
        ("bad-payment", -30, "acknowledged", True),
        ("zero-command", 0, "acknowledged", False),
    ]
    assert Balance.objects.get().balance == 0
    ledger.pay(10)


def test_a_final_balance_tells_of_all_that_was_to_be_booked_before(
    ledger: Ledger, unit: UnitSession
) -> None:
    """A unit books in order: what it had left after a zero has everything before in it."""
    ledger.pay(100)
    ledger.zero("zero")
    unit.report(final_balance=final("zero", 100))
    assert [row[2:] for row in ledger.rows()] == [("acknowledged", True), ("acknowledged", False)]
    assert Balance.objects.get().balance == 0
    assert ledger.finals() == [(100, 100)]


def test_a_repeated_final_balance_counts_once(
    ledger: Ledger, unit: UnitSession, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.pay(100)
    ledger.zero("zero")
    unit.report(final_balance=final("zero", 58))
    ledger.pay(20)
    before = fingerprint()
    clock.shift(60)
    unit.report(final_balance=final("zero", 58))
    assert "the first stands" not in caplog.text
    unit.report(final_balance=final("zero", 59))
    assert "the first stands" in caplog.text
    assert fingerprint() == before


def test_a_zero_may_be_acknowledged_before_its_final_balance_comes(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    ledger.pay(100)
    ledger.zero("zero")
    unit.report(acks=["zero"])
    assert Balance.objects.get().balance == 0
    ledger.pay(20)
    clock.shift(3600)
    unit.report(final_balance=final("zero", 58))
    assert ledger.rows() == [
        ("payment", 100, "acknowledged", True),
        ("zero-command", 0, "acknowledged", False),
        ("payment", 20, "pending", False),
    ]
    assert ledger.finals() == [(58, 100)]


def test_a_reset_between_a_zero_and_its_final_balance_gives_nothing_back_twice(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    """The unit is known to be at zero; what it had left is still owed, once."""
    unit.report(balance=58, acks=[ledger.pay(100)])
    ledger.zero("zero")
    unit.report(acks=["zero"], balance=0)
    given = ledger.reset()
    assert (given.outstanding_payments, given.last_known_balance) == (0, 0)
    clock.shift(60)
    unit.report(final_balance=final("zero", 58))
    assert ledger.finals() == [(58, 100)]


def test_the_final_balance_of_a_zero_that_is_void_is_not_given_back_again(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    unit.report(balance=58, acks=[ledger.pay(100)])
    ledger.zero("zero")
    assert ledger.reset().last_known_balance == 58
    clock.shift(60)
    for _time in range(2):
        unit.report(final_balance=final("zero", 50), acks=["zero"])
    assert ledger.finals() == []
    late = LateReceipt.objects.get()
    assert (late.command.transaction_id, late.value) == ("zero", 50)


def test_of_a_reset_a_final_balance_is_an_acknowledgement_and_no_more(
    ledger: Ledger, unit: UnitSession
) -> None:
    ledger.pay(100)
    ledger.reset("reset")
    unit.report(final_balance=final("reset", 100))
    assert ledger.finals() == []
    assert ledger.rows()[-1] == ("force-reset", 0, "acknowledged", False)


@pytest.mark.parametrize("name", ["never", "others", "payment"])
def test_a_final_balance_of_what_is_no_zero_of_the_unit_is_none(
    ledger: Ledger, unit: UnitSession, name: str
) -> None:
    PaymentCommandFactory.create(transaction_id="others", category="zero-command", value=0)
    ledger.pay(100, "payment")
    unit.report(final_balance=final(name, 5))
    assert ledger.finals() == []
    assert PaymentCommand.objects.get(transaction_id="others").status == "pending"


def test_two_zeroes_each_give_back_what_was_added_since_the_one_before(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    ledger.pay(100)
    ledger.zero("one")
    unit.report(final_balance=final("one", 60))
    ledger.pay(30)
    ledger.zero("two")
    unit.report(final_balance=final("two", 30))
    assert ledger.finals() == [(60, 100), (30, 30)]
    assert [row[3] for row in ledger.rows()] == [True, True, True, False]


def test_others_are_told_of_a_final_balance_once(
    monkeypatch: pytest.MonkeyPatch, ledger: Ledger, unit: UnitSession, product: Product
) -> None:
    monkeypatch.setitem(events._consumers, "final_balance_reported", [])
    events.consumer("final_balance_reported")(lambda event: None)
    ledger.pay(100)
    ledger.zero("zero")
    for _time in range(2):
        unit.report(final_balance=final("zero", 58))
    event = events.Event.objects.get(name="final_balance_reported", subject=product.pk)
    row = FinalBalance.objects.get()
    assert event.data == {
        "final_balance_id": row.pk,
        "final_balance": 58,
        "total_added": 100,
        "zero_command_id": row.zero_command_id,
        "transaction_id": "zero",
    }
