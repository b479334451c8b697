"""The unit, its credit and the clock of these tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from apps.products.models import Product
from tests.connectivity.units import UnitSession
from tests.dcm.ledger import GUARDED, Ledger
from tests.factories import ProductFactory, StateFactory, StateTypeFactory

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Time stands still at noon, until a test shifts it."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def product(clock: time_machine.Coordinates, db: None) -> Product:
    """A unit that keeps its credit itself and has none."""
    return ProductFactory.create(dcm_enabled_flag=True)


@pytest.fixture
def terminated(product: Product) -> Product:
    """The same unit at the end of its life."""
    product.latest_state = StateFactory.create(
        product=product, current_state_type=StateTypeFactory.create(name="TERMINATED")
    )
    product.save()
    return product


@pytest.fixture
def ledger(product: Product) -> Ledger:
    """What is done to the unit's credit, and what is written of it."""
    return Ledger(product.pk)


@pytest.fixture
def unit(product: Product) -> UnitSession:
    """The unit itself, which speaks rc_data."""
    return UnitSession(product)


@pytest.fixture
def full(ledger: Ledger, unit: UnitSession) -> Ledger:
    """A ledger with a row of every kind in every state."""
    ledger.pay(100)
    ledger.zero("zero")
    unit.report(final_balance={"transaction_id": "zero", "value": 10})
    ledger.pay(5, "late")
    ledger.reset()
    unit.report(acks=["late"])
    unit.report(acks=[ledger.pay(7, "booked")])
    ledger.pay(9, "waiting", reason="Paid in cash")
    assert all(model._base_manager.exists() for model in GUARDED.values())
    return ledger
