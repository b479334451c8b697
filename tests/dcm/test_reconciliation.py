"""What a unit reports against what the ledger allows: what is drift, what is not, what is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dcm.bounds import Booking, Bounds, bounds
from apps.dcm.models import Balance, CreditDrift
from apps.dcm.services.receipts import CreditReport, take_credit_report
from apps.dcm.services.reconciliation import compare, reconcile
from apps.products.models import Product
from tests.dcm.conftest import NOW
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import ProductFactory

HOUR, DAY = 3_600, 86_400


def at(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def booking(category: str, value: int, created: float, acked: float | None) -> Booking:
    return Booking(category, value, at(created), None if acked is None else at(acked))


def of(*bookings: Booking, made: float, heard: float | None = None) -> tuple[int, int] | None:
    found = bounds(bookings, made_at=at(made), heard_at=at(made if heard is None else heard))
    return None if found is None else (found.lowest, found.highest)


# --- the bounds ----------------------------------------------------------------------------------


def test_between_always_on_and_always_off() -> None:
    assert of(booking("payment", 100, 0, 10), made=30) == (70, 100)
    assert of(booking("payment", 100, 0, 10), made=500) == (0, 100)
    assert of(made=500) == (0, 0)


def test_time_without_credit_uses_none() -> None:
    paid = (booking("payment", 100, 0, 0), booking("payment", 100, 1_000, 1_000))
    assert of(*paid, made=1_010) == (90, 200)


def test_messages_under_way_widen_the_bounds() -> None:
    paid = booking("payment", 100, 0, 0)
    assert of(paid, booking("payment", 50, 5, None), made=10) == (90, 150)
    assert of(paid, booking("payment", 50, 5, 20), made=10) == (90, 150)
    assert of(paid, booking("bad-payment", -50, 5, None), made=10) == (40, 100)
    assert of(paid, booking("zero-command", 0, 5, None), made=10) == (0, 100)


def test_what_was_accepted_after_the_report_is_not_in_it() -> None:
    paid = booking("payment", 100, 0, 0)
    assert of(paid, booking("payment", 50, 11, None), made=10) == (90, 100)


def test_zeroes_and_removals_that_were_booked() -> None:
    paid = booking("payment", 100, 0, 0)
    assert of(paid, booking("bad-payment", -30, 0, 5), made=10) == (60, 70)
    assert of(paid, booking("bad-payment", -300, 0, 5), made=10) == (0, 0)
    zero = booking("zero-command", 0, 5, 6)
    assert of(paid, zero, booking("payment", 7, 8, 8), made=10) == (5, 7)


def test_a_reset_under_way_leaves_nothing_to_compare() -> None:
    assert of(booking("force-reset", 0, 0, None), made=10) is None
    assert of(booking("force-reset", 0, 0, 1), made=10) == (0, 0)


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["payment", "bad-payment", "zero-command"]),
            st.integers(1, 500),
            st.integers(0, 300),
            st.integers(0, 300),
            st.lists(st.booleans(), min_size=2, max_size=2),
        ),
        max_size=12,
    )
)
def test_no_honest_unit_is_ever_outside(steps: list[Any]) -> None:
    """A unit that books late and is on and off as it likes stays within the bounds."""
    now, left, made = 0, 0, []
    for category, size, wait, delay, (on_before, on_after) in steps:
        now += wait
        left = max(0, left - wait * on_before)
        created, now = now, now + delay
        left = max(0, left - delay * on_after)
        value = {"payment": size, "bad-payment": -size}.get(category, 0)
        left = 0 if category == "zero-command" else max(0, left + value)
        made.append(booking(category, value, created, now))
    found = of(*made, made=now)
    assert found is not None
    assert found[0] <= left <= found[1]


def test_drift_begins_beyond_the_tolerance() -> None:
    found = Bounds(lowest=100, highest=200)
    assert [found.drift(n, 10) for n in (90, 100, 200, 210)] == [0] * 4
    assert (found.drift(89, 10), found.drift(211, 10)) == (-11, 11)


# --- the comparison ------------------------------------------------------------------------------


def report(product: Product, clock: Any, balance: int, **more: Any) -> None:
    now = dt.datetime.now(dt.UTC)
    said = CreditReport(
        product_imei=product.pk, made_at=now, at=now, late=False, balance=balance, **more
    )
    take_credit_report(report=said, by="unit")


@pytest.mark.django_db
def test_a_unit_with_too_much_is_listed_until_it_reports_otherwise(
    product: Product, ledger: Ledger, clock: Any
) -> None:
    report(product, clock, 10 * DAY, acks=(ledger.pay(DAY),))
    before = fingerprint(), list(Balance.objects.values())
    assert reconcile() == 1
    first = CreditDrift.objects.get()
    assert (first.drift, first.lowest, first.highest) == (9 * DAY, DAY, DAY)
    # Nothing is put right.
    assert (fingerprint(), list(Balance.objects.values())) == before
    clock.shift(HOUR)
    assert reconcile() == 1
    again = CreditDrift.objects.get()
    assert (again.since, again.checked_at) == (first.since, at(HOUR))
    clock.shift(1)
    report(product, clock, DAY - HOUR)
    assert reconcile() == 0
    assert not CreditDrift.objects.exists()


@pytest.mark.django_db
def test_a_unit_that_lost_credit_is_listed(product: Product, ledger: Ledger, clock: Any) -> None:
    acks = (ledger.pay(10 * DAY),)
    clock.shift(DAY)
    report(product, clock, 2 * DAY, acks=acks)
    assert reconcile() == 1
    assert CreditDrift.objects.get().drift == -7 * DAY


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [0, 60, 61])
def test_the_tolerance_is_a_setting(
    product: Product, ledger: Ledger, clock: Any, settings: Any, minutes: int
) -> None:
    settings.CREDIT_DRIFT_TOLERANCE_MINUTES = minutes
    report(product, clock, DAY + 61 * 60, acks=(ledger.pay(DAY),))
    assert reconcile() == (minutes < 61)


@pytest.mark.django_db
def test_a_final_balance_and_a_reset_are_no_drift(
    product: Product, ledger: Ledger, clock: Any
) -> None:
    report(product, clock, DAY, acks=(ledger.pay(DAY),))
    clock.shift(60)
    report(product, clock, 0, final_balance=(ledger.zero(), DAY - 60))
    assert reconcile() == 0
    ledger.pay(DAY)
    ledger.reset("reset")
    # The unit has not heard of the reset yet: what it says was given back.
    report(product, clock, DAY)
    assert compare(product_imei=product.pk) is None
    report(product, clock, 0, acks=("reset",))
    assert reconcile() == 0


@pytest.mark.django_db
def test_units_that_do_not_count_or_are_paid_off_are_left_out(product: Product, clock: Any) -> None:
    report(product, clock, 10 * DAY)
    assert reconcile() == 1
    Product.objects.update(is_payg=False)
    clock.shift(1)
    assert reconcile() == 0
    assert not CreditDrift.objects.exists()


@pytest.mark.django_db
def test_queries_grow_by_chunks_not_by_units(clock: Any, django_assert_num_queries: Any) -> None:
    for _unit in range(20):
        unit = ProductFactory.create(dcm_enabled_flag=True)
        report(unit, clock, DAY, acks=(Ledger(unit.pk).pay(DAY),))
    with django_assert_num_queries(4):
        assert reconcile() == 0
