"""GET /dashboard2: units at a glance."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.products.lifecycle import LifeStage
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.factories import (
    AlertFactory,
    AlertTypeFactory,
    ConnectionFactory,
    EntityFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductNoteFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeFactory,
    SoftwareVersionTypeFactory,
    StateFactory,
    StateTypeFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PATH = "/v1/dashboard2"
LATER = NOW + dt.timedelta(days=1)


def ask(api: Any, persona: str = "overview", **params: Any) -> dict[str, Any]:
    answer = api.as_(persona).get(PATH, params)
    assert answer.status_code == 200, answer.content
    return answer.json()


def imeis(api: Any, *filters: Any, persona: str = "overview", **spec: Any) -> list[str]:
    told = ask(api, persona, q={"filters": list(filters), **spec})
    assert told["num_results"] == told["num_results_filtered"]
    return [row["product_imei"] for row in told["data"]]


def where(name: str, op: str, val: Any = None) -> dict[str, Any]:
    return {"name": name, "op": op, "val": val}


def own(product: Product, *entities: Any, **more: Any) -> None:
    for entity in entities:
        ProductEntityLinkerFactory.create(product=product, entity=entity, **more)


def test_a_unit_with_everything_is_told_with_everything(api: Any) -> None:
    product = ProductFactory.create(
        capacity_limit="7",
        current_enable_flag=True,
        desired_tamper_flag=True,
        created_by="factory@example.com",
        software_lock=SoftwareVersionTypeFactory.create(name="locked"),
    )
    product.latest_state = StateFactory.create(
        product=product,
        current_state_type=StateTypeFactory.create(pk=LifeStage.ACTIVATED, name="ACTIVATED"),
        created_at=NOW - dt.timedelta(days=30),
    )
    product.latest_connection = ConnectionFactory.create(product=product, date=NOW)
    product.latest_connection_location = ConnectionFactory.create(
        product=product,
        date=NOW - dt.timedelta(hours=4),
        latitude="-0.400234",
        longitude="34.599241",
        error_radius=69583,
    )
    product.save()
    entity = EntityFactory.create(tariff="A Test Tariff", financier=False, created_by="a@b.c")
    own(product, entity)
    runs, waits = (SoftwareVersionTypeFactory.create(name=name) for name in ("2.16", "2.17"))
    ProductSoftwareLinkerFactory.create(product=product, software_version_type=runs)
    ProductSoftwareLinkerFactory.create(
        product=product, software_version_type=waits, date_added=None, created_at=NOW
    )
    for name in ("overheating", "no_connection"):
        kind = AlertTypeFactory.create(name=name)
        AlertFactory.create(product=product, alert_type=kind)
    AlertFactory.create(product=product, dismissed_at=NOW)
    for text in ("cracked", "repaired"):
        ProductNoteFactory.create(product=product, note_text=text)
    told = ask(api)
    assert (told["num_results"], told["num_results_filtered"]) == (1, 1)
    assert set(told) == {"data", "num_results", "num_results_filtered"}
    assert told["data"] == [
        {
            "product_imei": product.pk,
            "serial_number": product.serial_number,
            "imsi": product.imsi,
            "hardware_type": product.product_type.name,
            "entities": [
                {
                    "entity_id": entity.pk,
                    "name": entity.name,
                    "bboxx_company_flag": entity.bboxx_company_flag,
                    "financier": False,
                    "tariff": "A Test Tariff",
                    "created_at": "2026-03-01T12:00:00.000000",
                    "created_by": "a@b.c",
                    "modified_at": None,
                }
            ],
            "hub_id": None,
            "shop_id": None,
            "location_date": "2026-03-01T08:00:00.000000",
            "alerts": ["overheating", "no_connection"],
            "software_lock": product.software_lock_id,
            "pending_software_created_at": "2026-03-01T12:00:00.000000",
            "state": "activated",
            "state_date": "2026-01-30T12:00:00.000000",
            "recent_connection": "2026-03-01T12:00:00.000000",
            "latitude": "-0.400234",
            "longitude": "34.599241",
            "error_radius": 69583,
            "capacity_limit": "7",
            "current_enable_flag": True,
            "desired_enable_flag": False,
            "current_tamper_flag": False,
            "desired_tamper_flag": True,
            "notes": ["cracked", "repaired"],
            "software": "2.16",
            "pending_software": "2.17",
            "created_at": "2026-03-01T12:00:00.000000",
            "created_by": "factory@example.com",
            "modified_at": None,
        }
    ]


def test_a_unit_with_nothing_is_told_so(api: Any) -> None:
    ProductFactory.create()
    (row,) = ask(api)["data"]
    assert (row["alerts"], row["notes"], row["entities"]) == ([None], [None], [])
    for name in ("state", "state_date", "recent_connection", "location_date", "latitude"):
        assert row[name] is None
    for name in ("software", "pending_software", "pending_software_created_at"):
        assert row[name] is None


def test_of_software_that_was_replaced_or_called_off_nothing_is_told(api: Any) -> None:
    product = ProductFactory.create()
    names = {"old": (NOW, LATER), "runs": (LATER, None), "dropped": (None, NOW)}
    for name, (added, removed) in names.items():
        version = SoftwareVersionTypeFactory.create(name=name)
        ProductSoftwareLinkerFactory.create(
            product=product,
            software_version_type=version,
            date_added=added,
            date_removed=removed,
        )
    (row,) = ask(api)["data"]
    assert (row["software"], row["pending_software"]) == ("runs", None)


# --- q -------------------------------------------------------------------------------------------


def test_a_single_unit_is_asked_for_by_its_imei(api: Any) -> None:
    product, _other = ProductFactory.create_batch(2)
    told = ask(api, q={"filters": [where("product_imei", "eq", product.pk)]})
    assert [row["product_imei"] for row in told["data"]] == [product.pk]
    assert (told["num_results"], told["num_results_filtered"]) == (1, 1)


@pytest.fixture
def owned(db: None) -> dict[str, str]:
    """IMEIs of units by who owns them; `former` was A's, and is nobody's now."""
    a, b = EntityFactory.create(name="A Test Entity"), EntityFactory.create(name="Another")
    found = {}
    for name, entities in {"a": [a], "b": [b], "both": [a, b], "none": []}.items():
        product = ProductFactory.create()
        own(product, *entities)
        found[name] = product.pk
    former = ProductFactory.create()
    own(former, a, date_removed=LATER)
    return found | {"former": former.pk}


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("eq", "A Test Entity", ["a", "both"]),
        ("=", "A Test Entity", ["a", "both"]),
        ("in", ["A Test Entity", "Another"], ["a", "b", "both"]),
        ("ilike", "%test%", ["a", "both"]),
        ("neq", "A Test Entity", ["b", "both"]),
        ("any", "Another", ["b", "both"]),
        ("any", {"name": "name", "op": "like", "val": "A %"}, ["a", "both"]),
        ("eq", "Nobody", []),
    ],
)
def test_entities_are_asked_for_by_name(
    api: Any, owned: dict[str, str], op: str, value: Any, expected: list[str]
) -> None:
    assert imeis(api, where("entities", op, value)) == [owned[name] for name in expected]


def test_entities_may_stand_anywhere_in_a_formula(api: Any, owned: dict[str, str]) -> None:
    either = {
        "or": [
            {"and": [where("entities", "eq", "Another"), where("entities", "eq", "A Test Entity")]},
            where("product_imei", "eq", owned["none"]),
        ]
    }
    assert imeis(api, either) == [owned["both"], owned["none"]]


def test_units_are_filtered_and_ordered_by_their_type(api: Any) -> None:
    hub, home = (ProductTypeFactory.create(name=name) for name in ("Hub", "Home"))
    one, two, three = (ProductFactory.create(product_type=kind) for kind in (hub, home, hub))
    assert imeis(api, where("hardware_type", "eq", "Hub")) == [one.pk, three.pk]
    order = [{"field": "hardware_type", "direction": "asc"}]
    assert imeis(api, order_by=order) == [two.pk, one.pk, three.pk]


def test_q_takes_what_a_list_takes(api: Any) -> None:
    units = ProductFactory.create_batch(5)
    down = [{"field": "product_imei", "direction": "desc"}]
    assert imeis(api, order_by=down, limit=2, offset=1) == [units[3].pk, units[2].pk]


@pytest.mark.parametrize(
    "q",
    [
        "",
        "{",
        "[]",
        '{"filters": [{"name": "no_such", "op": "eq", "val": 1}]}',
        '{"filters": [{"name": "entities", "op": "near", "val": "x"}]}',
        '{"filters": [{"name": "entities", "op": "eq", "val": null}]}',
        '{"filters": [{"name": "entities", "op": "eq"}]}',
        '{"filters": [{"name": "product_imei", "op": "eq", "val": null}]}',
        '{"filters": 5}',
        '{"order_by": [{"field": "entities"}]}',
        '{"no_such": 1}',
        '{"filters": ' + "[" * 200 + "]" * 200 + "}",
        '{"filters": ' + '[{"or":' * 50 + "[]" + "}]" * 50 + "}",
    ],
)
def test_a_q_that_makes_no_sense_is_refused(api: Any, q: str) -> None:
    ProductFactory.create()
    answer = api.as_("overview").get(PATH, {"q": q})
    assert answer.status_code == 400, answer.content
    assert answer.json()["message"]


def test_a_single_unit_is_one_and_no_more(api: Any) -> None:
    assert api.as_("overview").get(PATH, {"q": {"single": True}}).status_code == 404
    product = ProductFactory.create()
    assert [row["product_imei"] for row in ask(api, q={"single": True})["data"]] == [product.pk]
    ProductFactory.create()
    assert api.as_("overview").get(PATH, {"q": {"single": True}}).status_code == 400


@pytest.mark.parametrize(
    "params", [{"page": "0"}, {"results_per_page": "-1"}, {"page": "x"}, {"serial_number": "x"}]
)
def test_what_is_no_page_is_refused_by_name(api: Any, params: dict[str, str]) -> None:
    answer = api.as_("overview").get(PATH, params)
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == set(params)


def test_pages_follow_one_another(api: Any) -> None:
    units = [unit.pk for unit in ProductFactory.create_batch(12)]
    pages = [ask(api, page=page) for page in (1, 2, 3)]
    told = [[row["product_imei"] for row in page["data"]] for page in pages]
    assert told == [units[:10], units[10:], []]
    assert [page["num_results"] for page in pages] == [12, 12, 12]
    assert len(ask(api, results_per_page=10**9)["data"]) == 12


# --- scope and cost ------------------------------------------------------------------------------


def test_whoever_sees_one_entity_is_told_of_its_units_and_of_it_alone(
    api: Any, entity: Any, other_entity: Any
) -> None:
    mine, theirs = ProductFactory.create_batch(2)
    own(mine, other_entity, entity)
    own(theirs, other_entity)
    told = ask(api, "insider")
    assert told["num_results"] == told["num_results_filtered"] == 1
    assert told["data"][0]["product_imei"] == mine.pk
    assert [owner["entity_id"] for owner in told["data"][0]["entities"]] == [entity.pk]
    assert imeis(api, where("entities", "eq", other_entity.name), persona="insider") == []
    assert ask(api, "outsider")["data"][0]["entities"][0]["entity_id"] == other_entity.pk


def cost(api: Any, **params: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        ask(api, **params)
    return len(queries)


def test_more_units_take_no_more_queries(api: Any) -> None:
    entity, kind = EntityFactory.create(), AlertTypeFactory.create()
    version = SoftwareVersionTypeFactory.create()
    for product in ProductFactory.create_batch(15):
        own(product, entity)
        AlertFactory.create(product=product, alert_type=kind)
        ProductNoteFactory.create(product=product)
        ProductSoftwareLinkerFactory.create(product=product, software_version_type=version)
    ask(api)
    # Who asks, the units, owners, alerts, notes and software; and how many units there are where
    # the page does not show it.
    assert cost(api, results_per_page=100) == 6
    assert cost(api, results_per_page=1) == 7
    assert cost(api, results_per_page=10) == 7
    q = {"filters": [where("entities", "eq", entity.name), where("hardware_type", "neq", "x")]}
    assert cost(api, q=q, results_per_page=100) == 6
    assert cost(api, page=100) == 3  # nothing to be told of
