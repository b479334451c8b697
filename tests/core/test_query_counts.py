"""What a read costs: a pinned number of queries, however many rows there are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.resources import Resource, registry
from apps.products.models import Product
from tests.contract.rows import make, owned_row
from tests.core.lists import Lists, where
from tests.factories import ProductFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

readable = pytest.mark.parametrize(
    "resource", [r for r in registry if "GET" in r.levels], ids=lambda r: r.path
)


def cost(session: Any, path: str, params: Any = None) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = session.get(path, params)
    assert answer.status_code == 200, answer.content
    return len(queries)


@readable
@pytest.mark.parametrize("persona", ["overview", "insider"])
def test_a_list_costs_three_queries_and_a_row_two(
    resource: Resource, persona: str, api: Api, entity: Any
) -> None:
    """Who asks, the rows and, where the page does not show it, how many there are."""
    session, path = api.as_(persona), f"/v1/{resource.path}"
    row = owned_row(resource, entity)
    make(resource.model)
    assert cost(session, path) == 2
    assert cost(session, path, {"results_per_page": 1}) <= 3
    assert cost(session, path, {"page": 2}) <= 3
    if session.get(f"{path}/{row.pk}").status_code == 200:
        assert cost(session, f"{path}/{row.pk}") == 2


def test_more_rows_and_filters_cost_no_more(api: Api, units: dict[str, Product]) -> None:
    session = api.as_("overview")
    ProductFactory.create_batch(60)
    q = {
        "filters": [
            where("product_type__name", "!=", "x"),
            where("product_imei", "not_in", ["1"]),
            {"or": [where("hub", "any", where("name", "!=", "x")), where("hub_id", "is_null")]},
        ],
        "order_by": [{"field": "product_type__name", "direction": "desc"}],
    }
    for params in ({}, {"q": q}, {"results_per_page": 50}, {"q": q, "page": 3}):
        assert cost(session, "/v1/products", params) <= 3
    group = {"group_by": [{"field": "product_type_id"}]}
    assert cost(session, "/v1/products", {"q": group, "results_per_page": 10}) <= 3


def test_a_deep_page_costs_no_more(api: Api) -> None:
    kind = ProductFactory.create().product_type
    Product.objects.bulk_create(ProductFactory.build_batch(600, product_type=kind))
    session = api.as_("overview")
    assert cost(session, "/v1/products", {"page": 55, "results_per_page": 10}) <= 3
    page = Lists(session, "products", "product_imei").page(page=55)
    assert (len(page["objects"]), page["num_results"]) == (10, 601)
