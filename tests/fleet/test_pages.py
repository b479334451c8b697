"""The pages on which people give commands to many units."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.fleet.models import FleetCommand, FleetCommandUnit
from apps.products.models import EnableHistory, Product
from apps.products.services.switch import enable_product
from tests.factories import (
    EntityFactory,
    FleetCommandFactory,
    FleetCommandUnitFactory,
    ParameterTypeFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    SoftwareVersionTypeFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db

UNITS = "/admin/products/product/"
COMMANDS = "/admin/fleet/fleetcommand/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def new(client: Client, query: str = "", **said: Any) -> Any:
    """Send the form of a command for the units of the list with that query."""
    command = said.pop("command", "disable")
    page = f"{COMMANDS}new/?{urlencode({'units': query, 'command': command})}"
    return client.post(page, {"reference": "r1", **said})


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_list_of_units_leads_to_a_command_with_its_filters(technician: Any) -> None:
    ProductFactory.create()
    page = text_of(signed_in(technician).get(UNITS, {"switch": "disabled"}))
    assert "/admin/fleet/fleetcommand/new/?units=switch%3Ddisabled" in page
    assert 'value="command_ticked"' in page


def test_who_may_only_look_is_offered_no_command(overview: Any) -> None:
    ProductFactory.create()
    client = signed_in(overview)
    page = text_of(client.get(UNITS))
    assert "fleetcommand/new" not in page
    assert "command_ticked" not in page
    assert client.get(f"{COMMANDS}new/").status_code == 403


def test_ticked_units_are_the_units_of_the_command(technician: Any) -> None:
    ticked, other, _third = ProductFactory.create_batch(3)
    client = signed_in(technician)
    answer = client.post(
        UNITS, {"action": "command_ticked", "_selected_action": [ticked.pk, other.pk]}
    )
    address = urlsplit(answer["Location"])
    assert address.path == f"{COMMANDS}new/"
    query = parse_qs(address.query)["units"][0]
    assert new(client, query).status_code == 302
    rows = FleetCommandUnit.objects.order_by("product_id")
    assert list(rows.values_list("product_id", flat=True)) == [ticked.pk, other.pk]


def test_all_of_a_filtered_list_can_be_ticked(technician: Any) -> None:
    on, _off = ProductFactory.create_batch(2)
    Product.objects.filter(pk=on.pk).update(current_enable_flag=True, desired_enable_flag=True)
    client = signed_in(technician)
    answer = client.post(
        f"{UNITS}?switch=enabled",
        {"action": "command_ticked", "_selected_action": [on.pk], "select_across": "1"},
    )
    query = parse_qs(urlsplit(answer["Location"]).query)["units"][0]
    assert query == "switch=enabled"
    new(client, query)
    assert FleetCommandUnit.objects.get().product_id == on.pk
    assert FleetCommand.objects.get().query == "?switch=enabled"


def test_only_the_commands_of_ones_level_are_offered(technician: Any, system: Any) -> None:
    ProductFactory.create()
    low = text_of(signed_in(technician).get(f"{COMMANDS}new/"))
    high = text_of(signed_in(system).get(f"{COMMANDS}new/"))
    assert "command=disable" in low
    assert "command=change_state" not in low
    assert "command=update_software" in high
    client = signed_in(technician)
    assert client.get(f"{COMMANDS}new/", {"command": "update_software"}).status_code == 403
    assert client.get(f"{COMMANDS}new/", {"command": "no_such"}).status_code == 404
    assert new(client, command="change_state", state=1).status_code == 403
    assert not FleetCommand.objects.exists()


def test_an_empty_list_is_told_so(technician: Any) -> None:
    page = text_of(signed_in(technician).get(f"{COMMANDS}new/"))
    assert "This list has no units" in page


def test_a_list_that_cannot_be_read_is_not_there(technician: Any) -> None:
    client = signed_in(technician)
    for query in ("device_key=1", "no_such__x=1", "a=\x00", "q=" + "x" * 9_000):
        assert client.get(f"{COMMANDS}new/", {"units": query}).status_code in (302, 404)


def test_a_form_sent_twice_is_one_preview(technician: Any) -> None:
    ProductFactory.create()
    client = signed_in(technician)
    answers = [new(client, note="For the winter") for _time in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert answers[0]["Location"] == answers[1]["Location"]
    assert FleetCommand.objects.get().note == "For the winter"


def test_the_preview_tells_all_and_one_press_begins(technician: Any, started: list[int]) -> None:
    units = ProductFactory.create_batch(3)
    enable_product(product_imei=units[0].pk, by="x@example.com")
    client = signed_in(technician)
    answer = new(client, command="enable", note="Back <b>again</b>")
    page = text_of(client.get(answer["Location"]))
    for said in (
        "What will happen",
        "is so already, or has been asked for",
        "Confirm: Enable, 2 units",
        "Back &lt;b&gt;again&lt;/b&gt;",
        "technician@example.com",
    ):
        assert said in page, said
    number = FleetCommand.objects.get().pk
    skipped = {
        "fleet_command__fleet_command_id__exact": number,
        "expected_reason__exact": "already",
    }
    listed = text_of(client.get("/admin/fleet/fleetcommandunit/", skipped))
    assert units[0].serial_number in listed
    assert units[1].serial_number not in listed
    for _press in range(2):
        assert client.post(f"{COMMANDS}{number}/step/confirm/").status_code == 302
    assert started == [number]
    assert FleetCommand.objects.get().status == "running"


def test_the_page_shows_how_far_it_is_with_and_without_a_script(
    technician: Any, work_off: Any
) -> None:
    ProductFactory.create_batch(2)
    client = signed_in(technician)
    new(client, command="enable")
    number = FleetCommand.objects.get().pk
    client.post(f"{COMMANDS}{number}/step/confirm/")
    running = text_of(client.get(f"{COMMANDS}{number}/change/"))
    assert "backoffice/fleet.js" in running
    assert "0 of 2" in running
    progress = client.get(f"{COMMANDS}{number}/progress/").json()
    assert (progress["over"], progress["percent"], progress["settled"]) == (False, 0, "0 of 2")
    work_off(number)
    progress = client.get(f"{COMMANDS}{number}/progress/").json()
    assert (progress["over"], progress["percent"], progress["done"]) == (True, 100, "2")
    over = text_of(client.get(f"{COMMANDS}{number}/change/"))
    assert "backoffice/fleet.js" not in over
    assert "2 of 2" in over


def test_failures_are_shown_with_their_sentence_and_tried_again(
    technician: Any, started: list[int]
) -> None:
    row = FleetCommandFactory.create(
        user=technician, status="finished", units_total=1, units_failed=1
    )
    unit = FleetCommandUnitFactory.create(
        fleet_command=row, outcome="failed", reason="refused", message="Not <now>"
    )
    client = signed_in(technician)
    page = text_of(client.get(f"{COMMANDS}{row.pk}/change/"))
    assert "Not &lt;now&gt;" in page
    assert unit.product.serial_number in page
    client.post(f"{COMMANDS}{row.pk}/step/retry/")
    row.refresh_from_db()
    assert (row.status, row.units_pending, row.units_failed) == ("running", 1, 0)
    assert started == [row.pk]


def test_a_preview_is_discarded(technician: Any) -> None:
    ProductFactory.create()
    client = signed_in(technician)
    new(client)
    number = FleetCommand.objects.get().pk
    page = text_of(client.post(f"{COMMANDS}{number}/step/cancel/", follow=True))
    assert "Discarded: nothing was done." in page
    assert not EnableHistory.objects.exists()
    again = text_of(client.post(f"{COMMANDS}{number}/step/confirm/", follow=True))
    assert "This command has ended" in again


@pytest.mark.parametrize(
    "command",
    ["update_software", "set_parameter", "assign_entity", "change_entity", "change_state"],
)
def test_a_form_without_its_parameters_says_what_is_missing(system: Any, command: str) -> None:
    ProductFactory.create()
    client = signed_in(system)
    answer = new(client, command=command)
    assert answer.status_code == 400
    assert "This field is required" in text_of(answer)
    assert not FleetCommand.objects.exists()


def test_forms_ask_for_what_a_command_needs(system: Any) -> None:
    ProductFactory.create()
    version = SoftwareVersionTypeFactory.create()
    old, fresh = EntityFactory.create_batch(2)
    stage = StateTypeFactory.create()
    kind = ParameterTypeFactory.create(data_type="int", repeatable=False, setting=True)
    client = signed_in(system)
    for number, (command, said, kept) in enumerate(
        (
            ("lock_software", {"software": version.pk}, {"software": version.pk}),
            (
                "set_parameter",
                {"kind": kind.pk, "value": "12"},
                {"parameter_type_id": kind.pk, "value": "12"},
            ),
            (
                "change_entity",
                {"old": old.pk, "new": fresh.pk},
                {"old_entity_id": old.pk, "new_entity_id": fresh.pk},
            ),
            ("remove_entity", {"entity": old.pk}, {"entity_id": old.pk}),
            ("change_state", {"state": stage.pk}, {"new_state": stage.pk}),
        )
    ):
        assert client.get(f"{COMMANDS}new/", {"command": command}).status_code == 200
        answer = new(client, command=command, reference=f"r{number}", **said)
        assert answer.status_code == 302, text_of(answer)
        row = FleetCommand.objects.latest("pk")
        assert (row.command, row.parameters) == (command, kept)
        assert client.get(answer["Location"]).status_code == 200


def test_a_value_that_the_type_does_not_take_is_told_at_its_field(system: Any) -> None:
    ProductFactory.create()
    kind = ParameterTypeFactory.create(data_type="int", repeatable=False, setting=True)
    answer = new(signed_in(system), command="set_parameter", kind=kind.pk, value="many")
    assert answer.status_code == 400
    assert f"{kind.name} takes" in text_of(answer)


def test_units_and_entities_beyond_ones_scope_are_not_there(insider: Any, entity: Any) -> None:
    own, hidden = ProductFactory.create_batch(2)
    ProductEntityLinkerFactory.create(product=own, entity=entity)
    other = EntityFactory.create()
    client = signed_in(insider)
    new(client, f"product_imei__in={own.pk},{hidden.pk}")
    assert FleetCommandUnit.objects.get().product_id == own.pk
    refused = new(client, command="assign_entity", entity=other.pk, reference="r2")
    assert refused.status_code == 400
    theirs = FleetCommandFactory.create()
    for page in ("change/", "progress/", "step/confirm/"):
        assert client.get(f"{COMMANDS}{theirs.pk}/{page}").status_code == 404
    assert f"{COMMANDS}{theirs.pk}/" not in text_of(client.get(COMMANDS))


def test_below_the_level_of_a_command_no_step_is_offered_or_taken(
    technician: Any, started: list[int]
) -> None:
    row = FleetCommandFactory.create(command="change_state", parameters={"new_state": 5})
    client = signed_in(technician)
    assert "step/confirm" not in text_of(client.get(f"{COMMANDS}{row.pk}/change/"))
    assert client.post(f"{COMMANDS}{row.pk}/step/confirm/").status_code == 403
    row.refresh_from_db()
    assert (row.status, started) == ("preview", [])


def test_the_list_shows_every_command_with_its_state(technician: Any) -> None:
    client = signed_in(technician)
    assert "Choose units for a new command" in text_of(client.get(COMMANDS))
    FleetCommandFactory.create(status="running", units_total=10, units_pending=4, units_failed=3)
    page = text_of(client.get(COMMANDS))
    assert "6 of 10" in page
    assert "running" in page
    assert client.get("/admin/fleet/fleetcommandunit/").status_code == 200


def test_what_came_of_each_unit_is_told_in_words(technician: Any) -> None:
    row = FleetCommandFactory.create()
    skipped = FleetCommandUnitFactory.create(
        fleet_command=row, outcome="skipped", reason="terminated"
    )
    failed = FleetCommandUnitFactory.create(
        fleet_command=row, outcome="failed", reason="refused", message="Not <now>"
    )
    client = signed_in(technician)
    page = text_of(client.get("/admin/fleet/fleetcommandunit/"))
    assert "at the end of its life: TERMINATED" in page
    assert "Not &lt;now&gt;" in page
    for query in ({"why": "refused"}, {"outcome__exact": "failed"}):
        page = text_of(client.get("/admin/fleet/fleetcommandunit/", query))
        assert failed.product.serial_number in page
        assert skipped.product.serial_number not in page


@pytest.mark.parametrize("page", [COMMANDS, "/admin/fleet/fleetcommandunit/"])
def test_a_list_costs_the_same_however_many_rows_it_shows(technician: Any, page: str) -> None:
    client = signed_in(technician)
    costs = []
    for more in (2, 10):
        for _row in range(more):
            FleetCommandUnitFactory.create(outcome="done")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]
