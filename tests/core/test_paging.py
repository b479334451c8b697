"""Pages of a list: page, results_per_page, num_results and total_pages."""

from __future__ import annotations

import pytest

from tests.core.lists import Lists, refusal
from tests.factories import HubFactory
from tests.personas import Api


@pytest.fixture
def hubs(api: Api) -> Lists:
    entity = HubFactory.create(name="00").entity
    for number in range(1, 23):
        HubFactory.create(name=f"{number:02d}", entity=entity)
    return Lists(api.as_("system"), "hubs", "name")


def test_ten_to_a_page_unless_asked_otherwise(hubs: Lists) -> None:
    page = hubs.page()
    assert list(page) == ["num_results", "objects", "page", "total_pages"]
    assert [row["name"] for row in page["objects"]] == [f"{n:02d}" for n in range(10)]
    assert (page["num_results"], page["page"], page["total_pages"]) == (23, 1, 3)


@pytest.mark.parametrize(
    ("number", "size", "first", "found", "pages"),
    [
        (2, 10, "10", 10, 3),
        (3, 10, "20", 3, 3),
        (1, 23, "00", 23, 1),
        (1, 24, "00", 23, 1),
        (23, 1, "22", 1, 23),
        (2, 22, "22", 1, 2),
        (1, 1000, "00", 23, 1),
    ],
)
def test_a_page(hubs: Lists, number: int, size: int, first: str, found: int, pages: int) -> None:
    page = hubs.page(page=number, results_per_page=size)
    assert page["objects"][0]["name"] == first
    assert len(page["objects"]) == found
    assert (page["num_results"], page["page"], page["total_pages"]) == (23, number, pages)


@pytest.mark.parametrize("number", [4, 5, 100, 10**9, 2**53])
def test_a_page_past_the_end_is_empty_and_tells_the_total(hubs: Lists, number: int) -> None:
    page = hubs.page(page=number)
    assert page == {"num_results": 23, "objects": [], "page": number, "total_pages": 3}


@pytest.mark.parametrize("params", [{}, {"page": 5}, {"results_per_page": 1}])
def test_an_empty_list_has_no_page(api: Api, params: dict[str, int]) -> None:
    shops = Lists(api.as_("system"), "shops", "name")
    page = shops.page(**params)
    assert (page["num_results"], page["objects"], page["total_pages"]) == (0, [], 0)


@pytest.mark.parametrize("size", [1001, 10**9, 10**15])
def test_a_page_holds_a_thousand_at_most(api: Api, hubs: Lists, size: int) -> None:
    HubFactory.create_batch(980, entity_id=hubs.page()["objects"][0]["entity_id"])
    page = hubs.page(results_per_page=size)
    assert (len(page["objects"]), page["num_results"], page["total_pages"]) == (1000, 1003, 2)


@pytest.mark.parametrize("name", ["page", "results_per_page"])
@pytest.mark.parametrize("wrong", ["0", "-1", "", "x", "1.5", "1e3", " 1", "+1", "１", "9" * 30])
def test_a_wrong_page_is_refused_and_named(hubs: Lists, name: str, wrong: str) -> None:
    assert name in refusal(hubs.ask(**{name: wrong}))


def test_a_page_beyond_any_table_is_refused(hubs: Lists) -> None:
    assert "page" in refusal(hubs.ask(page=2**53 + 1))
