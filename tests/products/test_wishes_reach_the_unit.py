"""What staff ask for through the API is what the unit hears, and what it confirms is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.products.models import Product
from apps.products.services.settings import set_parameter
from tests.connectivity.units import UnitSession
from tests.factories import (
    ParameterTypeFactory,
    ProductFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def product() -> Product:
    product = ProductFactory.create()
    for name in ("3.6a", "4.0"):
        version = SoftwareVersionTypeFactory.create(name=name)
        ProductTypeSoftwareVersionTypeLinkerFactory.create(
            product_type=product.product_type, software_version_type=version
        )
        if name == "3.6a":
            ProductSoftwareLinkerFactory.create(product=product, software_version_type=version)
    return product


def test_an_update_is_offered_until_the_unit_runs_it_or_it_is_called_off(
    api: Any, product: Product
) -> None:
    unit, staff = UnitSession(product), api.as_("system")
    where = f"/v1/products/{product.pk}"
    staff.put(f"{where}/update_software", {"software": "4.0"})
    assert unit.wishes()["software"]["name"] == "4.0"
    staff.put(f"{where}/expire_software_updates")
    assert unit.wishes()["software"] is None
    staff.put(f"{where}/lock_software", {"software": "4.0"})
    assert unit.wishes()["software"]["name"] == "4.0"
    unit.report(software="4.0")
    assert unit.wishes()["software"] is None
    running = product.product_software_linker.get(date_removed__isnull=True)
    assert (running.software_version_type.name, running.date_added) == ("4.0", NOW)


def test_a_parameter_is_told_and_confirmed(api: Any, product: Product) -> None:
    unit = UnitSession(product)
    kind = ParameterTypeFactory.create(name="energy_limit", data_type="float")
    for value in (80, 80.5):
        set_parameter(
            product_imei=product.pk, parameter_type=kind, value=value, by="staff@example.com"
        )
    assert unit.wishes()["parameters"] == {"energy_limit": "80.5"}
    unit.report(parameters={"energy_limit": 80.5})
    assert unit.wishes()["parameters"] == {}
    answer = api.as_("overview").get(
        f"/v1/products/{product.pk}/parameters/history", {"date": NOW.isoformat()}
    )
    (row,) = answer.json()["data"]["product_parameters"]
    assert (row["value"], row["status"], row["modified_by"]) == ("80.5", "active", "unit")
