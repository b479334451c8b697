"""`q`: order_by, with nulls, ties and relations, the same on every database."""

from __future__ import annotations

from typing import Any

import pytest

from apps.products.models import Product
from tests.core.lists import Lists
from tests.factories import HubFactory, ProductTypeFactory
from tests.personas import Api


def by(*fields: str) -> list[dict[str, str]]:
    """by("a", "-b"): ascending on a, then descending on b."""
    return [
        {"field": name.lstrip("-"), "direction": "desc" if name.startswith("-") else "asc"}
        for name in fields
    ]


def test_without_an_order_rows_come_by_their_key(products: Lists) -> None:
    assert products.names() == ["Ann", "bob", "Cléo", None]


def test_ascending_and_descending(products: Lists) -> None:
    assert products.names(order_by=by("gps_lon")) == ["bob", "Cléo", "Ann", None]
    assert products.names(order_by=by("-gps_lon")) == [None, "Ann", "Cléo", "bob"]
    assert products.names(order_by=[{"field": "gps_lon"}]) == ["bob", "Cléo", "Ann", None]


def test_null_counts_as_the_greatest(products: Lists) -> None:
    assert products.names(order_by=by("disable_date")) == ["Ann", "bob", "Cléo", None]
    assert products.names(order_by=by("-disable_date")) == ["Cléo", None, "bob", "Ann"]


def test_several_fields_in_turn(products: Lists) -> None:
    assert products.names(order_by=by("is_payg", "-gps_lat")) == [None, "bob", "Cléo", "Ann"]


def test_equal_rows_come_by_their_key_whatever_the_direction(api: Api) -> None:
    for number in range(30):
        ProductTypeFactory.create(name=f"{number:02d}", erp_code=f"{number % 2}")
    types = Lists(api.as_("system"), "product_types", "name")
    odd = [f"{n:02d}" for n in range(1, 30, 2)]
    even = [f"{n:02d}" for n in range(0, 30, 2)]
    found = [name for page in (1, 2, 3) for name in order_of(types, "-erp_code", page)]
    assert found == odd + even


def order_of(lists: Lists, field: str, page: int) -> list[Any]:
    objects = lists.page({"order_by": by(field)}, page=page)["objects"]
    return [row[lists.label] for row in objects]


def test_pages_of_an_order_do_not_overlap_however_deep(api: Api) -> None:
    HubFactory.create_batch(1_203, entity=HubFactory.create().entity, latitude="1", guid=None)
    hubs = Lists(api.as_("system"), "hubs", "hub_id")
    for field in ("latitude", "-latitude", "guid", "-guid", "entity__name", "-hub_id"):
        keys = []
        for page in range(1, 14):
            rows = hubs.page({"order_by": by(field)}, page=page, results_per_page=100)["objects"]
            keys += [row["hub_id"] for row in rows]
        assert len(keys) == len(set(keys)) == 1_204, field


def test_a_field_of_a_related_row(products: Lists) -> None:
    assert products.names(order_by=by("-hub__name")) == ["Cléo", None, "bob", "Ann"]
    assert products.names(order_by=by("hub__name")) == ["Ann", "bob", "Cléo", None]


def test_over_many_related_rows_the_first_in_that_direction_counts(products: Lists) -> None:
    assert products.names(order_by=by("notes__note_text"))[:2] == ["Ann", "bob"]
    assert products.names(order_by=by("-notes__note_text"))[2:] == ["bob", "Ann"]


def test_a_flag_of_a_related_row(products: Lists, units: dict[str, Product]) -> None:
    entity = units["Ann"].hub.entity
    entity.bboxx_company_flag = False
    entity.save()
    assert products.names(order_by=by("hub__hub_id", "is_payg"))[0] == "Ann"
    hubs = Lists(products.session, "hubs", "name")
    assert hubs.names(order_by=by("entity__bboxx_company_flag")) == ["North", "South"]
    assert hubs.names(order_by=by("-entity__bboxx_company_flag")) == ["South", "North"]


def test_order_with_filters_limit_and_offset(products: Lists) -> None:
    q = {"order_by": by("-gps_lon"), "limit": 2, "offset": 1}
    assert products.names({"name": "gps_lon", "op": "is_not_null"}, **q) == ["Cléo", "bob"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ([{"field": "no_such"}], "no_such"),
        ([{"field": "hub__no_such"}], "no_such"),
        ([{"field": "no_such__name"}], "no_such"),
        ([{"field": "hub__entity__name"}], "hub__entity__name"),
        ([{"field": "gps_lat", "direction": "up"}], "up"),
        ([{"field": "gps_lat", "direction": "DESC"}], "DESC"),
        ([{"field": "gps_lat", "direction": None}], "None"),
        ([{"field": "gps_lat", "direction": ["asc"]}], "asc"),
        ([{"field": "gps_lat", "nulls": "first"}], "nulls"),
        ([{"field": 1}], "field"),
        ([{"direction": "asc"}], "field"),
        (["gps_lat"], "field"),
        ({"field": "gps_lat"}, "order_by"),
        ("gps_lat", "order_by"),
        ([{"field": "gps_lat"}] * 11, "10"),
        ([{"field": "gps_lat; DROP TABLE product"}], "DROP TABLE"),
    ],
)
def test_a_wrong_order_is_refused_and_named(products: Lists, wrong: Any, named: str) -> None:
    assert named in products.refusal(order_by=wrong)


def test_json_and_bytes_have_no_order(api: Api, products: Lists) -> None:
    types = Lists(products.session, "product_types", "name")
    assert "parameter_types" in types.refusal(order_by=by("parameter_types"))
    assert "parameter_types" in products.refusal(order_by=by("product_type__parameter_types"))
