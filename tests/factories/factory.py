"""Factories for what the factory writes."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.factory import models
from tests.factories.parts import PartFactory
from tests.factories.products import NOON, ProductFactory


class SerialFactory(DjangoModelFactory[models.Serial]):
    class Meta:
        model = models.Serial


class FactoryLogFactory(DjangoModelFactory[models.FactoryLog]):
    class Meta:
        model = models.FactoryLog

    app_name = "usb_diag_tool"
    product_imei = factory.Sequence(lambda n: f"{358_000_000_000_000 + n}")
    timestamp = factory.Sequence(lambda n: NOON + dt.timedelta(minutes=n))
    tags = factory.LazyFunction(lambda: {"station": "A"})
    fields = factory.LazyFunction(lambda: {"voltage": 12.6})


class TestJigTestResultFactory(DjangoModelFactory[models.TestJigTestResult]):
    __test__ = False  # a factory, not a test case

    class Meta:
        model = models.TestJigTestResult

    product = factory.SubFactory(ProductFactory)
    jig_id = "jig-1"
    machine_id = "machine-1"
    jig_software_version = "1.4"
    user = "factory@example.com"
    passed = True
    results = factory.LazyFunction(lambda: {"voltage": "ok"})


class BatteryTestResultFactory(DjangoModelFactory[models.BatteryTestResult]):
    class Meta:
        model = models.BatteryTestResult

    product = factory.SubFactory(ProductFactory)
    battery_part = factory.SubFactory(PartFactory)
    type = "capacity"
    result = "pass"
    energy = 162.5


class Home2StockPreparationTrackingFactory(
    DjangoModelFactory[models.Home2StockPreparationTracking]
):
    class Meta:
        model = models.Home2StockPreparationTracking

    product = factory.SubFactory(ProductFactory)
    serial_number = factory.SelfAttribute("product.serial_number")
    activated = True
