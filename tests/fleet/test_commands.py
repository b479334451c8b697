"""Each command: what it does, whom it skips and why, and who may give it.

What the preview expects of a unit is held against what then comes of it.
"""

from __future__ import annotations

from typing import Any

import pytest

from apps.connectivity.models import SmsHistory
from apps.fleet.commands import COMMANDS
from apps.fleet.models import CommandName, FleetCommand, FleetCommandUnit
from apps.products.models import (
    Product,
)
from tests.factories import (
    ProductEntityLinkerFactory,
    ProductFactory,
    SoftwareVersionTypeFactory,
    StateTypeFactory,
)
from tests.fleet.scenes import PLAYS, Play, Scene, parameter, send_wakeup
from tests.personas import Api

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"
PATH = "/v1/fleet_commands"
STAGES = (
    "NON_EXISTANT", "STORED", "SHIPPED", "ACTIVATING", "ACTIVATED", "MONITORED", "UNMONITORED",
    "IN_REPAIR_SYSTEM", "TERMINATED",
)  # fmt: skip


@pytest.fixture(autouse=True)
def stages(db: None) -> None:
    for key, name in enumerate(STAGES, start=1):
        StateTypeFactory.create(state_type_id=key, name=name)


@pytest.mark.parametrize(("name", "play"), PLAYS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_expected_of_each_unit_is_what_comes_of_it(
    api: Api, work_off: Any, name: str, play: Play
) -> None:
    scene = Scene()
    parameters, shown = play(scene)
    imeis = list(scene.expected)
    body = {"command": name, "parameters": parameters, "product_imeis": imeis}
    answer = api.as_("system").post(PATH, json=body)
    assert answer.status_code == 201, answer.content
    number = answer.json()["data"]["fleet_command"]["fleet_command_id"]
    units = FleetCommandUnit.objects.filter(fleet_command=number)
    assert dict(units.values_list("product_id", "expected_reason")) == scene.expected

    assert api.as_("system").put(f"{PATH}/{number}/confirm").status_code == 200
    assert work_off(number).status == "finished"
    came = {
        unit.product_id: unit.reason if unit.outcome == "skipped" else unit.outcome
        for unit in units.all()
    }
    assert came == {imei: reason or "done" for imei, reason in scene.expected.items()}
    for imei, reason in scene.expected.items():
        if reason is None:
            assert shown(Product.objects.get(pk=imei)), imei


def test_every_command_is_played() -> None:
    assert {name for name, _play in PLAYS} == set(COMMANDS) == set(CommandName.values)


LEVELS = {
    "technician": {"enable", "disable", "enable_tamper", "disable_tamper"},
    "admin": {"change_state", "assign_entity", "change_entity", "remove_entity", "send_wakeup"},
    "factory": set[str](),
    "system": {
        "update_software",
        "lock_software",
        "unlock_software",
        "expire_software_updates",
        "set_parameter",
    },
}


@pytest.mark.parametrize("name", CommandName.values)
def test_a_command_asks_for_the_level_of_the_action_on_one_unit(api: Api, name: str) -> None:
    ProductFactory.create()
    allowed = False
    for persona, names in LEVELS.items():
        allowed = allowed or name in names
        answer = api.as_(persona).post(PATH, json={"command": name, "q": {}})
        assert (answer.status_code != 403) == allowed, persona
    api.as_("overview")
    assert api.as_("overview").post(PATH, json={"command": name, "q": {}}).status_code == 403


@pytest.mark.parametrize(
    ("command", "parameters", "named"),
    [
        ("change_state", {}, "new_state"),
        ("change_state", {"new_state": 77}, "new_state"),
        ("change_state", {"new_state": "5"}, "new_state"),
        ("update_software", {"software": "no such"}, "software"),
        ("update_software", {"software": 10**30}, "software"),
        ("lock_software", {}, "software"),
        ("set_parameter", {"value": 1}, "name"),
        ("set_parameter", {"name": "no such", "value": 1}, "name"),
        ("set_parameter", {"parameter_type_id": 99999, "value": 1}, "parameter_type_id"),
        ("assign_entity", {"entity_id": 99999}, "entity_id"),
        ("change_entity", {"old_entity_id": 99999, "new_entity_id": 99998}, "new_entity_id"),
        ("send_wakeup", {"text": "hello"}, "text"),
    ],
)
def test_wrong_parameters_are_named(
    api: Api, command: str, parameters: dict[str, Any], named: str
) -> None:
    ProductFactory.create()
    body = {"command": command, "parameters": parameters, "q": {}}
    answer = api.as_("system").post(PATH, json=body)
    assert answer.status_code == 400, answer.content
    assert named in answer.json()["validation_errors"]
    assert not FleetCommand.objects.exists()


def test_a_bad_version_and_a_value_that_the_type_does_not_take_are_refused(api: Api) -> None:
    ProductFactory.create()
    bad = SoftwareVersionTypeFactory.create(status="bad")
    kind = parameter()
    for body, named in (
        ({"command": "update_software", "parameters": {"software": bad.pk}}, "software"),
        ({"command": "set_parameter", "parameters": {"name": kind.name, "value": "x"}}, "value"),
    ):
        answer = api.as_("system").post(PATH, json={**body, "q": {}})
        assert answer.status_code == 400
        assert named in answer.json()["validation_errors"]


def test_an_entity_that_one_may_not_know_of_is_refused_as_if_it_were_not_there(
    api: Api, entity: Any, other_entity: Any
) -> None:
    ProductEntityLinkerFactory.create(entity=entity)
    answers = set()
    for key in (other_entity.pk, 99_999):
        body = {"command": "assign_entity", "parameters": {"entity_id": key}, "q": {}}
        answers.add(api.as_("insider").post(PATH, json=body).content)
    assert len(answers) == 1
    assert not FleetCommand.objects.exists()


def test_messages_are_counted_and_their_cost_is_told(api: Api, settings: Any) -> None:
    scene = Scene()
    send_wakeup(scene)
    for command in ("send_wakeup", "enable"):
        body = {"command": command, "q": {}}
        preview = api.as_("admin").post(PATH, json=body).json()["data"]["preview"]
        assert preview["sms"] == 1
        assert preview["sms_cost"] == float(settings.SMS_COST)
        assert preview["sms_currency"] == settings.SMS_CURRENCY


def test_a_second_wake_up_is_not_paid_for_while_the_first_is_on_its_way(
    api: Api, work_off: Any
) -> None:
    scene = Scene()
    send_wakeup(scene)
    reasons = []
    for _time in range(2):
        body = {"command": "send_wakeup", "q": {}, "confirm": True}
        data = api.as_("admin").post(PATH, json=body).json()["data"]
        number = data["fleet_command"]["fleet_command_id"]
        work_off(number)
        rows = FleetCommandUnit.objects.filter(fleet_command=number).order_by("product_id")
        reasons.append(list(rows.values_list("outcome", "reason")))
    assert reasons[0][0] == ("done", None)
    assert reasons[1][0] == ("skipped", "already")
    assert SmsHistory.objects.count() == 1
