"""The unit and the clock of these tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from apps.connectivity.models import SmsHistory
from apps.connectivity.services import sms_sending
from apps.connectivity.services.sms import send_wakeup
from apps.products.models import Product, SoftwareVersionType
from tests.connectivity.units import UnitSession
from tests.connectivity.wakeups import ScriptedProvider
from tests.factories import ProductFactory, ProductSoftwareLinkerFactory, SoftwareVersionTypeFactory

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Time stands still at noon, until a test shifts it."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def version(db: None) -> SoftwareVersionType:
    """The software that `unit` runs and says it runs."""
    return SoftwareVersionTypeFactory.create(name="3.6a")


@pytest.fixture
def product(clock: time_machine.Coordinates, version: SoftwareVersionType) -> Product:
    """A unit that never reported."""
    product = ProductFactory.create()
    ProductSoftwareLinkerFactory.create(product=product, software_version_type=version)
    return product


@pytest.fixture
def unit(product: Product) -> UnitSession:
    """The unit itself, which speaks rc_data."""
    return UnitSession(product)


@pytest.fixture
def sms(product: Product) -> SmsHistory:
    """A message written at noon, which is now."""
    return send_wakeup(product_imei=product.pk, by="staff@example.com")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Use a provider that answers with these, in order, and then takes everything."""

    def use(*answers: Any) -> ScriptedProvider:
        provider = ScriptedProvider(*answers)
        monkeypatch.setattr(sms_sending, "provider_in_use", lambda: provider)
        return provider

    return use
