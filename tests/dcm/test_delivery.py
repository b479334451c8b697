"""GET rc_data: what a unit is to book, in which order and for how long."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.products.models import Product
from apps.products.services.payg import set_is_payg
from tests.connectivity.units import UnitSession
from tests.dcm.heard import offered
from tests.dcm.ledger import Ledger

pytestmark = pytest.mark.django_db

ago = dt.timedelta


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
