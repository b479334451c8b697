"""The seven checks of a Home 2 before it leaves the stock: what passes, what does not, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from apps.factory.errors import NotAHome2
from apps.factory.models import Home2StockPreparationTracking
from apps.factory.services.stock_preparation import Preparation, prepare_home2
from apps.factory.stock_checks import TITLES, measured
from apps.products.errors import UnknownProduct
from apps.products.models import Product, ProductType, State
from tests.factories import (
    BatteryTestResultFactory,
    ConnectionFactory,
    EnableHistoryFactory,
    LatestSoftwareFactory,
    ProductFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
    TestJigTestResultFactory,
)
from tests.factory.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "clock")]

HOURS, DAYS = (lambda n: dt.timedelta(hours=n)), (lambda n: dt.timedelta(days=n))


def home2(stage: int | None = 2) -> Product:
    """A Home 2 in stock of which nothing else is known."""
    product = ProductFactory.create(product_type=ProductType.objects.get(pk=6))
    if stage:
        product.latest_state = State.objects.create(
            product=product, prev_state_type_id=1, current_state_type_id=stage
        )
        product.save()
    return product


def heard_of(product: Product, when: dt.datetime = NOON) -> None:
    product.latest_connection = ConnectionFactory.create(product=product, date=when)
    product.save()


def jig(product: Product, **more: Any) -> None:
    TestJigTestResultFactory.create(product=product, **{"created_at": NOON, **more})


def battery(product: Product, **more: Any) -> None:
    BatteryTestResultFactory.create(product=product, **{"created_at": NOON, **more})


@pytest.fixture
def good() -> Product:
    """A unit that is ready."""
    product = home2()
    heard_of(product)
    running = ProductSoftwareLinkerFactory.create(product=product).software_version_type
    LatestSoftwareFactory.create(product_type=product.product_type, software_version_type=running)
    jig(product, results={"temperature": {"value": "24", "pass": True}})
    battery(product)
    for state in ("pending_disabled", "disabled"):
        EnableHistoryFactory.create(product=product, current_enable_state=state)
    return product


def prepare(product: Product, by: str = "stock@example.com") -> Preparation:
    return prepare_home2(product_imei=product.pk, by=by)


def verdict(product: Product, column: str) -> bool:
    """Whether the unit passes that check; one that does not comes with something to do."""
    check = next(c for c in prepare(product).checks if c.column == column)
    assert check.found
    assert bool(check.advice) is not check.passed
    return check.passed


def test_a_unit_that_passes_all_is_ready(good: Product) -> None:
    done = prepare(good)
    assert done.is_ready
    row = Home2StockPreparationTracking.objects.get()
    assert (row.product, row.serial_number) == (good, good.serial_number)
    assert (row.created_by, row.created_at) == ("stock@example.com", NOON)
    assert {column: getattr(row, column) for column in TITLES} == {
        "activated": True,
        "software_updated": True,
        "temperature_check": True,
        "battery_charged": True,
        "recent_data": True,
        "online_disable": True,
        "contact_support": False,
    }


def test_a_unit_of_which_nothing_is_known_passes_nothing() -> None:
    done = prepare(home2(stage=None))
    assert not done.is_ready
    assert [check.column for check in done.checks] == list(TITLES)
    assert not any(check.passed for check in done.checks)
    row = Home2StockPreparationTracking.objects.get()
    assert row.contact_support
    assert not any(getattr(row, column) for column in TITLES if column != "contact_support")


@pytest.mark.parametrize("column", TITLES)
def test_one_check_that_fails_keeps_the_unit(good: Product, column: str) -> None:
    break_one = {
        "activated": lambda: Product.objects.update(latest_connection=None),
        "software_updated": lambda: good.product_software_linker.update(date_removed=NOON),
        "temperature_check": lambda: jig(good, results={"temperature": {"pass": False}}),
        "battery_charged": lambda: battery(good, result="fail"),
        "recent_data": lambda: heard_of(good, NOON - HOURS(25)),
        "online_disable": lambda: EnableHistoryFactory.create(
            product=good, current_enable_state="pending_enabled"
        ),
        "contact_support": lambda: State.objects.update(current_state_type_id=5),
    }
    break_one[column]()
    done = prepare(good)
    assert not done.is_ready
    assert column in {check.column for check in done.checks if not check.passed}


# --- software -------------------------------------------------------------------------------------


def test_the_latest_software_is_wanted(good: Product) -> None:
    good.product_type.latest_software.update(
        software_version_type=SoftwareVersionTypeFactory.create()
    )
    assert not verdict(good, "software_updated")


def test_the_software_a_unit_is_locked_to_is_wanted_instead(good: Product) -> None:
    running = good.product_software_linker.get().software_version_type
    good.product_type.latest_software.update(
        software_version_type=SoftwareVersionTypeFactory.create()
    )
    Product.objects.update(software_lock=running)
    assert verdict(good, "software_updated")
    Product.objects.update(software_lock=SoftwareVersionTypeFactory.create())
    assert not verdict(good, "software_updated")


def test_where_no_software_is_wanted_any_will_do(good: Product) -> None:
    good.product_type.latest_software.update(date_removed=NOON)
    assert verdict(good, "software_updated")


def test_an_update_that_was_only_asked_for_is_not_running(good: Product) -> None:
    good.product_software_linker.update(date_added=None)
    assert not verdict(good, "software_updated")


# --- the test jig and the battery -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("passed", "results", "expected"),
    [
        (True, {"temperature": {"value": "24", "pass": True}}, True),
        (True, {"temperature": {"value": "24", "pass": False}}, False),
        (False, {"temp_sensor": {"pass": True}, "output_12v": {"pass": False}}, True),
        (True, {"temp_1": {"pass": True}, "temp_2": {"pass": False}}, False),
        (True, {"output_12v": {"pass": False}}, True),
        (False, {}, False),
        (True, None, True),
        (True, {"temperature": 24}, True),
    ],
)
def test_the_jig_judges_the_temperature_sensor(passed: bool, results: Any, expected: bool) -> None:
    product = home2()
    jig(product, passed=passed, results=results)
    assert verdict(product, "temperature_check") is expected


def test_the_newest_run_counts(good: Product) -> None:
    jig(good, passed=False, results={}, created_at=NOON - DAYS(1))
    assert verdict(good, "temperature_check")
    jig(good, passed=False, results={})
    assert not verdict(good, "temperature_check")


@pytest.mark.parametrize(
    ("result", "problem", "age", "expected"),
    [
        ("pass", None, 0, True),
        ("Passed", None, 90, True),
        ("pass", None, 91, False),
        ("fail", None, 0, False),
        ("pass", "low_capacity", 0, False),
        ("", None, 0, False),
    ],
)
def test_the_battery_passed_its_test_not_long_ago(result, problem, age, expected) -> None:
    product = home2()
    battery(product, result=result, problem=problem, created_at=NOON - DAYS(age))
    assert verdict(product, "battery_charged") is expected


def test_without_a_test_of_its_own_the_jig_judges_the_battery() -> None:
    product = home2()
    jig(product, results={"battery_voltage": {"value": "6.6", "pass": True}})
    assert verdict(product, "battery_charged")
    battery(product, result="fail")
    assert not verdict(product, "battery_charged")


def test_tests_of_other_units_do_not_count(good: Product) -> None:
    other = home2()
    assert not verdict(other, "battery_charged")
    assert not verdict(other, "temperature_check")


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (None, None),
        ([], None),
        ("text", None),
        ({"battery": {"pass": "yes"}}, None),
        ({"battery": {}}, None),
        ({"Battery": {"pass": True}}, True),
        ({"battery": {"pass": True}, "battery_fuse": {"pass": False}}, False),
    ],
)
def test_results_of_any_shape_are_read(results: Any, expected: bool | None) -> None:
    assert measured(results, "batt") is expected


# --- contact, switch, support ---------------------------------------------------------------------


@pytest.mark.parametrize(("age", "expected"), [(0, True), (24, True), (24.1, False), (900, False)])
def test_data_is_recent_for_a_day(age: float, expected: bool) -> None:
    product = home2()
    heard_of(product, NOON - HOURS(age))
    assert verdict(product, "recent_data") is expected
    assert verdict(product, "activated")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], False),
        (["pending_disabled"], False),
        (["pending_disabled", "disabled"], True),
        (["pending_enabled", "enabled"], False),
        (["pending_disabled", "disabled", "pending_enabled"], False),
    ],
)
def test_a_unit_leaves_switched_off_from_here(states: list[str], expected: bool) -> None:
    product = home2()
    for state in states:
        EnableHistoryFactory.create(product=product, current_enable_state=state)
    assert verdict(product, "online_disable") is expected


@pytest.mark.parametrize(("stage", "expected"), [(2, True), (3, True), (5, False), (None, False)])
def test_support_is_asked_about_units_that_are_not_in_stock(stage, expected) -> None:
    product = home2(stage)
    assert verdict(product, "contact_support") is expected
    assert Home2StockPreparationTracking.objects.get().contact_support is not expected


def test_support_is_asked_about_units_that_fail_the_jig() -> None:
    product = home2()
    jig(product, passed=False)
    assert not verdict(product, "contact_support")


# --- recording ------------------------------------------------------------------------------------


def test_a_check_sent_twice_is_recorded_once(good: Product, clock: Any) -> None:
    first = prepare(good)
    clock.shift(30)
    assert prepare(good).row == first.row
    assert Home2StockPreparationTracking.objects.count() == 1


def test_a_later_check_is_another(good: Product, clock: Any) -> None:
    prepare(good)
    clock.shift(61)
    prepare(good)
    assert Home2StockPreparationTracking.objects.count() == 2


def test_the_check_of_somebody_else_is_another(good: Product) -> None:
    prepare(good)
    prepare(good, by="other@example.com")
    assert Home2StockPreparationTracking.objects.count() == 2


def test_a_check_that_finds_something_else_is_another(good: Product) -> None:
    prepare(good)
    battery(good, result="fail")
    prepare(good)
    rows = Home2StockPreparationTracking.objects.order_by("pk")
    assert [row.battery_charged for row in rows] == [True, False]


def test_units_of_other_types_are_refused() -> None:
    product = ProductFactory.create(product_type=ProductType.objects.get(pk=7))
    with pytest.raises(NotAHome2, match="Hub 2"):
        prepare(product)
    assert not Home2StockPreparationTracking.objects.exists()


def test_a_unit_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownProduct):
        prepare_home2(product_imei="000000000000000", by="x")
