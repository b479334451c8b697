"""A confirmation that arrives after the wish has changed does not undo the wish."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from apps.parts.models import Part, PartParameter
from apps.parts.services.settings import set_part_parameter
from apps.products.models import ParameterType, Product
from apps.products.services.settings import set_parameter
from apps.products.services.updates import expire_software_updates, update_software
from tests.connectivity.conftest import NOW
from tests.connectivity.units import UnitSession
from tests.factories import (
    ParameterTypeFactory,
    PartParameterFactory,
    PartProductLinkerFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"
# Beyond what a clock may be wrong by.
EARLIER = dt.timedelta(minutes=10)


def ago(length: dt.timedelta) -> str:
    """A time that long before now, as a unit sends it."""
    return (dt.datetime.now(dt.UTC) - length).isoformat()


# --- parameters ----------------------------------------------------------------------------------


@pytest.fixture
def kind(db: None) -> ParameterType:
    return ParameterTypeFactory.create(name="brightness", data_type="int")


def ask(product: Product, kind: ParameterType, value: int) -> None:
    set_parameter(product_imei=product.pk, parameter_type=kind, value=value, by=STAFF)


def values(product: Product) -> list[tuple[str, str | None]]:
    return list(product.product_parameter.order_by("pk").values_list("value", "status"))


def test_a_value_that_was_overtaken_is_not_brought_back(
    unit: UnitSession, product: Product, kind: ParameterType, clock: Any
) -> None:
    ask(product, kind, 1)
    assert unit.wishes()["parameters"] == {"brightness": "1"}
    clock.shift(60)
    ask(product, kind, 2)
    for _repeat in range(2):
        unit.report(parameters={"brightness": 1})
        assert values(product) == [("1", "expired"), ("2", "pending")]
    assert unit.wishes()["parameters"] == {"brightness": "2"}


def test_a_report_made_before_a_value_was_asked_for_does_not_confirm_it(
    unit: UnitSession, product: Product, kind: ParameterType, clock: Any
) -> None:
    """The unit had 1, may have heard of 2, and shall have 1 again."""
    ask(product, kind, 1)
    unit.report(parameters={"brightness": 1})
    clock.shift(EARLIER)
    ask(product, kind, 2)
    unit.wishes()
    clock.shift(EARLIER)
    ask(product, kind, 1)
    unit.report(parameters={"brightness": 1}, time=ago(EARLIER))
    assert values(product) == [("1", "active"), ("2", "expired"), ("1", "pending")]
    for _repeat in range(2):
        unit.report(parameters={"brightness": 1})
        assert values(product) == [("1", "removed"), ("2", "expired"), ("1", "active")]


def test_a_clock_that_is_a_little_slow_confirms_all_the_same(
    unit: UnitSession, product: Product, kind: ParameterType
) -> None:
    ask(product, kind, 1)
    unit.report(parameters={"brightness": 1}, time=ago(dt.timedelta(minutes=4)))
    assert values(product) == [("1", "active")]


# --- parameters of parts -------------------------------------------------------------------------


@pytest.fixture
def battery(product: Product) -> Part:
    return PartProductLinkerFactory.create(product=product).part


def of_parts() -> list[tuple[str, str | None]]:
    return list(PartParameter.objects.order_by("pk").values_list("value", "status"))


def test_a_unit_hears_of_its_parts_parameters_and_confirms_them(
    unit: UnitSession, battery: Part, kind: ParameterType
) -> None:
    for value in (16, 17):
        set_part_parameter(part_id=battery.pk, parameter_type=kind, value=value, by=STAFF)
    assert unit.wishes()["parameters"] == {"brightness": "17"}
    unit.report(parameters={"brightness": 16})
    assert of_parts() == [("16", "expired"), ("17", "pending")]
    for _repeat in range(2):
        unit.report(parameters={"brightness": 17})
        assert of_parts() == [("16", "expired"), ("17", "active")]
    row = PartParameter.objects.latest("pk")
    assert (row.date_added, row.date_removed, row.modified_by) == (NOW, None, "unit")
    assert unit.wishes()["parameters"] == {}
    set_part_parameter(part_id=battery.pk, parameter_type=kind, value=18, by=STAFF)
    unit.report(parameters={"brightness": 18})
    assert of_parts()[1:] == [("17", "removed"), ("18", "active")]


def test_a_late_report_confirms_nothing_of_a_part(
    unit: UnitSession, battery: Part, kind: ParameterType, clock: Any
) -> None:
    clock.shift(EARLIER)
    set_part_parameter(part_id=battery.pk, parameter_type=kind, value=17, by=STAFF)
    unit.report(parameters={"brightness": 17}, time=ago(EARLIER))
    assert of_parts() == [("17", "pending")]


def test_parts_in_other_units_or_in_none_are_not_spoken_for(
    unit: UnitSession, product: Product, kind: ParameterType
) -> None:
    gone = PartProductLinkerFactory.create(product=product, date_removed=NOW).part
    elsewhere = PartProductLinkerFactory.create().part
    for part in (gone, elsewhere):
        PartParameterFactory.create(
            part=part, parameter_type=kind, value="17", status="pending", date_added=None
        )
    assert unit.wishes()["parameters"] == {}
    unit.report(parameters={"brightness": 17})
    assert of_parts() == [("17", "pending")] * 2


def test_of_one_name_the_units_own_value_is_told_first(
    unit: UnitSession, product: Product, battery: Part, kind: ParameterType
) -> None:
    set_part_parameter(part_id=battery.pk, parameter_type=kind, value=17, by=STAFF)
    ask(product, kind, 1)
    assert unit.wishes()["parameters"] == {"brightness": "1"}
    unit.report(parameters={"brightness": 1})
    assert unit.wishes()["parameters"] == {"brightness": "17"}
    unit.report(parameters={"brightness": 17})
    assert (values(product), of_parts()) == ([("1", "active")], [("17", "active")])


# --- software ------------------------------------------------------------------------------------


@pytest.fixture
def versions(product: Product) -> list[str]:
    names = ["4.0", "4.1"]
    for name in names:
        ProductTypeSoftwareVersionTypeLinkerFactory.create(
            product_type=product.product_type,
            software_version_type=SoftwareVersionTypeFactory.create(name=name),
        )
    return names


def update(product: Product, name: str) -> None:
    update_software(product_imei=product.pk, software=name, by=STAFF)


def software(product: Product) -> dict[str, str]:
    """What the unit runs and what it is asked to run."""
    rows = product.product_software_linker.filter(date_removed__isnull=True)
    found = {}
    for name, began in rows.values_list("software_version_type__name", "date_added"):
        assert ("runs" if began else "asked") not in found
        found["runs" if began else "asked"] = name
    return found


def test_a_version_that_was_loaded_after_all_leaves_the_newer_wish(
    unit: UnitSession, product: Product, versions: list[str]
) -> None:
    for name in versions:
        update(product, name)
    for _repeat in range(2):
        unit.report(software="4.0")
        assert software(product) == {"runs": "4.0", "asked": "4.1"}
    assert unit.wishes()["software"]["name"] == "4.1"
    unit.report(software="4.1")
    assert software(product) == {"runs": "4.1"}


def test_a_version_that_was_called_off_runs_where_the_unit_says_so(
    unit: UnitSession, product: Product, versions: list[str]
) -> None:
    update(product, "4.0")
    expire_software_updates(product_imei=product.pk, by=STAFF)
    unit.report(software="4.0")
    assert software(product) == {"runs": "4.0"}
    assert product.product_software_linker.count() == 3


def test_a_report_made_before_an_update_was_asked_for_does_not_confirm_it(
    unit: UnitSession, product: Product, versions: list[str], clock: Any
) -> None:
    """It ran 4.0 then; that it still does it has to say once more."""
    clock.shift(EARLIER)
    update(product, "4.0")
    unit.report(software="4.0", time=ago(EARLIER))
    assert software(product) == {"runs": "4.0", "asked": "4.0"}
    for _repeat in range(2):
        unit.report(software="4.0")
        assert software(product) == {"runs": "4.0"}
