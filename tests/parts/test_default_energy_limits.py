"""The energy limit that follows from a unit's stage of life, its battery and its owner."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
import time_machine

from apps.core.catalogue import reset_sequences
from apps.parts.models import DefaultEnergyLimit, PartParameter, PartType
from apps.products.lifecycle import LifeStage
from apps.products.models import ParameterType, Product, ProductParameter, StateType
from apps.products.services.lifecycle import change_state
from tests.factories import (
    DefaultEnergyLimitFactory,
    ParameterTypeFactory,
    PartParameterFactory,
    PartProductLinkerFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductParameterFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STAFF = "staff@example.com"
S = LifeStage


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture(autouse=True)
def kind(db: None) -> ParameterType:
    """The stages, and the type of the limit."""
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)
    reset_sequences(StateType)
    return ParameterTypeFactory.create(
        name="energy_limit", data_type="float", validation_rules={"min": 0, "max": 2000}
    )


@pytest.fixture
def product(entity: Any) -> Product:
    """A new unit of `entity`, with a battery."""
    product = ProductFactory.create()
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    PartProductLinkerFactory.create(product=product)
    return product


@pytest.fixture
def battery(product: Product) -> PartType:
    """Gives 40 Wh in stock, 80 Wh on the way, and 160 Wh on the bench."""
    battery = product.part_product_linker.get().part.part_type
    for stage, limit in ((S.STORED, 40.0), (S.SHIPPED, 80.0), (S.IN_REPAIR_SYSTEM, 160.0)):
        DefaultEnergyLimitFactory.create(
            battery_type=battery, state_type_id=stage, energy_limit=limit
        )
    return battery


def move(product: Product, *stages: LifeStage) -> None:
    for stage in stages:
        change_state(product_imei=product.pk, new_state=stage, by=STAFF)


def limits(product: Product) -> list[tuple[str, str | None]]:
    rows = ProductParameter.objects.filter(product=product, parameter_type__name="energy_limit")
    return list(rows.order_by("pk").values_list("value", "status"))


def test_each_stage_brings_its_limit(product: Product, battery: PartType) -> None:
    move(product, S.STORED)
    assert limits(product) == [("40", "pending")]
    assert ProductParameter.objects.get().created_by == STAFF
    move(product, S.SHIPPED)
    assert limits(product) == [("40", "expired"), ("80", "pending")]


def test_a_stage_without_a_limit_of_its_own_changes_none(
    product: Product, battery: PartType
) -> None:
    move(product, S.STORED, S.SHIPPED, S.ACTIVATED)
    assert limits(product) == [("40", "expired"), ("80", "pending")]


def test_the_row_of_an_owner_goes_before_the_one_for_all(
    product: Product, battery: PartType, entity: Any, other_entity: Any
) -> None:
    for owner, limit in ((other_entity, 30.0), (entity, 50.0)):
        DefaultEnergyLimitFactory.create(
            battery_type=battery, state_type_id=S.STORED, entity=owner, energy_limit=limit
        )
    move(product, S.STORED)
    assert limits(product) == [("50", "pending")]


def test_a_battery_that_was_taken_out_counts_no_more(product: Product, battery: PartType) -> None:
    product.part_product_linker.update(date_removed=NOW)
    move(product, S.STORED)
    assert limits(product) == []


def test_the_cap_of_the_unit_bounds_the_default(product: Product, battery: PartType) -> None:
    cap = ParameterTypeFactory.create(name="energy_limit_cap", data_type="float", setting=False)
    ProductParameterFactory.create(product=product, parameter_type=cap, value="25.5")
    move(product, S.STORED)
    assert limits(product) == [("25.5", "pending")]


def test_appliances_that_fix_the_limit_keep_it(product: Product, battery: PartType) -> None:
    fixed = ParameterTypeFactory.create(name="total_accessory_energy", data_type="float")
    ProductParameterFactory.create(product=product, parameter_type=fixed, value="60")
    move(product, S.STORED)
    assert limits(product) == []


def test_units_of_a_type_without_energy_limits_are_asked_for_none(
    product: Product, battery: PartType, kind: ParameterType
) -> None:
    product.product_type.parameter_types = [kind.pk + 1]
    product.product_type.save()
    move(product, S.STORED)
    assert limits(product) == []


def test_a_default_that_no_unit_takes_holds_no_move_up(
    product: Product, battery: PartType, caplog: pytest.LogCaptureFixture
) -> None:
    DefaultEnergyLimit.objects.update(energy_limit=5000, max_energy_limit=5000)
    with caplog.at_level(logging.WARNING):
        move(product, S.STORED)
    assert limits(product) == []
    assert "default energy limit" in caplog.text


def test_a_terminated_unit_is_asked_for_nothing(product: Product, battery: PartType) -> None:
    DefaultEnergyLimitFactory.create(battery_type=battery, state_type_id=S.TERMINATED)
    of_part = PartParameterFactory.create(
        part=product.part_product_linker.get().part, status="pending", date_added=None
    )
    elsewhere = PartParameterFactory.create(status="pending", date_added=None)
    move(product, S.STORED, S.TERMINATED)
    assert limits(product) == [("40", "expired")]
    found = dict(PartParameter.objects.values_list("pk", "status"))
    assert found == {of_part.pk: "expired", elsewhere.pk: "pending"}
