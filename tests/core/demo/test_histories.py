"""Histories of the demonstration fleet: every one fits every pointer and flag."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from apps.entities.models import CustomerProductHistory, ProductEntityLinker
from apps.products.models import (
    EnableHistory,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    ProductTypeSoftwareVersionTypeLinker,
    State,
    TamperEnableHistory,
)
from tests.core.demo.fleet import IN_USE, NOT_SOLD, by_unit

pytestmark = pytest.mark.django_db

ALLOWED = {
    1: {2},
    2: {3, 9},
    3: {4, 5, 8, 9},
    4: {5, 8, 9},
    5: {6, 7, 8, 9},
    6: {7, 8, 9},
    7: {6, 8, 9},
    8: {5, 9},
    9: set(),
}
FLAGS = {
    "enabled": (True, True),
    "pending_disabled": (True, False),
    "disabled": (False, False),
    "pending_enabled": (False, True),
}


def test_states_chain_by_allowed_transitions_up_to_the_latest(products: list[Product]) -> None:
    states = by_unit(State, "created_at")
    for product in products:
        chain = states[product.pk]
        assert chain[0].prev_state_type_id == 1
        for before, after in pairwise(chain):
            assert after.prev_state_type_id == before.current_state_type_id
        for state in chain:
            assert state.current_state_type_id in ALLOWED[state.prev_state_type_id]
        assert product.latest_state_id == chain[-1].pk


def test_enable_history_chains_from_init_and_fits_the_flags(products: list[Product]) -> None:
    histories = by_unit(EnableHistory, "date")
    for product in products:
        chain = histories[product.pk]
        if not chain:
            assert product.latest_state.current_state_type_id in NOT_SOLD
            assert product.latest_enable_history_id is None
            assert not product.current_enable_flag
            assert not product.desired_enable_flag
            continue
        assert chain[0].prev_enable_state == "init"
        for before, after in pairwise(chain):
            assert after.prev_enable_state == before.current_enable_state
            assert after.date > before.date
        assert product.latest_enable_history_id == chain[-1].pk
        flags = (product.current_enable_flag, product.desired_enable_flag)
        assert flags == FLAGS[chain[-1].current_enable_state]
        assert (product.disable_date is None) == product.desired_enable_flag


def test_a_unit_confirms_only_what_it_heard(products: list[Product]) -> None:
    """Confirmed before its last connection; a pending change was asked for after it."""
    heard = {product.pk: product.latest_connection.date for product in products}
    for row in EnableHistory.objects.all():
        if row.current_enable_state in ("enabled", "disabled"):
            assert row.user == "unit"
            assert row.date <= heard[row.product_id]
    for product in products:
        latest = product.latest_enable_history
        if latest and latest.current_enable_state.startswith("pending"):
            assert latest.date >= heard[product.pk]


def test_tamper_history_chains_from_init_and_fits_the_flags(products: list[Product]) -> None:
    histories = by_unit(TamperEnableHistory, "date")
    for product in products:
        chain = histories[product.pk]
        flags = (product.current_tamper_flag, product.desired_tamper_flag)
        if not chain:
            assert flags == (False, False)
            continue
        assert chain[0].prev_tamper_enable_state == "init"
        for before, after in pairwise(chain):
            assert after.prev_tamper_enable_state == before.current_tamper_enable_state
        assert flags == FLAGS[chain[-1].current_tamper_enable_state]


def test_every_unit_runs_exactly_one_software_that_its_type_may_run(
    products: list[Product],
) -> None:
    allowed = set(
        ProductTypeSoftwareVersionTypeLinker.objects.values_list(
            "product_type", "software_version_type"
        )
    )
    linkers = by_unit(ProductSoftwareLinker, "date_added")
    for product in products:
        rows = linkers[product.pk]
        ran = [row for row in rows if row.date_added]
        assert sum(row.date_removed is None for row in ran) == 1
        for before, after in pairwise(sorted(ran, key=lambda row: row.date_added)):
            assert before.date_removed == after.date_added
        for row in rows:
            assert (product.product_type_id, row.software_version_type_id) in allowed


def test_parameters_belong_to_the_type_and_none_is_active_twice(products: list[Product]) -> None:
    parameters = by_unit(ProductParameter)
    for product in products:
        rows = parameters[product.pk]
        assert {row.parameter_type_id for row in rows} <= set(product.product_type.parameter_types)
        active = Counter(row.parameter_type_id for row in rows if row.status == "active")
        assert set(active.values()) <= {1}
        for row in rows:
            assert (row.date_added is None) == (row.status == "pending")
            assert (row.date_removed is not None) == (row.status == "removed")


def test_every_unit_has_one_owner_at_a_time(products: list[Product]) -> None:
    owners = by_unit(ProductEntityLinker, "date_added")
    for product in products:
        chain = owners[product.pk]
        assert [row.date_removed is None for row in chain].count(True) == 1
        assert chain[0].entity_id == 1
        for before, after in pairwise(chain):
            assert before.date_removed == after.date_added
        stored = product.latest_state.current_state_type_id == 2
        assert (chain[-1].entity_id == 1) == stored


def test_units_in_use_have_a_customer(products: list[Product]) -> None:
    customers = by_unit(CustomerProductHistory, "date_added")
    for product in products:
        open_rows = [row for row in customers[product.pk] if row.date_removed is None]
        stage = product.latest_state.current_state_type_id
        assert len(open_rows) == (1 if stage in IN_USE | {4, 8} else 0)
