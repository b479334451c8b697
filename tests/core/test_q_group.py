"""`q`: group_by keeps one row of each group."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.lists import Lists, where


def group(*fields: str) -> list[dict[str, str]]:
    return [{"field": name} for name in fields]


def test_the_first_row_of_each_group_is_kept(products: Lists) -> None:
    assert products.names(group_by=group("product_type_id")) == ["Ann", "Cléo"]
    assert products.names(group_by=group("is_payg")) == ["Ann", "bob"]


def test_groups_of_several_fields(products: Lists) -> None:
    fields = group("product_type_id", "is_payg")
    assert products.names(group_by=fields) == ["Ann", "bob", "Cléo", None]


def test_null_is_a_group(products: Lists) -> None:
    assert products.names(group_by=group("hub_id")) == ["Ann", "bob", "Cléo"]


def test_groups_of_a_field_of_a_related_row(products: Lists) -> None:
    assert products.names(group_by=group("product_type__name")) == ["Ann", "Cléo"]
    assert products.names(group_by=group("hub__name")) == ["Ann", "bob", "Cléo"]


def test_only_the_rows_found_are_grouped(products: Lists) -> None:
    found = products.names(where("assembler", "!=", "Ann"), group_by=group("product_type_id"))
    assert found == ["bob", "Cléo"]


def test_groups_are_counted_ordered_and_paged(products: Lists) -> None:
    q = {"group_by": group("is_payg"), "order_by": [{"field": "gps_lat", "direction": "desc"}]}
    page = products.page(q, results_per_page=1)
    assert [row["assembler"] for row in page["objects"]] == ["bob"]
    assert (page["num_results"], page["total_pages"]) == (2, 2)
    assert products.names(**q, limit=1, offset=1) == ["Ann"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ([{"field": "no_such"}], "no_such"),
        ([{"field": "hub__no_such"}], "no_such"),
        (["hub_id"], "field"),
        ({"field": "hub_id"}, "group_by"),
        ([{"field": "is_payg"}] * 11, "10"),
    ],
)
def test_a_wrong_group_is_refused_and_named(products: Lists, wrong: Any, named: str) -> None:
    assert named in products.refusal(group_by=wrong)
