"""`q`: the operators, each in all its spellings (reference: "Operators")."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.lists import Lists, where

EVERYBODY = ["Ann", "bob", "Cléo", None]


@pytest.mark.parametrize("op", ["==", "eq", "equals", "equals_to"])
def test_equals(products: Lists, op: str) -> None:
    assert products.names(where("assembler", op, "Ann")) == ["Ann"]
    assert products.names(where("gps_lat", op, 2.5)) == ["Cléo"]
    assert products.names(where("gps_lat", op, 0)) == ["bob"]


@pytest.mark.parametrize("op", ["!=", "neq", "does_not_equal", "not_equal_to"])
def test_does_not_equal(products: Lists, op: str) -> None:
    assert products.names(where("assembler", op, "Ann")) == ["bob", "Cléo"]


@pytest.mark.parametrize("op", [">", "gt"])
def test_greater_than(products: Lists, op: str) -> None:
    assert products.names(where("gps_lat", op, 0)) == ["Cléo"]


@pytest.mark.parametrize("op", ["<", "lt"])
def test_less_than(products: Lists, op: str) -> None:
    assert products.names(where("gps_lat", op, 0)) == ["Ann"]


@pytest.mark.parametrize("op", [">=", "ge", "gte", "geq"])
def test_greater_than_or_equal(products: Lists, op: str) -> None:
    assert products.names(where("gps_lat", op, 0)) == ["bob", "Cléo"]


@pytest.mark.parametrize("op", ["<=", "le", "lte", "leq"])
def test_less_than_or_equal(products: Lists, op: str) -> None:
    assert products.names(where("gps_lat", op, 0)) == ["Ann", "bob"]


def test_in_a_list(products: Lists) -> None:
    assert products.names(where("assembler", "in", ["Ann", "Cléo", "Zoe"])) == ["Ann", "Cléo"]
    assert products.names(where("gps_lat", "in", [0, 2.5])) == ["bob", "Cléo"]


def test_not_in_a_list(products: Lists) -> None:
    assert products.names(where("assembler", "not_in", ["Ann", "Zoe"])) == ["bob", "Cléo"]


def test_nothing_is_in_an_empty_list(products: Lists) -> None:
    assert products.names(where("assembler", "in", [])) == []


def test_every_value_is_outside_an_empty_list(products: Lists) -> None:
    assert products.names(where("assembler", "not_in", [])) == ["Ann", "bob", "Cléo"]


@pytest.mark.parametrize("val", ["", None, 0, "anything"])
def test_is_null_needs_no_value(products: Lists, val: Any) -> None:
    assert products.names(where("assembler", "is_null")) == [None]
    assert products.names(where("assembler", "is_null", val)) == [None]
    assert products.names(where("assembler", "is_not_null", val)) == ["Ann", "bob", "Cléo"]


def test_text_is_compared_as_text(products: Lists) -> None:
    """Digits may come as a number, as the reference's examples send IMEIs."""
    assert products.names(where("capacity_limit", "==", 20)) == ["bob"]
    assert products.names(where("capacity_limit", ">", 15)) == ["Ann", "bob"]
    assert products.names(where("assembler", "==", "ann")) == []


def test_booleans(products: Lists) -> None:
    assert products.names(where("is_payg", "==", True)) == ["Ann", "Cléo"]
    assert products.names(where("is_payg", "!=", True)) == ["bob", None]
    assert products.names(where("is_payg", "==", 0)) == ["bob", None]


@pytest.mark.parametrize(
    "noon", ["2024-03-01T12:00:00", "2024-03-01 12:00:00.000000", "2024-03-01T15:00:00+03:00"]
)
def test_times_are_utc_unless_they_name_an_offset(products: Lists, noon: str) -> None:
    assert products.names(where("disable_date", "==", noon)) == ["Ann"]
    assert products.names(where("disable_date", ">", noon)) == ["bob"]
    assert products.names(where("disable_date", "<=", "2024-03-02")) == ["Ann"]


def test_dates(products: Lists) -> None:
    assert products.names(where("warranty_start_date", "==", "2024-02-29")) == ["bob"]
    assert products.names(where("warranty_start_date", "<", "2024-02-29")) == ["Ann"]


def test_all_filters_must_hold(products: Lists) -> None:
    both = [where("is_payg", "==", True), where("gps_lat", ">", 0)]
    assert products.names(*both) == ["Cléo"]


def test_without_filters_every_row_is_found(products: Lists) -> None:
    assert products.names() == EVERYBODY
    for q in ({}, {"filters": None}, {"order_by": None, "group_by": None, "single": False}):
        assert products.page(q)["num_results"] == 4
