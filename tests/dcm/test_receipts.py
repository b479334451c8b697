"""POST rc_data: what a unit says it has booked, in whatever order and however often it says so."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import events
from apps.dcm.models import Balance, FinalBalance, LateReceipt, PaymentCommand
from apps.products.models import Product
from apps.products.services.payg import set_is_payg
from tests.connectivity.units import UnitSession, body
from tests.dcm.conftest import NOW
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import PaymentCommandFactory

pytestmark = pytest.mark.django_db

ago = dt.timedelta


def offered(unit: UnitSession) -> list[str]:
    return [row["transaction_id"] for row in unit.wishes()["payment_commands"]]


def final(transaction_id: str, value: int) -> dict[str, Any]:
    return {"transaction_id": transaction_id, "value": value}


# --- delivery ------------------------------------------------------------------------------------


def test_a_command_is_offered_in_order_until_it_is_acknowledged(
    ledger: Ledger, unit: UnitSession
) -> None:
    first, second, third = ledger.pay(10), ledger.pay(20), ledger.pay(-5)
    assert offered(unit) == offered(unit) == [first, second, third]
    unit.report(acks=[second])
    assert offered(unit) == [first, third]
    unit.report(acks=[first, third])
    assert offered(unit) == []


def test_a_zero_command_comes_after_all_that_is_outstanding(
    ledger: Ledger, unit: UnitSession
) -> None:
    names = [ledger.pay(10), ledger.pay(-3), ledger.zero()]
    assert offered(unit) == names


def test_more_than_a_unit_may_acknowledge_at_once_is_offered_in_turns(
    ledger: Ledger, product: Product, unit: UnitSession
) -> None:
    names = [ledger.pay(1) for _number in range(1_002)]
    assert offered(unit) == names[:1_000]
    unit.report(acks=names[:1_000])
    assert offered(unit) == names[1_000:]


def test_a_unit_that_is_paid_off_is_offered_nothing_that_would_switch_it_off(
    ledger: Ledger, product: Product, unit: UnitSession
) -> None:
    """Nor what comes after it: the order stands, should the unit be pay as you go again."""
    before = ledger.pay(10)
    rest = [ledger.pay(-5), ledger.pay(7), ledger.zero()]
    set_is_payg(product_imei=product.pk, is_payg=False, by="erp")
    assert offered(unit) == [before]
    set_is_payg(product_imei=product.pk, is_payg=True, by="erp")
    assert offered(unit) == [before, *rest]


# --- acknowledgements ----------------------------------------------------------------------------


def test_an_acknowledgement_is_written_to_the_command(ledger: Ledger, unit: UnitSession) -> None:
    unit.report(acks=[ledger.pay(10)])
    row = PaymentCommand.objects.get()
    assert (row.status, row.void) == ("acknowledged", False)
    assert (row.modified_by, row.modified_at) == ("unit", NOW)


def test_a_repeated_acknowledgement_changes_nothing(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    name = ledger.pay(10)
    unit.report(acks=[name])
    before = fingerprint()
    clock.shift(3600)
    unit.report(acks=[name, name])
    assert fingerprint() == before


def test_a_late_report_acknowledges_all_the_same(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    name = ledger.pay(10)
    clock.shift(3600)
    unit.report()
    unit.report(acks=[name], time=NOW.isoformat())
    assert [row[2] for row in ledger.rows()] == ["acknowledged"]


def test_what_is_unknown_or_another_units_is_logged_and_ignored(
    ledger: Ledger, unit: UnitSession, caplog: pytest.LogCaptureFixture
) -> None:
    other = PaymentCommandFactory.create(transaction_id="others")
    name = ledger.pay(10)
    with caplog.at_level(logging.WARNING):
        unit.report(acks=["never", "others", name])
    assert "unknown command 'never'" in caplog.text
    assert "another unit's command 'others'" in caplog.text
    other.refresh_from_db()
    assert (other.status, other.modified_at) == ("pending", None)
    assert [row[2] for row in ledger.rows()] == ["acknowledged"]


def test_a_void_command_that_was_booked_all_the_same_leaves_a_late_receipt(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    """Its credit was given back and is on the unit as well: somebody has to know."""
    name = ledger.pay(10)
    assert ledger.reset("reset").outstanding_payments == 10
    before = fingerprint()
    clock.shift(60)
    for _time in range(2):
        unit.report(acks=[name])
    assert fingerprint() == before
    late = LateReceipt.objects.get()
    assert (late.command.transaction_id, late.value) == (name, None)
    assert late.at == NOW + ago(seconds=60)
    assert offered(unit) == ["reset"]


def test_acknowledged_before_it_became_void_is_no_late_receipt(
    ledger: Ledger, unit: UnitSession
) -> None:
    name = ledger.pay(10)
    unit.report(acks=[name])
    ledger.reset()
    unit.report(acks=[name])
    assert not LateReceipt.objects.exists()


# --- final balances ------------------------------------------------------------------------------


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


# --- balances ------------------------------------------------------------------------------------


def test_a_balance_expires_so_long_after_the_unit_said_it(unit: UnitSession, clock: Any) -> None:
    """However long the report was under way, and however often it comes."""
    clock.shift(600)
    for _time in range(2):
        unit.report(balance=3_600, time=NOW.isoformat())
        row = Balance.objects.get()
        assert (row.balance, row.expected_expiry) == (3_600, NOW + ago(seconds=3_600))
        clock.shift(600)


def test_a_late_report_moves_no_balance(unit: UnitSession, clock: Any) -> None:
    clock.shift(600)
    unit.report(balance=10)
    before = list(Balance.objects.values_list())
    unit.report(balance=9_000, time=NOW.isoformat())
    assert list(Balance.objects.values_list()) == before


def test_a_late_final_balance_empties_a_balance_that_is_older(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    """Nothing else is known of the unit since: to give the balance back again would double it."""
    unit.report(balance=58, acks=[ledger.pay(100)])
    ledger.zero("zero")
    clock.shift(7_200)
    unit.report()
    late = (NOW + ago(hours=1)).isoformat()
    unit.report(final_balance=final("zero", 40), time=late)
    assert Balance.objects.get().balance == 0


def test_a_late_final_balance_leaves_a_balance_that_is_newer(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    unit.report(balance=58, acks=[ledger.pay(100)])
    ledger.zero("zero")
    clock.shift(7_200)
    unit.report(balance=7)
    late = (NOW + ago(hours=1)).isoformat()
    unit.report(final_balance=final("zero", 40), time=late)
    assert Balance.objects.get().balance == 7


def test_every_balance_is_told_for_its_history(
    monkeypatch: pytest.MonkeyPatch, unit: UnitSession, product: Product
) -> None:
    monkeypatch.setitem(events._consumers, "balance_reported", [])
    events.consumer("balance_reported")(lambda event: None)
    unit.report(balance=58)
    event = events.Event.objects.get(name="balance_reported", subject=product.pk)
    assert event.data == {"balance": 58, "at": NOW.isoformat()}


# --- what it costs -------------------------------------------------------------------------------


def statements(unit: UnitSession, **report: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert unit.post(body(**report)).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_acknowledgements_take_one_statement_and_two_where_some_are_not_waiting(
    ledger: Ledger, unit: UnitSession
) -> None:
    names = [ledger.pay(10) for _number in range(20)]
    unit.report()
    plain = statements(unit)
    assert statements(unit, acks=names) == plain + 1
    assert statements(unit, acks=names) == plain + 2
