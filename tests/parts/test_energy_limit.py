"""PUT /products/<imei>/suggest_energy_limit: as near to what is asked as the bounds allow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.core.catalogue import reset_sequences
from apps.products.lifecycle import LifeStage
from apps.products.models import Product, ProductParameter, StateType
from tests.factories import (
    DefaultEnergyLimitFactory,
    ParameterTypeFactory,
    PartFactory,
    PartProductLinkerFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductParameterFactory,
    StateFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture(autouse=True)
def types(db: None) -> dict[str, Any]:
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)
    reset_sequences(StateType)
    found = {
        name: ParameterTypeFactory.create(name=name, data_type="float", setting=False)
        for name in ("energy_limit_cap", "total_accessory_energy")
    }
    rules = {"min": 0, "max": 2000}
    found["energy_limit"] = ParameterTypeFactory.create(
        name="energy_limit", data_type="float", validation_rules=rules
    )
    return found


@pytest.fixture
def product(entity: Any) -> Product:
    """An ACTIVATED unit of `entity`, with a battery that gives 20 to 160 Wh."""
    product = ProductFactory.create()
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    enter(product, LifeStage.ACTIVATED)
    battery = PartFactory.create()
    PartProductLinkerFactory.create(product=product, part=battery)
    DefaultEnergyLimitFactory.create(battery_type=battery.part_type, state_type_id=5)
    DefaultEnergyLimitFactory.create(
        battery_type=battery.part_type, state_type_id=8, max_energy_limit=170.0
    )
    return product


def enter(product: Product, stage: int) -> None:
    product.latest_state = StateFactory.create(
        product=product,
        prev_state_type=StateType.objects.get(pk=1),
        current_state_type=StateType.objects.get(pk=stage),
    )
    product.save()


def suggest(api: Any, product: Product, limit: Any, persona: str = "technician") -> Any:
    where = f"/v1/products/{product.pk}/suggest_energy_limit"
    return api.as_(persona).put(where, {"energy_limit": limit})


def limits(product: Product) -> list[tuple[str, str | None]]:
    rows = ProductParameter.objects.filter(product=product, parameter_type__name="energy_limit")
    return list(rows.order_by("pk").values_list("value", "status"))


@pytest.mark.parametrize(
    ("asked", "requested", "applied"),
    [
        ("100", 100, 100),
        (99.5, 99.5, 99.5),
        ("160", 160, 160),
        ("161", 161, 160),
        ("5", 5, 20),
        ("0", 0, 20),
    ],
)
def test_a_limit_is_cut_to_what_the_battery_gives(
    api: Any, product: Product, asked: Any, requested: float, applied: float
) -> None:
    answer = suggest(api, product, asked)
    assert answer.status_code == 200
    assert answer.json()["status"] == "success"
    assert answer.json()["data"] == {
        "requested": requested,
        "applied": applied,
        "max_energy_limit": 160,
        "min_energy_limit": 20,
        "bounded": requested != applied,
    }
    assert ("truncated" in answer.json()["message"]) is (requested != applied)
    assert limits(product) == [(f"{applied:g}", "pending")]


def test_the_cap_of_the_unit_has_the_last_word(
    api: Any, product: Product, types: dict[str, Any]
) -> None:
    ProductParameterFactory.create(
        product=product, parameter_type=types["energy_limit_cap"], value="90"
    )
    data = suggest(api, product, "100").json()["data"]
    assert (data["applied"], data["max_energy_limit"], data["bounded"]) == (90, 90, True)
    ProductParameterFactory.create(
        product=product, parameter_type=types["energy_limit_cap"], value="10"
    )
    data = suggest(api, product, "100").json()["data"]
    assert (data["applied"], data["max_energy_limit"], data["min_energy_limit"]) == (10, 10, 10)


def test_a_limit_of_the_owner_goes_before_the_one_for_all(
    api: Any, product: Product, entity: Any, other_entity: Any
) -> None:
    link = product.part_product_linker.get()
    for owner, most in ((entity, 120.0), (other_entity, 90.0)):
        DefaultEnergyLimitFactory.create(
            battery_type=link.part.part_type,
            state_type_id=5,
            entity=owner,
            max_energy_limit=most,
        )
    assert suggest(api, product, "150").json()["data"]["applied"] == 120


def test_a_battery_that_was_taken_out_bounds_nothing(api: Any, product: Product) -> None:
    product.part_product_linker.update(date_removed=NOW)
    assert suggest(api, product, "500").json()["data"] == {
        "requested": 500,
        "applied": 500,
        "max_energy_limit": None,
        "min_energy_limit": None,
        "bounded": False,
    }


def test_asking_again_writes_no_second_row(api: Any, product: Product) -> None:
    for _repeat in range(2):
        assert suggest(api, product, "100").status_code == 200
    assert limits(product) == [("100", "pending")]
    suggest(api, product, "110")
    assert limits(product) == [("100", "expired"), ("110", "pending")]


@pytest.mark.parametrize("stage", LifeStage)
def test_only_a_unit_in_use_or_on_the_bench_takes_a_limit(
    api: Any, product: Product, stage: LifeStage
) -> None:
    enter(product, stage)
    answer = suggest(api, product, "100")
    if stage.name in ("ACTIVATED", "MONITORED", "IN_REPAIR_SYSTEM"):
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert "MONITORED" in answer.json()["message"]
        assert limits(product) == []


def test_appliances_sold_with_the_unit_fix_its_limit(
    api: Any, product: Product, types: dict[str, Any]
) -> None:
    ProductParameterFactory.create(
        product=product, parameter_type=types["total_accessory_energy"], value="60"
    )
    answer = suggest(api, product, "100")
    assert answer.status_code == 400
    assert "total_accessory_energy" in answer.json()["message"]
    assert limits(product) == []


@pytest.mark.parametrize(
    "limit", [None, "", "much", "-1", -1, True, [100], {"Wh": 100}, "NaN", "1e400", "１００"]
)
def test_what_is_no_energy_is_refused(api: Any, product: Product, limit: Any) -> None:
    answer = suggest(api, product, limit)
    assert answer.status_code == 400
    assert "energy_limit" in answer.json()["validation_errors"]
    assert limits(product) == []


def test_a_limit_the_parameter_does_not_take_is_refused(api: Any, product: Product) -> None:
    product.part_product_linker.update(date_removed=NOW)
    answer = suggest(api, product, "2001")
    assert answer.status_code == 400
    assert "2000" in answer.json()["validation_errors"]["energy_limit"]
    assert limits(product) == []


def test_overview_may_not_suggest(api: Any, product: Product) -> None:
    assert suggest(api, product, "100", "overview").status_code == 403
    assert limits(product) == []


def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product) -> None:
    outside = suggest(api, product, "100", "outsider")
    absent = api.as_("outsider").put(
        "/v1/products/999999999999999/suggest_energy_limit", {"energy_limit": "100"}
    )
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert limits(product) == []
    assert suggest(api, product, "100", "insider").status_code == 200
