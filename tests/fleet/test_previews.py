"""A command before it is confirmed: which units, who would be skipped, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.fleet.models import FleetCommand, FleetCommandUnit
from apps.products.models import EnableHistory, Product
from apps.products.services.switch import enable_product
from tests.factories import ProductEntityLinkerFactory, ProductFactory, ProductNoteFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

PATH = "/v1/fleet_commands"
STAFF = "staff@example.com"


def units_of(command_id: int) -> list[str]:
    rows = FleetCommandUnit.objects.filter(fleet_command=command_id).order_by("pk")
    return list(rows.values_list("product_id", flat=True))


def ask(api: Api, persona: str = "technician", **body: Any) -> Any:
    return api.as_(persona).post(PATH, json={"command": "enable", **body})


def test_a_preview_fixes_the_units_of_a_query_and_does_nothing(api: Api) -> None:
    first, second, _other = ProductFactory.create_batch(3)
    Product.objects.filter(pk__in=[first.pk, second.pk]).update(assembler="Ada")
    q = {"filters": [{"name": "assembler", "op": "==", "val": "Ada"}]}
    answer = ask(api, q=q, note="Back from winter")
    assert answer.status_code == 201, answer.content
    data = answer.json()["data"]
    record = data["fleet_command"]
    assert (record["status"], record["units_total"], record["note"]) == (
        "preview",
        2,
        "Back from winter",
    )
    assert data["preview"]["to_do"] == 2
    assert units_of(record["fleet_command_id"]) == [first.pk, second.pk]
    assert not EnableHistory.objects.exists()
    # A unit that comes to meet the query later is none of it.
    Product.objects.update(assembler="Ada")
    assert len(units_of(record["fleet_command_id"])) == 2


def test_a_preview_says_who_would_be_skipped_and_why(api: Api) -> None:
    units = ProductFactory.create_batch(3)
    enable_product(product_imei=units[1].pk, by=STAFF)
    answer = ask(api, product_imeis=[unit.pk for unit in units])
    preview = answer.json()["data"]["preview"]
    assert (preview["units"], preview["to_do"]) == (3, 2)
    assert preview["skipped"] == [
        {
            "reason": "already",
            "meaning": "is so already, or has been asked for",
            "count": 1,
            "product_imeis": [units[1].pk],
        }
    ]


def test_a_unit_out_of_scope_and_one_that_is_not_there_are_refused_alike(
    api: Api, entity: Any
) -> None:
    own, hidden = ProductFactory.create_batch(2)
    ProductEntityLinkerFactory.create(product=own, entity=entity)
    answers = []
    for other in (hidden.pk, "359999999999999"):
        answer = ask(api, "insider", product_imeis=[own.pk, other])
        assert answer.status_code == 400
        assert list(answer.json()["validation_errors"]) == ["product_imeis"]
        answers.append(answer.content.decode().replace(other, "*"))
    assert answers[0] == answers[1]
    assert not FleetCommand.objects.exists()
    assert not FleetCommandUnit.objects.exists()


def test_a_query_finds_only_units_in_scope(api: Api, entity: Any) -> None:
    own, _hidden = ProductFactory.create_batch(2)
    ProductEntityLinkerFactory.create(product=own, entity=entity)
    answer = ask(api, "insider", q={})
    assert units_of(answer.json()["data"]["fleet_command"]["fleet_command_id"]) == [own.pk]
    refused = ask(api, "outsider", q={})
    assert refused.status_code == 400
    assert "No unit matches" in refused.json()["validation_errors"]["q"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"command": "explode", "q": {}}, "command"),
        ({"q": {}, "product_imeis": ["350000000000001"]}, "q"),
        ({}, "q"),
        ({"q": {}, "parameters": {"new_state": 5}}, "new_state"),
        ({"q": {}, "parameters": []}, "parameters"),
        ({"q": []}, "q"),
        ({"product_imeis": []}, "product_imeis"),
        ({"product_imeis": "350000000000001"}, "product_imeis"),
        ({"product_imeis": [350000000000001]}, "product_imeis"),
        ({"q": {}, "per_minute": 0}, "per_minute"),
        ({"q": {}, "per_minute": 2_000_000}, "per_minute"),
        ({"q": {}, "confirm": "yes"}, "confirm"),
        ({"q": {"single": True}}, "q"),
        ({"q": {"filters": [{"name": "product_imei", "op": "==", "val": "x"}]}}, "q"),
    ],
)
def test_what_is_wrong_is_named(api: Api, body: dict[str, Any], named: str) -> None:
    ProductFactory.create()
    answer = ask(api, **body)
    assert answer.status_code == 400, answer.content
    assert named in answer.json()["validation_errors"]
    assert not FleetCommand.objects.exists()


def test_a_reference_given_again_is_answered_with_the_first_command(api: Api) -> None:
    ProductFactory.create()
    first = ask(api, q={}, reference="ERP-17")
    ProductFactory.create()
    again = ask(api, q={}, reference="ERP-17")
    assert (first.status_code, again.status_code) == (201, 200)
    number = first.json()["data"]["fleet_command"]["fleet_command_id"]
    assert again.json()["data"]["fleet_command"]["fleet_command_id"] == number
    other = ask(api, command="disable", q={}, reference="ERP-17")
    assert other.status_code == 400
    assert str(number) in other.json()["validation_errors"]["reference"]
    assert FleetCommand.objects.count() == 1
    # Another person's references are their own.
    assert ask(api, "admin", q={}, reference="ERP-17").status_code == 201


def test_the_same_answer_shows_how_far_it_is(api: Api) -> None:
    ProductFactory.create()
    number = ask(api, q={}).json()["data"]["fleet_command"]["fleet_command_id"]
    answer = api.as_("overview").get(f"{PATH}/{number}")
    assert answer.status_code == 200
    assert answer.json()["data"]["progress"] == {
        "status": "preview",
        "units": 1,
        "pending": 1,
        "done": 0,
        "skipped": 0,
        "failed": 0,
        "cancelled": 0,
        "units_per_minute": None,
        "estimated_end": None,
    }
    listed = api.as_("overview").get(PATH, {"status": "preview"}).json()
    assert [row["fleet_command_id"] for row in listed["objects"]] == [number]


def test_commands_of_others_are_not_there_for_an_entity(api: Api, entity: Any) -> None:
    own = ProductFactory.create()
    ProductEntityLinkerFactory.create(product=own, entity=entity)
    theirs = ask(api, "insider", q={}).json()["data"]["fleet_command"]["fleet_command_id"]
    everybodys = ask(api, q={}).json()["data"]["fleet_command"]["fleet_command_id"]
    assert api.as_("insider").get(f"{PATH}/{theirs}").status_code == 200
    assert api.as_("insider").get(f"{PATH}/{everybodys}").status_code == 404
    assert api.as_("outsider").get(f"{PATH}/{theirs}").status_code == 404
    assert api.as_("insider").get(PATH).json()["num_results"] == 1
    assert api.as_("admin").get(PATH).json()["num_results"] == 2


def test_the_units_of_a_query_may_be_limited_and_ordered(api: Api) -> None:
    units = ProductFactory.create_batch(5)
    order = [{"field": "serial_number", "direction": "desc"}]
    for text in (False, True):
        q: Any = {"order_by": order, "limit": 2, "offset": 1}
        answer = ask(api, q=json.dumps(q) if text else q)
        assert answer.status_code == 201, answer.content
        number = answer.json()["data"]["fleet_command"]["fleet_command_id"]
        assert sorted(units_of(number)) == [units[2].pk, units[3].pk]


def test_a_query_with_related_tables_names_each_unit_once(api: Api) -> None:
    unit = ProductFactory.create()
    for _time in range(3):
        ProductNoteFactory.create(product=unit, note_text="wet")
    q = {"filters": [{"name": "notes__note_text", "op": "any", "val": "wet"}]}
    answer = ask(api, q=q)
    assert answer.status_code == 201, answer.content
    number = answer.json()["data"]["fleet_command"]["fleet_command_id"]
    assert units_of(number) == [unit.pk]


def test_what_q_cannot_be_is_told_in_its_own_words(api: Api) -> None:
    ProductFactory.create()
    for q in ("{", "[]", {"filters": [{"name": "no_such", "op": "==", "val": 1}]}, {"nope": 1}):
        answer = ask(api, q=q)
        assert answer.status_code == 400
        assert answer.json()["message"]
    assert not FleetCommand.objects.exists()
