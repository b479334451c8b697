"""Columns that are secret, or masked below a level, cannot be read, guessed at or sorted by."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.products.models import Product
from tests.core.lists import Lists, refusal, where
from tests.factories import ProductNoteFactory, SubscriberFactory
from tests.personas import Api

BELOW = ["overview", "technician", "admin"]
FROM_FACTORY = ["factory", "system"]


def guesses(name: str, value: str) -> list[dict[str, Any]]:
    """Every way to learn something of a column."""
    return [
        *({"filters": [where(name, op, value)]} for op in ("==", "!=", ">", "<", "like", "ilike")),
        {"filters": [where(name, "in", [value])]},
        {"filters": [where(name, "not_in", [value])]},
        {"filters": [where(name, "is_null")]},
        {"filters": [where(name, "is_not_null")]},
        {"filters": [{"or": [where(name, "like", "0%"), where(name, "like", "f%")]}]},
        {"order_by": [{"field": name}]},
        {"group_by": [{"field": name}]},
    ]


@pytest.mark.parametrize("persona", BELOW)
def test_a_device_key_is_null_below_factory(
    api: Api, units: dict[str, Product], persona: str
) -> None:
    session = api.as_(persona)
    assert session.get(f"/v1/products/{units['Ann'].pk}").json()["device_key"] is None
    rows = session.get("/v1/products").json()["objects"]
    assert [row["device_key"] for row in rows] == [None] * 4
    q = {"filters": [where("assembler", "==", "Ann")], "single": True}
    assert session.get("/v1/products", {"q": q}).json()["device_key"] is None


@pytest.mark.parametrize("persona", FROM_FACTORY)
def test_a_device_key_is_seen_from_factory_on(
    api: Api, units: dict[str, Product], persona: str
) -> None:
    key, session = units["Ann"].device_key, api.as_(persona)
    assert session.get(f"/v1/products/{units['Ann'].pk}").json()["device_key"] == key
    products = Lists(session, "products", "assembler")
    assert products.names(where("device_key", "==", key)) == ["Ann"]
    assert [row["assembler"] for row in products.page(device_key=key)["objects"]] == ["Ann"]


@pytest.mark.parametrize("persona", BELOW)
def test_a_device_key_cannot_be_guessed_at_below_factory(
    api: Api, units: dict[str, Product], persona: str
) -> None:
    key = units["Ann"].device_key
    ProductNoteFactory.create(product=units["Ann"])
    for path, name in (
        ("products", "device_key"),
        ("product_types", "products__device_key"),
        ("product_notes", "product__device_key"),
    ):
        lists = Lists(api.as_(persona), path, "created_at")
        for q in guesses(name, key):
            assert "device_key" in refusal(lists.ask(q)), (path, q)
    products = Lists(api.as_(persona), "products", "assembler")
    assert "device_key" in refusal(products.ask(device_key=key))
    for one, other in (("serial_number", "device_key"), ("device_key", "serial_number")):
        assert "device_key" in products.refusal(where(one, "!=", field=other))
    types = Lists(api.as_(persona), "product_types", "name")
    assert "device_key" in types.refusal(where("products", "any", where("device_key", "==", key)))
    assert "device_key" in types.refusal(where("products__device_key", "any", [key]))


def test_a_masked_column_is_refused_in_the_words_of_one_that_does_not_exist(
    api: Api, units: dict[str, Product]
) -> None:
    products = Lists(api.as_("admin"), "products", "assembler")
    masked = products.refusal(where("device_key", "==", "1"))
    assert masked == products.refusal(where("no_such", "==", "1")).replace("no_such", "device_key")


@pytest.mark.parametrize("persona", ["overview", "system"])
def test_the_key_of_a_subscriber_is_told_to_nobody(api: Api, persona: str) -> None:
    row = SubscriberFactory.create(key="k" * 24)
    session = api.as_(persona)
    for answer in (session.get("/v1/subscribers"), session.get(f"/v1/subscribers/{row.pk}")):
        assert answer.status_code == 200
        assert b"kkk" not in answer.content
        assert '"key"' not in json.dumps(answer.json())
    for path, name in (("subscribers", "key"), ("channels", "subscribers__key")):
        lists = Lists(session, path, "created_at")
        for q in guesses(name, "k" * 24):
            assert "key" in refusal(lists.ask(q)), (path, q)
    assert "key" in refusal(session.get("/v1/subscribers", {"key": "k" * 24}))


@pytest.mark.parametrize(
    ("path", "relation"),
    [
        ("products", "rtc_message_history"),
        ("products", "home2_stock_preparation_trackings"),
        ("part_types", "default_energy_limits"),
        ("entities", "users"),
    ],
)
def test_a_table_that_is_closed_is_closed_from_the_side_too(
    api: Api, path: str, relation: str
) -> None:
    lists = Lists(api.as_("system"), path, "created_at")
    for q in (
        {"filters": [where(relation, "any", 1)]},
        {"filters": [where(f"{relation}__created_at", "is_not_null")]},
        {"order_by": [{"field": f"{relation}__created_at"}]},
        {"group_by": [{"field": f"{relation}__created_at"}]},
    ):
        assert relation in refusal(lists.ask(q))
