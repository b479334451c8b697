"""Setting a parameter on a unit: what is taken, and what becomes of what was set before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.core.errors import Invalid
from apps.core.writes import Writes
from apps.products.errors import UnknownProduct
from apps.products.models import ParameterType, Product, ProductParameter
from apps.products.services.parameters import confirm_parameters
from apps.products.services.settings import set_parameter
from tests.factories import ParameterTypeFactory, ProductFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STAFF = "staff@example.com"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def product() -> Product:
    return ProductFactory.create()


def ask(product: Product, kind: ParameterType, value: Any) -> ProductParameter:
    return set_parameter(product_imei=product.pk, parameter_type=kind, value=value, by=STAFF)


def confirm(product: Product, kind: ParameterType, value: str) -> None:
    writes = Writes()
    confirm_parameters(
        product_imei=product.pk,
        reported={kind.name: value},
        made_at=NOW,
        now=NOW,
        by="unit",
        writes=writes,
    )
    writes.send()


def rows(product: Product) -> list[tuple[str, str | None, Any, Any]]:
    found = ProductParameter.objects.filter(product=product).order_by("pk")
    return list(found.values_list("value", "status", "date_added", "date_removed"))


def test_a_value_waits_for_the_unit(product: Product) -> None:
    kind = ParameterTypeFactory.create()
    row = ask(product, kind, "a")
    assert ask(product, kind, "a") == row
    assert row.created_by == STAFF
    assert rows(product) == [("a", "pending", None, None)]
    confirm(product, kind, "a")
    assert ask(product, kind, "a") == row
    assert rows(product) == [("a", "active", NOW, None)]


def test_a_value_that_waits_is_overtaken(product: Product) -> None:
    kind = ParameterTypeFactory.create()
    for value in ("a", "b"):
        ask(product, kind, value)
    assert rows(product) == [("a", "expired", NOW, NOW), ("b", "pending", None, None)]
    confirm(product, kind, "b")
    ask(product, kind, "c")
    confirm(product, kind, "c")
    assert rows(product)[1:] == [("b", "removed", NOW, NOW), ("c", "active", NOW, None)]


def test_asking_back_before_the_unit_heard_waits_for_it_again(product: Product) -> None:
    """It may have heard of the value in between."""
    kind = ParameterTypeFactory.create()
    ask(product, kind, "a")
    confirm(product, kind, "a")
    ask(product, kind, "b")
    ask(product, kind, "a")
    assert [row[:2] for row in rows(product)] == [
        ("a", "active"),
        ("b", "expired"),
        ("a", "pending"),
    ]


def test_a_value_that_no_unit_hears_of_is_active_at_once(product: Product, clock: Any) -> None:
    kind = ParameterTypeFactory.create(setting=False)
    ask(product, kind, "a")
    ask(product, kind, "a")
    clock.shift(60)
    later = NOW + dt.timedelta(minutes=1)
    ask(product, kind, "b")
    assert rows(product) == [("a", "removed", NOW, later), ("b", "active", later, None)]


def test_values_of_a_repeatable_type_stand_beside_each_other(product: Product) -> None:
    kind = ParameterTypeFactory.create(repeatable=True)
    for value in ("a", "b", "a"):
        ask(product, kind, value)
    assert rows(product) == [("a", "pending", None, None), ("b", "pending", None, None)]


def test_other_types_and_other_units_stay(product: Product) -> None:
    kind = ParameterTypeFactory.create()
    other = ProductFactory.create()
    ask(product, ParameterTypeFactory.create(), "x")
    ask(other, kind, "y")
    ask(product, kind, "a")
    assert {row[1] for row in rows(product) + rows(other)} == {"pending"}


def test_a_type_the_unit_does_not_have_is_refused(product: Product) -> None:
    kind, allowed = ParameterTypeFactory.create(), ParameterTypeFactory.create()
    product.product_type.parameter_types = [allowed.pk]
    product.product_type.save()
    with pytest.raises(Invalid) as caught:
        ask(product, kind, "a")
    assert "parameter_type_id" in (caught.value.errors or {})
    ask(product, allowed, "a")
    assert len(rows(product)) == 1


def test_a_unit_that_does_not_exist_takes_no_value() -> None:
    with pytest.raises(UnknownProduct):
        set_parameter(
            product_imei="999999999999999",
            parameter_type=ParameterTypeFactory.create(),
            value="a",
            by=STAFF,
        )


@pytest.mark.parametrize(
    ("kind", "rules", "value", "text"),
    [
        ("bool", None, True, "True"),
        ("bool", None, "false", "False"),
        ("int", None, 12, "12"),
        ("int", None, "12", "12"),
        ("int", {"min": 3, "max": 7}, 7, "7"),
        ("int", {"min": 1, "step": 2}, 5, "5"),
        ("int", {"options": [1, 2]}, "2", "2"),
        ("float", None, 12.50, "12.5"),
        ("float", None, "80.0", "80"),
        ("float", {"min": 3.5, "max": 7.5}, "3.5", "3.5"),
        ("float", {"step": 0.1}, 0.3, "0.3"),
        ("string", {"minlength": 1, "maxlength": 3}, "été", "été"),
        ("string", {"options": ["low", "high"]}, "low", "low"),
        ("string", None, "<b>'; DROP TABLE", "<b>'; DROP TABLE"),
        ("datetime", None, "2018-03-30", "2018-03-30"),
        ("datetime", None, "12:30:00", "12:30:00"),
        ("datetime", None, "2018-03-30T12:30:00Z", "2018-03-30T12:30:00Z"),
    ],
)
def test_a_value_of_the_type_is_kept_as_text(
    product: Product, kind: str, rules: Any, value: Any, text: str
) -> None:
    parameter_type = ParameterTypeFactory.create(data_type=kind, validation_rules=rules)
    assert ask(product, parameter_type, value).value == text


@pytest.mark.parametrize(
    ("kind", "rules", "value"),
    [
        ("bool", None, "yes"),
        ("bool", None, 1),
        ("int", None, 1.5),
        ("int", None, True),
        ("int", None, "1_000"),
        ("int", None, "１２"),
        ("int", None, "9" * 5_000),
        ("int", {"min": 3}, 2),
        ("int", {"max": 7}, "8"),
        ("int", {"min": 1, "step": 2}, 4),
        ("int", {"options": [1, 2]}, 3),
        ("float", None, "NaN"),
        ("float", None, float("inf")),
        ("float", None, "half"),
        ("float", None, [1]),
        ("float", None, None),
        ("string", None, 5),
        ("string", None, "x" * 256),
        ("string", None, "a\x00b"),
        ("string", {"minlength": 2}, "a"),
        ("string", {"maxlength": 2}, "abc"),
        ("string", {"options": ["low"]}, "LOW"),
        ("datetime", None, "2018-02-30"),
        ("datetime", None, "soon"),
        ("datetime", None, 5),
    ],
)
def test_any_other_value_is_refused(product: Product, kind: str, rules: Any, value: Any) -> None:
    parameter_type = ParameterTypeFactory.create(data_type=kind, validation_rules=rules)
    with pytest.raises(Invalid) as caught:
        ask(product, parameter_type, value)
    assert parameter_type.name in (caught.value.errors or {})["value"]
    assert rows(product) == []
