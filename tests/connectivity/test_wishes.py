"""What a unit is told to do: whatever is pending, in order, until it confirms."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest

from apps.products.models import ParameterStatus, Product, ProductParameter, SoftwareVersionType
from tests.connectivity.conftest import NOW
from tests.connectivity.units import UnitSession
from tests.factories import (
    ParameterTypeFactory,
    PaymentCommandFactory,
    ProductParameterFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
)

pytestmark = pytest.mark.django_db


def pending(product: Product, name: str, value: str, **kind: Any) -> ProductParameter:
    """A value of a new parameter type that waits for the unit."""
    return ProductParameterFactory.create(
        product=product,
        parameter_type=ParameterTypeFactory.create(name=name, **kind),
        value=value,
        status=ParameterStatus.PENDING,
        date_added=None,
    )


def update(product: Product, name: str) -> Any:
    """An update to a new version that waits for the unit."""
    version = SoftwareVersionTypeFactory.create(
        name=name, link="https://x/4.0", checksum="0badf00d"
    )
    return ProductSoftwareLinkerFactory.create(
        product=product, software_version_type=version, date_added=None, update_attempts=None
    )


def test_a_unit_that_is_as_it_should_be_hears_no_wishes(unit: UnitSession) -> None:
    answer = unit.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "message": "Pending changes",
        "data": {
            "enable": False,
            "tamper_switch": False,
            "capacity_limit": None,
            "software": None,
            "parameters": {},
            "payment_commands": [],
        },
    }


def test_the_capacity_limit_is_told(unit: UnitSession, product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(capacity_limit="17Ah")
    assert unit.wishes()["capacity_limit"] == "17Ah"


# --- software ----------------------------------------------------------------------------------


def software_of(product: Product) -> list[tuple[str, dt.datetime | None, dt.datetime | None]]:
    rows = product.product_software_linker.order_by("pk")
    return list(rows.values_list("software_version_type__name", "date_added", "date_removed"))


def test_an_update_is_offered_until_the_unit_runs_it(unit: UnitSession, product: Product) -> None:
    row = update(product, "4.0")
    expected = {"name": "4.0", "link": "https://x/4.0", "checksum": "0badf00d"}
    assert unit.wishes()["software"] == expected
    unit.report(software="3.6a")
    assert unit.wishes()["software"] == expected
    unit.report(software="4.0")
    unit.report(software="4.0")
    assert unit.wishes()["software"] is None
    (_old, began, ended), new = software_of(product)
    assert began is not None
    assert ended == NOW
    assert new == ("4.0", NOW, None)
    row.refresh_from_db()
    assert row.update_attempts == 2
    assert row.modified_by == "unit"


def test_what_the_unit_runs_is_current_whoever_put_it_there(
    unit: UnitSession, product: Product
) -> None:
    """A wish for another version stands."""
    update(product, "4.0")
    SoftwareVersionTypeFactory.create(name="3.7")
    unit.report(software="3.7")
    unit.report(software="3.7")
    assert [(name, removed) for name, _added, removed in software_of(product)] == [
        ("3.6a", NOW),
        ("4.0", None),
        ("3.7", None),
    ]
    assert unit.wishes()["software"]["name"] == "4.0"


def test_the_first_software_of_a_unit(unit: UnitSession, product: Product) -> None:
    product.product_software_linker.all().delete()
    unit.report(software="3.6a")
    assert software_of(product) == [("3.6a", NOW, None)]


def test_unknown_software_is_logged_and_changes_nothing(
    unit: UnitSession, product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    before = software_of(product)
    with caplog.at_level(logging.WARNING, "apps.products"):
        unit.report(software="9.9-homebrew")
    assert software_of(product) == before
    assert not SoftwareVersionType.objects.filter(name="9.9-homebrew").exists()
    assert "9.9-homebrew" in caplog.text


def test_an_expired_update_is_not_offered(unit: UnitSession, product: Product) -> None:
    row = update(product, "4.0")
    row.date_added = row.date_removed = NOW
    row.save()
    assert unit.wishes()["software"] is None


def test_of_several_updates_the_newest_is_offered(unit: UnitSession, product: Product) -> None:
    update(product, "4.0")
    update(product, "4.1")
    assert unit.wishes()["software"]["name"] == "4.1"


def test_a_row_dated_in_the_future_does_not_stop_a_unit(
    unit: UnitSession, product: Product
) -> None:
    product.product_software_linker.update(date_added=NOW + dt.timedelta(days=9))
    update(product, "4.0")
    unit.report(software="4.0")
    assert software_of(product)[1] == ("4.0", NOW, None)


def test_a_late_report_does_not_bring_old_software_back(
    unit: UnitSession, product: Product
) -> None:
    update(product, "4.0")
    unit.report(software="4.0")
    unit.report(software="3.6a", time=(NOW - dt.timedelta(minutes=1)).isoformat())
    assert [removed for _name, _added, removed in software_of(product)] == [NOW, None]


# --- parameters --------------------------------------------------------------------------------


def test_a_parameter_is_pending_until_the_unit_has_it(unit: UnitSession, product: Product) -> None:
    new = pending(product, "brightness", "8")
    old = ProductParameterFactory.create(
        product=product, parameter_type=new.parameter_type, value="5"
    )
    assert unit.wishes()["parameters"] == {"brightness": "8"}
    unit.report(parameters={"brightness": "5"})
    new.refresh_from_db()
    assert new.status == "pending"
    unit.report(parameters={"brightness": "8"})
    unit.report(parameters={"brightness": "8"})
    assert unit.wishes()["parameters"] == {}
    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.status, new.date_added, new.date_removed) == ("active", NOW, None)
    assert (old.status, old.date_removed) == ("removed", NOW)
    assert (new.modified_by, old.modified_by) == ("unit", "unit")


@pytest.mark.parametrize(
    ("kind", "text", "reported", "same"),
    [
        ("int", "12", 12, True),
        ("int", "12", "12", True),
        ("int", "12", 12.0, True),
        ("int", "12", 13, False),
        ("int", "1", True, False),
        ("float", "0.50", 0.5, True),
        ("float", "0.50", "0.5", True),
        ("float", "0.50", "half", False),
        ("bool", "True", True, True),
        ("bool", "true", 1, True),
        ("bool", "0", False, True),
        ("bool", "true", False, False),
        ("string", "abc", "abc", True),
        ("string", "abc", "ABC", False),
        ("string", "12", 12, False),
        ("datetime", "2026-01-01T00:00:00", "2026-01-01T00:00:00", True),
    ],
)
def test_a_value_may_be_reported_as_text_or_as_what_it_stands_for(
    unit: UnitSession, product: Product, kind: str, text: str, reported: Any, same: bool
) -> None:
    row = pending(product, "p", text, data_type=kind)
    unit.report(parameters={"p": reported})
    row.refresh_from_db()
    assert row.status == ("active" if same else "pending")


def test_values_of_other_units_and_other_types_stay(unit: UnitSession, product: Product) -> None:
    elsewhere = pending(ProductParameterFactory.create().product, "brightness", "8")
    mine = ProductParameterFactory.create(product=product)
    unit.report(parameters={"brightness": "8", mine.parameter_type.name: "6"})
    elsewhere.refresh_from_db()
    mine.refresh_from_db()
    assert (elsewhere.status, mine.status, mine.value) == ("pending", "active", "5")


def test_values_of_a_repeatable_type_are_told_one_after_the_other(
    unit: UnitSession, product: Product
) -> None:
    first = pending(product, "schedule", "06:00", repeatable=True)
    second = ProductParameterFactory.create(
        product=product, parameter_type=first.parameter_type, value="18:00", status="pending"
    )
    for expected in ("06:00", "18:00"):
        assert unit.wishes()["parameters"] == {"schedule": expected}
        unit.report(parameters={"schedule": expected})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("active", "active")


def test_a_late_report_confirms_no_parameter(unit: UnitSession, product: Product) -> None:
    row = pending(product, "brightness", "8")
    unit.report()
    late = (NOW - dt.timedelta(minutes=1)).isoformat()
    unit.report(parameters={"brightness": "8"}, time=late)
    row.refresh_from_db()
    assert row.status == "pending"


# --- credit ------------------------------------------------------------------------------------


def test_outstanding_commands_are_told_in_the_order_they_were_asked_for(
    unit: UnitSession, product: Product
) -> None:
    for n, (category, value) in enumerate(
        [("payment", 100), ("bad-payment", -30), ("zero-command", 0)]
    ):
        PaymentCommandFactory.create(
            product=product,
            category=category,
            value=value,
            transaction_id=f"tx-{9 - n}",
        )
    PaymentCommandFactory.create(product=product, void=True, transaction_id="void")
    PaymentCommandFactory.create(product=product, status="acknowledged", transaction_id="done")
    PaymentCommandFactory.create(transaction_id="of another unit")
    assert unit.wishes()["payment_commands"] == [
        {"transaction_id": "tx-9", "category": "payment", "value": 100},
        {"transaction_id": "tx-8", "category": "bad-payment", "value": -30},
        {"transaction_id": "tx-7", "category": "zero-command", "value": 0},
    ]
