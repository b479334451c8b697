"""`q`: a comparison never matches null, as in SQL; a null operand is an error."""

from __future__ import annotations

import pytest

from tests.core.lists import Lists, where

COMPARISONS = ["==", "!=", ">", "<", ">=", "<="]


@pytest.mark.parametrize("op", COMPARISONS)
def test_no_comparison_finds_a_row_without_the_value(products: Lists, op: str) -> None:
    assert None not in products.names(where("assembler", op, "bob"))


def test_not_in_does_not_find_a_row_without_the_value(products: Lists) -> None:
    assert None not in products.names(where("assembler", "not_in", ["bob"]))


@pytest.mark.parametrize("op", ["like", "ilike"])
def test_no_pattern_finds_a_row_without_the_value(products: Lists, op: str) -> None:
    assert products.names(where("assembler", op, "%")) == ["Ann", "bob", "Cléo"]


@pytest.mark.parametrize("op", COMPARISONS)
def test_two_columns_do_not_compare_where_one_is_null(products: Lists, op: str) -> None:
    assert None not in products.names(where("gps_lat", op, field="gps_lon"))


@pytest.mark.parametrize("op", [*COMPARISONS, "like", "ilike"])
def test_comparing_with_null_is_refused_and_names_the_field(products: Lists, op: str) -> None:
    said = products.refusal(where("assembler", op, None))
    assert "assembler" in said
    assert "is_null" in said


@pytest.mark.parametrize("op", ["in", "not_in"])
def test_null_in_a_list_is_refused(products: Lists, op: str) -> None:
    assert "assembler" in products.refusal(where("assembler", op, ["Ann", None]))


@pytest.mark.parametrize("name", ["hub", "hub__name", "notes"])
def test_a_related_row_cannot_be_null(products: Lists, name: str) -> None:
    assert "null" in products.refusal(where(name, "has", None))


def test_a_missing_operand_is_refused(products: Lists) -> None:
    assert "assembler" in products.refusal({"name": "assembler", "op": "=="})
    assert "hub" in products.refusal({"name": "hub", "op": "has"})
