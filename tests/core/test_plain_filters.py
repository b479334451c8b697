"""`?column=value`: equality with one column, beside q and in its words."""

from __future__ import annotations

import pytest

from apps.products.models import Product
from tests.core.lists import Lists, refusal, where


def found(lists: Lists, **params: object) -> list[object]:
    return [row[lists.label] for row in lists.page(**params)["objects"]]


def test_one_column(products: Lists, units: dict[str, Product]) -> None:
    assert found(products, assembler="Ann") == ["Ann"]
    assert found(products, product_imei=units["bob"].pk) == ["bob"]
    assert found(products, product_type_id=units["Cléo"].product_type_id) == ["Cléo", None]
    assert found(products, gps_lat="2.5") == ["Cléo"]
    assert found(products, disable_date="2024-03-01T12:00:00") == ["Ann"]
    assert found(products, warranty_start_date="2024-02-29") == ["bob"]


@pytest.mark.parametrize(("yes", "no"), [("true", "false"), ("True", "False"), ("1", "0")])
def test_true_and_false(products: Lists, yes: str, no: str) -> None:
    assert found(products, is_payg=yes) == ["Ann", "Cléo"]
    assert found(products, is_payg=no) == ["bob", None]


def test_several_columns_must_all_hold(products: Lists) -> None:
    assert found(products, is_payg="true", gps_lon="1.0") == ["Cléo"]


def test_beside_q_and_a_page(products: Lists) -> None:
    q = {"filters": [where("gps_lat", "is_not_null")]}
    page = products.page(q, is_payg="true", page=2, results_per_page=1)
    assert [row["assembler"] for row in page["objects"]] == ["Cléo"]
    assert page["num_results"] == 2


def test_no_row_is_found_by_empty_text(products: Lists) -> None:
    assert found(products, assembler="") == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("no_such", "1"),
        ("hub", "1"),
        ("hub__name", "North"),
        ("assembler__ilike", "ann"),
        ("Page", "1"),
        ("gps_lat", "north"),
        ("gps_lat", "nan"),
        ("gps_lat", "inf"),
        ("gps_lat", ""),
        ("product_type_id", "one"),
        ("product_type_id", "9" * 30),
        ("is_payg", "yes"),
        ("disable_date", "soon"),
        ("warranty_start_date", "2024-02-30"),
        ("assembler", "\x00"),
    ],
)
def test_what_is_not_understood_is_refused_and_named(
    products: Lists, name: str, wrong: str
) -> None:
    assert name in refusal(products.ask(**{name: wrong}))


def test_json_cannot_be_compared(products: Lists) -> None:
    types = Lists(products.session, "product_types", "name")
    assert "parameter_types" in refusal(types.ask(parameter_types="[]"))


def test_a_row_takes_no_filters(products: Lists, units: dict[str, Product]) -> None:
    """Parameters of a single row have nothing to say and are left aside."""
    path = f"{products.path}/{units['Ann'].pk}"
    assert products.session.get(path, {"assembler": "bob"}).json()["assembler"] == "Ann"
