"""`q`: filters that reach into other tables, with has, any and relation__field."""

from __future__ import annotations

from typing import Any

import pytest

from apps.products.models import Product
from tests.core.lists import Lists, where
from tests.factories import ConnectionFactory
from tests.personas import Api


def test_a_field_of_a_related_row(products: Lists) -> None:
    assert products.names(where("hub__name", "==", "North")) == ["Ann"]
    assert products.names(where("product_type__name", "!=", "Hub")) == ["Ann", "bob"]
    assert products.names(where("hub__name", "like", "%o%")) == ["Ann", "bob"]
    assert products.names(where("hub__name", "in", ["South", "West"])) == ["bob"]


def test_a_field_of_one_of_many_related_rows(products: Lists) -> None:
    assert products.names(where("notes__note_text", "ilike", "CRACKED%")) == ["Ann"]
    assert products.names(where("notes__note_text", "!=", "wet")) == ["Ann"]


def test_a_related_row_exists(products: Lists) -> None:
    """A row without a related row has no value there, not even null."""
    assert products.names(where("hub__name", "is_not_null")) == ["Ann", "bob"]
    assert products.names(where("hub__name", "is_null")) == []
    assert products.names(where("hub__guid", "is_null")) == ["Ann", "bob"]


def test_several_steps(products: Lists, units: dict[str, Product]) -> None:
    entity = units["Ann"].hub.entity
    assert products.names(where("hub__entity__name", "==", entity.name)) == ["Ann"]
    # There and back again: every unit of a type that has a unit with a wet note.
    wet = where("product_type__products__notes__note_text", "==", "wet")
    assert products.names(wet) == ["Ann", "bob"]


@pytest.mark.parametrize("op", ["has", "any"])
def test_has_and_any_take_a_value_for_the_key(
    products: Lists, units: dict[str, Product], op: str
) -> None:
    north, south = units["Ann"].hub_id, units["bob"].hub_id
    assert products.names(where("hub", op, north)) == ["Ann"]
    assert products.names(where("hub", op, [north, south])) == ["Ann", "bob"]
    assert products.names(where("hub", op, [])) == []


@pytest.mark.parametrize("op", ["has", "any"])
def test_has_and_any_take_a_value_for_a_field(products: Lists, op: str) -> None:
    assert products.names(where("hub__name", op, "North")) == ["Ann"]
    assert products.names(where("hub__name", op, ["North", "South"])) == ["Ann", "bob"]
    assert products.names(where("notes__note_text", op, "wet")) == ["bob"]


@pytest.mark.parametrize("op", ["has", "any"])
def test_has_and_any_take_a_filter(products: Lists, op: str) -> None:
    assert products.names(where("hub", op, where("name", "like", "N%"))) == ["Ann"]
    assert products.names(where("notes", op, where("note_text", "==", "wet"))) == ["bob"]


def test_the_filters_of_one_any_are_about_the_same_row(products: Lists) -> None:
    case, panel = where("note_text", "like", "%case"), where("note_text", "like", "%panel")
    assert products.names(where("notes", "any", {"and": [case, panel]})) == []
    assert products.names(where("notes", "any", {"or": [case, panel]})) == ["Ann"]
    assert products.names(where("notes", "any", case), where("notes", "any", panel)) == ["Ann"]


def test_a_filter_in_a_filter_in_a_filter(products: Lists) -> None:
    wet = where("notes", "any", where("note_text", "==", "wet"))
    assert products.names(where("product_type", "has", where("products", "any", wet))) == [
        "Ann",
        "bob",
    ]


def test_many_related_rows_find_a_row_once(products: Lists) -> None:
    found = products.page({"filters": [where("notes__note_text", "like", "cracked%")]})
    assert [row["assembler"] for row in found["objects"]] == ["Ann"]
    assert (found["num_results"], found["total_pages"]) == (1, 1)


def test_a_relation_is_called_as_in_the_reference(api: Api, units: dict[str, Product]) -> None:
    ConnectionFactory.create(product=units["bob"], mcc=635)
    types = Lists(api.as_("system"), "product_types", "name")
    assert types.names(where("products__connections__mcc", "==", 635)) == ["Home"]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("no_such__name", "no_such"),
        ("hub__no_such", "no_such"),
        ("hub__name__no_such", "name"),
        ("hub__", "hub__"),
        ("__name", "__name"),
        ("hub____name", "hub____name"),
        ("assembler__name", "assembler"),
        # Tables of the program itself are no part of the API.
        ("hub__entity__users__email", "users"),
        ("+__product_imei", "+"),
        ("hub__entity__hubs__products__assembler", "hub__entity__hubs__products__assembler"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(products: Lists, name: str, named: str) -> None:
    assert f"{named!r}" in products.refusal(where(name, "==", "1"))


@pytest.mark.parametrize("val", [{"name": "no_such", "op": "==", "val": 1}, {}, {"or": []}, [{}]])
def test_a_wrong_filter_inside_has_is_refused(products: Lists, val: Any) -> None:
    products.refusal(where("hub", "has", val))


def test_has_is_for_relations_only(products: Lists) -> None:
    assert "assembler" in products.refusal(where("assembler", "has", "Ann"))
    assert "hub" in products.refusal(where("hub", "==", 1))
