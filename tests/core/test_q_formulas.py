"""`q`: Boolean formulas, and one column against another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.lists import Lists, where
from tests.factories import BatteryTestResultFactory
from tests.personas import Api

ANN, BOB = where("assembler", "==", "Ann"), where("assembler", "==", "bob")
PAYG = where("is_payg", "==", True)
EAST = where("gps_lon", ">", 0)


def test_or(products: Lists) -> None:
    assert products.names({"or": [ANN, BOB]}) == ["Ann", "bob"]


def test_and(products: Lists) -> None:
    assert products.names({"and": [PAYG, EAST]}) == ["Ann", "Cléo"]
    assert products.names({"and": [ANN, BOB]}) == []


def test_formulas_in_formulas(products: Lists) -> None:
    assert products.names({"or": [BOB, {"and": [PAYG, {"or": [ANN, EAST]}]}]}) == [
        "Ann",
        "bob",
        "Cléo",
    ]
    assert products.names({"and": [{"or": [ANN, BOB]}, {"or": [BOB, EAST]}]}) == ["Ann", "bob"]


def test_an_or_beside_another_filter_does_not_swallow_it(products: Lists) -> None:
    assert products.names({"or": [ANN, BOB]}, PAYG) == ["Ann"]
    assert products.names(PAYG, {"or": [BOB, ANN]}) == ["Ann"]


def test_a_formula_of_one(products: Lists) -> None:
    assert products.names({"or": [ANN]}) == products.names({"and": [ANN]}) == ["Ann"]


def test_a_formula_may_stand_for_the_list_of_filters(products: Lists) -> None:
    page = products.page({"filters": {"or": [ANN, BOB]}})
    assert page["num_results"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"or": []},
        {"and": []},
        {"or": ANN},
        {"or": [ANN], "and": [BOB]},
        {"not": [ANN]},
        {"or": [ANN, 1]},
        {"or": [[ANN]]},
        {"or": None},
        {},
        [],
        "assembler",
        None,
        1,
    ],
)
def test_a_formula_that_says_nothing_is_refused(products: Lists, wrong: Any) -> None:
    products.refusal(wrong)


# --- one column against another ------------------------------------------------------------------


@pytest.mark.parametrize("key", ["field", "fieldname"])
def test_a_column_is_compared_with_another(products: Lists, key: str) -> None:
    assert products.names(where("gps_lat", "<", **{key: "gps_lon"})) == ["Ann"]
    assert products.names(where("gps_lat", "==", **{key: "gps_lon"})) == ["bob"]
    assert products.names(where("gps_lat", ">=", **{key: "gps_lon"})) == ["bob", "Cléo"]
    assert products.names(where("assembler", "equals_to", **{key: "capacity_limit"})) == ["Ann"]


def test_a_whole_number_is_compared_with_a_fraction(api: Api) -> None:
    made = BatteryTestResultFactory.create_batch(3)
    for row, more in zip(made, (0.5, 0.0, -0.5), strict=True):
        row.energy = row.pk + more
        row.save()
    keys = [row.pk for row in made]
    results = Lists(api.as_("system"), "battery_test_results", "battery_test_result_id")
    assert results.names(where("energy", ">", field="battery_test_result_id")) == keys[:1]
    assert results.names(where("battery_test_result_id", "==", field="energy")) == keys[1:2]


def test_a_column_of_a_related_row_is_compared_with_another_of_it(products: Lists) -> None:
    assert products.names(where("hub__name", "!=", field="latitude")) == ["Ann", "bob"]


@pytest.mark.parametrize("key", ["field", "fieldname"])
def test_columns_of_different_kinds_do_not_compare(products: Lists, key: str) -> None:
    said = products.refusal(where("product_imei", "==", **{key: "current_tamper_flag"}))
    assert "product_imei" in said
    assert "current_tamper_flag" in said


def test_an_unknown_other_column_is_named(products: Lists) -> None:
    assert "no_such" in products.refusal(where("gps_lat", "==", field="no_such"))
    assert "hub__name" in products.refusal(where("assembler", "==", field="hub__name"))


@pytest.mark.parametrize("op", ["like", "in", "is_null"])
def test_only_comparisons_take_another_column(products: Lists, op: str) -> None:
    products.refusal(where("assembler", op, field="capacity_limit"))
