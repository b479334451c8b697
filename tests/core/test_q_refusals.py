"""`q`: what is not understood is refused with 400, and the answer names it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.core.conditions import MAX_DEPTH, MAX_FILTERS, MAX_IN, MAX_NESTING, MAX_OPERANDS
from tests.core.lists import Lists, refusal, where


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"text"',
        "{'filters': []}",
        '{"filters": NaN}',
        '{"limit": 1e400}',
        '{"limit": 1, "limit": 2}',
        '{"limit": ' + "9" * 5000 + "}",
        '{"filters": ' + "[" * 2000 + "]" * 2000 + "}",
        '{"filters": [{"name": "assembler", "op": "==", "val": "\\u0000"}]}',
        '{"filters": [{"name": "assembler", "op": "==", "val": "\\ud800"}]}',
    ],
)
def test_q_must_be_a_clean_json_object(products: Lists, text: str) -> None:
    assert "q " in refusal(products.session.get(products.path, {"q": text}))


@pytest.mark.parametrize("name", ["filter", "order", "page", "Filters"])
def test_an_unknown_part_is_named(products: Lists, name: str) -> None:
    assert name in products.refusal(**{name: []})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (where("no_such", "==", 1), "no_such"),
        (where("Assembler", "==", 1), "Assembler"),
        (where("assembler", "===", 1), "==="),
        (where("assembler", "EQ", 1), "EQ"),
        (where("assembler", "is", 1), "is"),
        (where("assembler", "contains", "A"), "contains"),
        ({"name": "assembler", "val": 1}, "assembler"),
        ({"name": "assembler", "op": ["=="], "val": 1}, "assembler"),
        ({"op": "==", "val": 1}, "name"),
        ({"name": 1, "op": "==", "val": 1}, "name"),
        ({"name": None, "op": "==", "val": 1}, "name"),
        ({"name": "assembler", "op": "==", "value": 1}, "value"),
        (where("device_key; --", "==", 1), "device_key; --"),
        (where("x" * 5000, "==", 1), "x" * 100),
    ],
)
def test_an_unknown_field_or_operator_is_named(products: Lists, wrong: Any, named: str) -> None:
    said = products.refusal(wrong)
    assert named in said
    assert len(said) < 400


@pytest.mark.parametrize(
    ("name", "val"),
    [
        ("gps_lat", "north"),
        ("gps_lat", True),
        ("gps_lat", "nan"),
        ("gps_lat", 10**400 - 1),
        ("product_type_id", "one"),
        ("product_type_id", False),
        ("product_type_id", 2**63),
        ("product_type_id", -(2**63)),
        ("product_type_id", 10**30),
        ("is_payg", "yes"),
        ("is_payg", 2),
        ("is_payg", []),
        ("assembler", 1.5),
        ("assembler", True),
        ("assembler", {"a": 1}),
        ("assembler", "x" * 10_001),
        ("disable_date", "tomorrow"),
        ("disable_date", "2024-02-30T00:00:00"),
        ("disable_date", "2024-03-01T25:00:00"),
        ("disable_date", 1_700_000_000),
        ("disable_date", "0001-01-01T00:00:00+10:00"),
        ("warranty_start_date", "2023-02-29"),
        ("warranty_start_date", "31/01/2024"),
        ("warranty_start_date", 20240131),
    ],
)
@pytest.mark.parametrize("op", ["==", "in"])
def test_an_operand_of_the_wrong_type_is_refused_and_names_the_field(
    products: Lists, name: str, op: str, val: Any
) -> None:
    assert name in products.refusal(where(name, op, [val] if op == "in" else val))


@pytest.mark.parametrize("val", ["Ann", 1, None, {"a": 1}, True])
def test_in_takes_a_list(products: Lists, val: Any) -> None:
    assert "assembler" in products.refusal(where("assembler", "in", val))


@pytest.mark.parametrize("op", [">", "<", ">=", "<=", "like"])
def test_true_and_false_have_no_order(products: Lists, op: str) -> None:
    assert "is_payg" in products.refusal(where("is_payg", op, True))


@pytest.mark.parametrize(
    "val", [5, "300", "00:05:00", "P1D", 1e9, "999999999999 days", "9999999999999999:00:00"]
)
def test_lengths_of_time_are_compared_in_seconds_or_refused(products: Lists, val: Any) -> None:
    messages = Lists(products.session, "sms_histories", "sms_history_id")
    answer = messages.ask({"filters": [where("sms_timeout", "==", val)]})
    if val in ("999999999999 days", "9999999999999999:00:00"):
        assert "sms_timeout" in refusal(answer)
    else:
        assert answer.status_code == 200


def test_json_and_bytes_can_only_be_tested_for_null(products: Lists) -> None:
    types = Lists(products.session, "product_types", "name")
    assert types.names(where("parameter_types", "is_not_null")) == ["Home", "Hub"]
    assert "parameter_types" in types.refusal(where("parameter_types", "==", []))
    assert "parameter_types" in types.refusal(where("parameter_types", "in", [1]))


# --- bounds --------------------------------------------------------------------------------------

ANN = where("assembler", "==", "Ann")


def nested(depth: int, node: dict[str, Any] = ANN) -> dict[str, Any]:
    for _level in range(depth - 1):
        node = {"or": [node]}
    return node


def test_filters_nest_to_a_bound(products: Lists) -> None:
    assert products.names(nested(MAX_DEPTH)) == ["Ann"]
    for depth in (MAX_DEPTH + 1, 40):
        assert f"{MAX_DEPTH} deep" in products.refusal(nested(depth))


def test_200_levels_are_refused(products: Lists) -> None:
    text = json.dumps({"filters": ["x"]}).replace('"x"', '{"or":[' * 200 + "1" + "]}" * 200)
    assert "deep" in refusal(products.session.get(products.path, {"q": text}))


def test_relations_nest_to_a_bound_of_their_own(products: Lists) -> None:
    assert products.names(there_and_back(2)) == ["Ann", "bob"]
    assert f"{MAX_NESTING} deep" in products.refusal(there_and_back(3))
    assert products.names(nested(MAX_DEPTH - 4, there_and_back(2))) == ["Ann", "bob"]
    assert f"{MAX_DEPTH} deep" in products.refusal(nested(MAX_DEPTH - 3, there_and_back(2)))


def there_and_back(times: int) -> dict[str, Any]:
    """Units of a type that has units of a type that has …: two levels each time."""
    node: dict[str, Any] = ANN
    for _time in range(times):
        node = where("product_type", "has", where("products", "any", node))
    return node


def test_filters_are_counted(products: Lists) -> None:
    assert products.names(*[ANN] * MAX_FILTERS) == ["Ann"]
    assert f"{MAX_FILTERS}" in products.refusal(*[ANN] * (MAX_FILTERS + 1))
    assert f"{MAX_FILTERS}" in products.refusal({"or": [ANN] * 2_000})


def test_the_values_of_a_list_are_counted(products: Lists) -> None:
    longest = where("assembler", "in", ["Ann", *map(str, range(MAX_IN - 1))])
    assert products.names(longest) == ["Ann"]
    assert "assembler" in products.refusal(where("assembler", "in", ["Ann"] * (MAX_IN + 1)))


def test_the_values_of_all_lists_together_are_counted(products: Lists) -> None:
    longest = where("assembler", "in", ["Ann"] * MAX_IN)
    most = MAX_OPERANDS // MAX_IN
    assert products.names(*[longest] * most) == ["Ann"]
    assert f"{MAX_OPERANDS}" in products.refusal(*[longest] * (most + 1))


@pytest.mark.parametrize(
    "text",
    ["' OR 1=1 --", '"; DROP TABLE product; --', "%s", "%(a)s", "{0}", "<b>", "=1+1", "../../x"],
)
def test_an_injection_finds_nothing(products: Lists, text: str) -> None:
    for op in ("==", "like", "ilike"):
        assert products.names(where("assembler", op, text)) == []
    assert products.names(where("assembler", "in", [text])) == []
    assert text[:20] in products.refusal(where(text, "==", 1)).replace("\\", "")
