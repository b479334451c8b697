"""`q`: single, limit and offset."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.lists import Lists, refusal, where


def test_single_answers_the_record_itself(products: Lists) -> None:
    q = {"filters": [where("assembler", "==", "Ann")], "single": True}
    record = products.ask(q).json()
    assert record["assembler"] == "Ann"
    path = f"{products.path}/{record['product_imei']}"
    assert products.ask(q).content == products.session.get(path).content


def test_single_with_none_is_not_found(products: Lists) -> None:
    answer = products.ask({"filters": [where("assembler", "==", "Zoe")], "single": True})
    assert answer.status_code == 404
    assert answer.json()["status"] == "error"


def test_single_with_several_is_refused(products: Lists) -> None:
    answer = products.ask({"filters": [where("is_payg", "==", True)], "single": True})
    assert "Multiple results" in refusal(answer)


def test_single_counts_after_limit_and_offset(products: Lists) -> None:
    assert products.ask({"single": True, "limit": 1}).json()["assembler"] == "Ann"
    assert products.ask({"single": True, "offset": 3}).json()["assembler"] is None
    assert products.ask({"single": True, "offset": 4}).status_code == 404
    assert products.ask({"single": True, "limit": 0}).status_code == 404


def test_limit_bounds_the_result_before_it_is_paged(products: Lists) -> None:
    page = products.page({"limit": 3}, results_per_page=2)
    assert (len(page["objects"]), page["num_results"], page["total_pages"]) == (2, 3, 2)
    page = products.page({"limit": 3}, results_per_page=2, page=2)
    assert (len(page["objects"]), page["num_results"], page["total_pages"]) == (1, 3, 2)
    page = products.page({"limit": 3}, results_per_page=2, page=3)
    assert (page["objects"], page["num_results"], page["total_pages"]) == ([], 3, 2)


def test_offset_moves_the_start_before_it_is_paged(products: Lists) -> None:
    page = products.page({"offset": 1}, results_per_page=2)
    assert [row["assembler"] for row in page["objects"]] == ["bob", "Cléo"]
    assert (page["num_results"], page["total_pages"]) == (3, 2)
    page = products.page({"offset": 1}, results_per_page=2, page=2)
    assert [row["assembler"] for row in page["objects"]] == [None]
    assert (page["num_results"], page["total_pages"]) == (3, 2)


def test_limit_and_offset_together(products: Lists) -> None:
    page = products.page({"offset": 1, "limit": 2})
    assert [row["assembler"] for row in page["objects"]] == ["bob", "Cléo"]
    assert page["num_results"] == 2


@pytest.mark.parametrize(
    ("q", "total"),
    [
        ({"limit": 100}, 4),
        ({"limit": 4}, 4),
        ({"limit": 0}, 0),
        ({"offset": 4}, 0),
        ({"offset": 2**63 - 1}, 0),
        ({"limit": 2**63 - 1}, 4),
        ({"limit": None, "offset": None}, 4),
    ],
)
def test_the_total_counts_what_limit_and_offset_leave(
    products: Lists, q: dict[str, Any], total: int
) -> None:
    page = products.page(q)
    assert (page["num_results"], len(page["objects"])) == (total, total)


def test_the_farthest_page_of_the_farthest_offset_is_empty(products: Lists) -> None:
    page = products.page({"offset": 2**63 - 1}, page=2**53, results_per_page=1000)
    assert page["objects"] == []


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("wrong", [-1, "x", "1", 1.5, True, [1], 2**63])
def test_a_wrong_limit_or_offset_is_refused_and_named(
    products: Lists, name: str, wrong: Any
) -> None:
    assert name in products.refusal(**{name: wrong})


@pytest.mark.parametrize("wrong", ["true", 1, 0, [], {}])
def test_a_wrong_single_is_refused_and_named(products: Lists, wrong: Any) -> None:
    assert "single" in products.refusal(single=wrong)
