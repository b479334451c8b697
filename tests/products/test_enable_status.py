"""GET /current_enable_status: what a sales system compares with its own records."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.authentication import session_caller
from apps.core import sweeps
from apps.core.page_marks import PageMark, purge_marks, remember
from apps.products.models import EnableState, ParameterStatus, Product
from tests.factories import (
    EnableHistoryFactory,
    EntityFactory,
    ParameterTypeFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductParameterFactory,
    ProductTypeFactory,
    StateFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db

PATH = "/v1/current_enable_status"
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


def rows(api: Any, persona: str = "factory", **params: Any) -> list[dict[str, Any]]:
    answer = api.as_(persona).get(PATH, params)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def imeis(api: Any, persona: str = "factory", **params: Any) -> list[str]:
    return [row["product_imei"] for row in rows(api, persona, **params)]


@pytest.fixture
def fleet(db: None) -> list[str]:
    """The IMEIs of seven units, in order."""
    kind = ProductTypeFactory.create()
    return sorted(unit.pk for unit in ProductFactory.create_batch(7, product_type=kind))


def test_a_unit_is_told_with_its_newest_change_stage_type_and_owner(api: Any, entity: Any) -> None:
    product = ProductFactory.create(dcm_enabled_flag=True)
    product.latest_enable_history = EnableHistoryFactory.create(
        product=product,
        prev_enable_state=EnableState.DISABLED,
        current_enable_state=EnableState.PENDING_ENABLED,
        user="shop@example.com",
        date=dt.datetime(2026, 2, 3, 4, 5, 6, 70_000, tzinfo=dt.UTC),
    )
    stage = StateTypeFactory.create(pk=5)
    product.latest_state = StateFactory.create(product=product, current_state_type=stage)
    product.save()
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    energy = ParameterTypeFactory.create(name="total_accessory_energy")
    ProductParameterFactory.create(product=product, parameter_type=energy, value="60")
    answer = api.as_("factory").get(PATH)
    assert answer.json() == {
        "status": "success",
        "message": "enable_histories retrieved",
        "data": [
            {
                "current_enable_state": "pending_enabled",
                "current_state_type": 5,
                "date": "2026-02-03T04:05:06.070000",
                "dcm_enabled_flag": True,
                "entity": entity.name,
                "entity_id": entity.pk,
                "hardware_type": product.product_type.name,
                "prev_enable_state": "disabled",
                "product_imei": product.pk,
                "product_type_id": product.product_type_id,
                "serial_number": product.serial_number,
                "total_accessory_energy": "60",
                "user": "shop@example.com",
            }
        ],
    }


def test_a_unit_without_any_history_is_new(api: Any) -> None:
    product = ProductFactory.create()
    (row,) = rows(api)
    assert row.pop("current_enable_state") == "init"
    assert (row.pop("product_imei"), row.pop("serial_number")) == (
        product.pk,
        product.serial_number,
    )
    assert row.pop("dcm_enabled_flag") is False
    assert (row.pop("product_type_id"), row.pop("hardware_type")) == (
        product.product_type_id,
        product.product_type.name,
    )
    assert set(row.values()) == {None}


def test_only_the_active_value_of_the_accessory_energy_counts(api: Any) -> None:
    product = ProductFactory.create()
    energy = ParameterTypeFactory.create(name="total_accessory_energy")
    for status in (ParameterStatus.PENDING, ParameterStatus.REMOVED, ParameterStatus.EXPIRED):
        ProductParameterFactory.create(product=product, parameter_type=energy, status=status)
    ProductParameterFactory.create(product=product)
    assert rows(api)[0]["total_accessory_energy"] is None


# --- owners --------------------------------------------------------------------------------------


def test_a_unit_with_several_owners_is_told_once_with_the_longest(api: Any) -> None:
    product = ProductFactory.create()
    former, first, second = EntityFactory.create_batch(3)
    ProductEntityLinkerFactory.create(product=product, entity=former, date_removed=NOW)
    ProductEntityLinkerFactory.create(product=product, entity=first)
    ProductEntityLinkerFactory.create(product=product, entity=second)
    (row,) = rows(api)
    assert (row["entity_id"], row["entity"]) == (first.pk, first.name)


def test_whoever_sees_one_entity_is_told_of_its_units_and_of_it_alone(
    api: Any, entity: Any, other_entity: Any, fleet: list[str]
) -> None:
    for owner in (other_entity, entity):
        ProductEntityLinkerFactory.create(product_id=fleet[3], entity=owner)
    ProductEntityLinkerFactory.create(product_id=fleet[4], entity=other_entity)
    ProductEntityLinkerFactory.create(product_id=fleet[5], entity=entity, date_removed=NOW)
    (row,) = rows(api, "insider")
    assert (row["product_imei"], row["entity_id"]) == (fleet[3], entity.pk)


# --- pages ---------------------------------------------------------------------------------------


def test_without_a_size_all_units_are_told(api: Any, fleet: list[str]) -> None:
    assert imeis(api) == imeis(api, page=1) == fleet
    assert imeis(api, page=2) == []


def test_pages_follow_one_another(api: Any, fleet: list[str]) -> None:
    pages = [imeis(api, page=page, results_per_page=3) for page in (1, 2, 3, 4)]
    assert pages == [fleet[:3], fleet[3:6], fleet[6:], []]


def test_any_number_may_be_asked_for(api: Any, fleet: list[str]) -> None:
    assert imeis(api, page=1, results_per_page=100_000_000) == fleet
    assert imeis(api, page=10**30, results_per_page=10**30) == []


@pytest.mark.parametrize("name", ["page", "results_per_page"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", ""])
def test_a_number_that_is_none_is_refused_by_name(api: Any, name: str, value: str) -> None:
    answer = api.as_("factory").get(PATH, {name: value})
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {name}


def test_what_is_not_a_page_is_refused(api: Any) -> None:
    answer = api.as_("factory").get(PATH, {"q": "{}"})
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {"q"}


@pytest.mark.parametrize("persona", ["overview", "technician", "admin"])
def test_below_factory_nobody_is_told(api: Any, persona: str) -> None:
    assert api.as_(persona).get(PATH).status_code == 403


def test_more_units_take_no_more_queries(api: Any, fleet: list[str]) -> None:
    session = api.as_("factory")
    for params in ({}, {"results_per_page": 2}, {"results_per_page": 100}):
        with CaptureQueriesContext(connection) as queries:
            session.get(PATH, params)
        assert len(queries) == 2  # who asks, and the rows


# --- deep pages, and large ones ------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows are many: two in one query, marks from the second page on."""
    monkeypatch.setattr(sweeps, "AT_ONCE", 2)
    monkeypatch.setattr(sweeps, "CHUNK", 1)
    monkeypatch.setattr(sweeps, "MARKED_FROM", 1)


def test_what_takes_several_queries_is_sent_as_it_is_read(
    api: Any, fleet: list[str], small: None
) -> None:
    for size in (3, 4, 5, 6, 7, 8, 100):
        answer = api.as_("factory").get(PATH, {"results_per_page": size})
        assert answer.streaming
        told = json.loads(b"".join(answer.streaming_content))
        assert [row["product_imei"] for row in told["data"]] == fleet[:size]
        assert told["status"] == "success"


def test_the_next_page_is_sought_by_key(api: Any, fleet: list[str], small: None) -> None:
    assert imeis(api, results_per_page=2, page=1) == fleet[:2]
    with CaptureQueriesContext(connection) as queries:
        assert imeis(api, results_per_page=2, page=2) == fleet[2:4]
    assert not [query for query in queries if "OFFSET" in query["sql"]]


def test_a_page_begins_where_the_one_before_it_ended(
    api: Any, fleet: list[str], small: None
) -> None:
    """Also where units came and went in between: none is left out or told twice."""
    assert imeis(api, results_per_page=2, page=1) == fleet[:2]
    Product.objects.filter(pk=fleet[0]).delete()
    assert imeis(api, results_per_page=2, page=2) == fleet[2:4]
    ProductFactory.create(product_imei="1")
    assert imeis(api, results_per_page=2, page=3) == fleet[4:6]


def test_a_page_out_of_turn_is_counted_off_once(api: Any, fleet: list[str], small: None) -> None:
    for counted in (1, 0):
        with CaptureQueriesContext(connection) as queries:
            assert imeis(api, results_per_page=2, page=3) == fleet[4:6]
        assert sum("OFFSET" in query["sql"] for query in queries) == counted
    assert imeis(api, results_per_page=2, page=2) == fleet[2:4]


def test_marks_are_each_users_own(api: Any, fleet: list[str], small: None) -> None:
    imeis(api, results_per_page=2, page=1)
    Product.objects.filter(pk=fleet[0]).delete()
    assert imeis(api, "system", results_per_page=2, page=2) == fleet[3:5]


def test_a_mark_of_an_hour_ago_leads_nowhere(
    api: Any, fleet: list[str], small: None, clock: Any
) -> None:
    imeis(api, results_per_page=2, page=1)
    Product.objects.filter(pk=fleet[0]).delete()
    clock.move_to(NOW + dt.timedelta(hours=1))
    assert imeis(api, results_per_page=2, page=2) == fleet[3:5]


def test_marks_are_forgotten_after_a_day(api: Any, factory: Any, clock: Any) -> None:
    remember(session_caller(factory), "a", 1, 2, "x")
    assert purge_marks() == 0
    clock.move_to(NOW + dt.timedelta(days=1, seconds=1))
    assert purge_marks() == 1
    assert not PageMark.objects.exists()
