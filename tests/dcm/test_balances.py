"""POST rc_data: what a unit says it has left, and what a late report moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from apps.core import events
from apps.dcm.models import Balance
from apps.products.models import Product
from tests.connectivity.units import UnitSession
from tests.dcm.conftest import NOW
from tests.dcm.heard import final
from tests.dcm.ledger import Ledger

pytestmark = pytest.mark.django_db

ago = dt.timedelta


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
