"""GET /products/locations: where all units are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import sweeps
from apps.products.models import Product
from tests.factories import (
    ConnectionFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductTypeFactory,
)

pytestmark = pytest.mark.django_db

PATH = "/v1/products/locations"


def located(count: int) -> list[str]:
    """IMEIs of new units that were located, in order."""
    kind = ProductTypeFactory.create()
    units = ProductFactory.create_batch(count, product_type=kind)
    for unit in units:
        unit.latest_connection_location = ConnectionFactory.create(product=unit)
        unit.save()
    return sorted(unit.pk for unit in units)


def imeis(api: Any, persona: str = "overview", **params: Any) -> list[str]:
    answer = api.as_(persona).get(PATH, params)
    assert answer.status_code == 200, answer.content
    assert set(answer.json()) == {"data"}
    return [row["product_imei"] for row in answer.json()["data"]]


def test_a_unit_is_told_with_the_last_place_it_was_found_at(api: Any) -> None:
    product = ProductFactory.create()
    ConnectionFactory.create(product=product, latitude="9", longitude="9")
    product.latest_connection_location = ConnectionFactory.create(
        product=product, latitude="-1.509023", longitude="29.510557", error_radius=1243
    )
    product.latest_connection = ConnectionFactory.create(
        product=product, latitude=None, longitude=None, error_radius=None, location_failed_flag=True
    )
    product.save()
    assert api.as_("overview").get(PATH).json() == {
        "data": [
            {
                "product_imei": product.pk,
                "latitude": "-1.509023",
                "longitude": "29.510557",
                "error_radius": 1243,
            }
        ]
    }


def test_a_unit_never_located_is_left_out(api: Any) -> None:
    (known,) = located(1)
    ProductFactory.create()
    assert imeis(api) == [known]


def test_no_unit_is_an_empty_list(api: Any) -> None:
    assert imeis(api) == []


def test_a_page_holds_a_thousand_where_no_number_is_asked_for(api: Any) -> None:
    kind, place = ProductTypeFactory.create(), ConnectionFactory.create()
    units = ProductFactory.build_batch(
        1_001, product_type=kind, latest_connection_location_id=place.pk
    )
    Product.objects.bulk_create(units)
    assert len(imeis(api)) == 1_000
    assert len(imeis(api, page=2)) == 1
    assert len(imeis(api, page=1, results_per_page=100_000_000)) == 1_001


def test_pages_follow_one_another_over_units_without_a_place(api: Any) -> None:
    units = located(2)
    ProductFactory.create_batch(3)
    units += located(3)
    pages = [imeis(api, page=page, results_per_page=2) for page in (1, 2, 3, 4)]
    assert pages == [units[:2], units[2:4], units[4:], []]


def test_a_deep_page_is_sought_by_key(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "MARKED_FROM", 1)
    units = located(5)
    imeis(api, page=1, results_per_page=2)
    with CaptureQueriesContext(connection) as queries:
        assert imeis(api, page=2, results_per_page=2) == units[2:4]
    assert not [query for query in queries if "OFFSET" in query["sql"]]


def test_whoever_sees_one_entity_is_told_of_its_units(api: Any, entity: Any) -> None:
    units = located(3)
    ProductEntityLinkerFactory.create(product_id=units[1], entity=entity)
    assert imeis(api, "insider") == [units[1]]
    assert imeis(api, "outsider") == []
    assert imeis(api, "insider", page=2, results_per_page=1) == []


def test_a_page_takes_two_queries(api: Any) -> None:
    located(3)
    session = api.as_("overview")
    for params in ({}, {"results_per_page": 1}, {"results_per_page": 10**9}):
        with CaptureQueriesContext(connection) as queries:
            session.get(PATH, params)
        assert len(queries) == 2


@pytest.mark.parametrize("params", [{"page": "0"}, {"results_per_page": "x"}, {"q": "{}"}])
def test_what_is_no_page_is_refused_by_name(api: Any, params: dict[str, str]) -> None:
    answer = api.as_("overview").get(PATH, params)
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == set(params)
