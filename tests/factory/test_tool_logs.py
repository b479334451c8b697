"""POST /upload_tool_log: what each tool may say, kept once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from apps.factory.models import FactoryLog
from apps.factory.tools import PERMITTED_FIELDS
from tests.factories import ProductEntityLinkerFactory, ProductFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

PATH = "/v1/upload_tool_log"
MESSAGE = '{"serials": {"pcb": "BX0020-417157-M"}, "input_pv": {"value": "5.150", "pass": true}}'
ENTRY = {
    "time": "2020-11-05T10:25:30Z",
    "message": MESSAGE,
    "toolname": "bpower20_registration_production",
    "hostname": "CN-REG03",
    "machine_id": "593bfa0c",
    "passed": True,
    "product_imei": "866557056339858",
    "serial_number": "",
    "software_version": "0.3.0",
    "user": "mfg.example@example.com",
}
# A value of the right type for each field that some tool may send.
VALUES: dict[str, Any] = {
    "jig_id": "JIG01",
    "machine_id": "593bfa0c",
    "hostname": "CN-REG03",
    "user": "mfg.example@example.com",
    "software_version": "0.3.0",
    "passed": False,
    "serial_number": "BX0020-417157-M",
    "product_imei": "866557056339858",
    "control_board_revision": "C",
    "count": 3,
}
# The reference's table.
TABLE = {
    "tiger_test_jig_production": "jig_id machine_id user software_version passed serial_number",
    "tiger_test_jig_repair": "jig_id machine_id user software_version passed serial_number"
    " product_imei count",
    "koala_test_jig_production": "jig_id machine_id user software_version passed serial_number"
    " product_imei hostname control_board_revision",
    "bpower20_registration_production": "machine_id hostname user software_version passed"
    " serial_number product_imei",
    "bpower50_registration_production": "machine_id hostname user software_version passed"
    " serial_number product_imei",
}


def refusal(answer: Any) -> dict[str, Any]:
    """What is wrong by field; the message says it as well, and nothing is kept."""
    assert answer.status_code == 400
    body = answer.json()
    for name, text in body["validation_errors"].items():
        assert f"{name}: {text}" in body["message"]
    assert not FactoryLog.objects.exists()
    return body["validation_errors"]


def test_an_entry_is_kept(api: Api) -> None:
    answer = api.as_("system").post(PATH, json=ENTRY)
    assert answer.status_code == 201
    assert answer.json() == {
        "data": None,
        "status": "success",
        "message": "Log uploaded successfully",
    }
    log = FactoryLog.objects.get()
    assert log.app_name == "bpower20_registration_production"
    assert log.product_imei == "866557056339858"
    assert log.timestamp == dt.datetime(2020, 11, 5, 10, 25, 30, tzinfo=dt.UTC)
    assert log.tags == {
        "hostname": "CN-REG03",
        "machine_id": "593bfa0c",
        "user": "mfg.example@example.com",
    }
    assert log.fields == {
        "message": MESSAGE,
        "passed": True,
        "serial_number": "",
        "software_version": "0.3.0",
    }
    assert (log.created_by, log.repair) == ("system@example.com", None)


def test_the_tools_and_their_fields_are_those_of_the_reference() -> None:
    assert {name: set(fields) for name, fields in PERMITTED_FIELDS.items()} == {
        name: set(fields.split()) for name, fields in TABLE.items()
    }


@pytest.mark.parametrize("tool", TABLE)
def test_a_tool_may_say_all_that_is_permitted_to_it(api: Api, tool: str) -> None:
    details = {name: VALUES[name] for name in TABLE[tool].split()}
    entry = {"time": ENTRY["time"], "message": "m", "toolname": tool, **details}
    assert api.as_("system").post(PATH, json=entry).status_code == 201
    log = FactoryLog.objects.get()
    said = {**log.tags, **log.fields, "product_imei": log.product_imei}
    assert said.items() >= details.items()


@pytest.mark.parametrize("tool", TABLE)
def test_time_message_and_toolname_are_enough(api: Api, tool: str) -> None:
    entry = {"time": ENTRY["time"], "message": "", "toolname": tool}
    assert api.as_("system").post(PATH, json=entry).status_code == 201
    log = FactoryLog.objects.get()
    assert (log.product_imei, log.tags, log.fields) == (None, {}, {"message": ""})


@pytest.mark.parametrize(
    ("tool", "name"),
    [(tool, name) for tool in TABLE for name in VALUES if name not in TABLE[tool].split()],
)
def test_what_is_not_permitted_to_the_tool_is_refused(api: Api, tool: str, name: str) -> None:
    entry = {"time": ENTRY["time"], "message": "m", "toolname": tool, name: VALUES[name]}
    assert set(refusal(api.as_("system").post(PATH, json=entry))) == {name}


@pytest.mark.parametrize("missing", ["time", "message", "toolname"])
def test_what_every_entry_needs_is_named(api: Api, missing: str) -> None:
    entry = {name: value for name, value in ENTRY.items() if name != missing}
    assert missing in refusal(api.as_("system").post(PATH, json=entry))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("time", "yesterday"),
        ("time", "2020-02-30T10:00:00"),
        ("time", 1604571930),
        ("time", None),
        ("message", {"serials": {}}),
        ("message", "x" * 65_536),
        ("toolname", "hammer"),
        ("toolname", ["bpower20_registration_production"]),
        ("toolname", None),
        ("passed", "true"),
        ("passed", 1),
        ("passed", None),
        ("product_imei", "86655705633985"),
        ("product_imei", 866557056339858),
        ("machine_id", 593),
        ("hostname", "x" * 256),
        ("colour", "red"),
        ("factory_log_id", 1),
    ],
)
def test_bad_input_is_refused_by_field(api: Api, name: str, wrong: Any) -> None:
    assert name in refusal(api.as_("system").post(PATH, json={**ENTRY, name: wrong}))


@pytest.mark.parametrize("wrong", [-1, 2**31, 1.5, "3", True])
def test_a_count_is_a_whole_number(api: Api, wrong: Any) -> None:
    tool = "tiger_test_jig_repair"
    entry = {"time": ENTRY["time"], "message": "m", "toolname": tool, "count": wrong}
    assert set(refusal(api.as_("system").post(PATH, json=entry))) == {"count"}


@pytest.mark.parametrize("body", [b"", b"[]", b'"text"', b"{", b'{"a": 1, "a": 2}'])
def test_a_body_that_is_no_object_is_refused(api: Api, body: bytes) -> None:
    assert api.as_("system").post(PATH, data=body).status_code == 400
    assert not FactoryLog.objects.exists()


def test_an_empty_imei_is_none(api: Api) -> None:
    assert api.as_("system").post(PATH, json={**ENTRY, "product_imei": ""}).status_code == 201
    assert FactoryLog.objects.get().product_imei is None


def test_the_same_entry_again_is_kept_once(api: Api) -> None:
    for _ in range(3):
        assert api.as_("system").post(PATH, json=ENTRY).status_code == 201
    assert FactoryLog.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"time": "2020-11-05T10:25:31Z"},
        {"message": "{}"},
        {"passed": False},
        {"machine_id": "593bfa0d"},
        {"product_imei": ""},
        {"toolname": "bpower50_registration_production"},
    ],
)
def test_an_entry_that_differs_is_another(api: Api, other: dict[str, Any]) -> None:
    api.as_("system").post(PATH, json=ENTRY)
    assert api.as_("system").post(PATH, json={**ENTRY, **other}).status_code == 201
    assert FactoryLog.objects.count() == 2


@pytest.mark.parametrize("persona", ["overview", "technician", "admin", "factory"])
def test_only_system_uploads(api: Api, persona: str) -> None:
    assert api.as_(persona).post(PATH, json=ENTRY).status_code == 403
    assert not FactoryLog.objects.exists()


def test_nobody_uploads_without_a_token(api: Api) -> None:
    assert api.anonymous().post(PATH, json=ENTRY).status_code == 401


def test_the_logs_of_other_entities_units_are_not_written_to(api: Api, entity: Any) -> None:
    """The same words for a unit that is somebody else's and for one that is not made yet."""
    own, foreign = ProductFactory.create_batch(2)
    ProductEntityLinkerFactory.create(product=own, entity=entity)
    caller = api.as_("insider")
    answers = [
        caller.post(PATH, json={**ENTRY, "product_imei": imei})
        for imei in (foreign.pk, "866557056339858")
    ]
    assert answers[0].content == answers[1].content
    assert set(refusal(answers[0])) == {"product_imei"}
    assert caller.post(PATH, json={**ENTRY, "product_imei": own.pk}).status_code == 201


def test_the_log_is_read_back_as_a_factory_log(api: Api) -> None:
    api.as_("system").post(PATH, json=ENTRY)
    row = api.as_("overview").get("/v1/factory_logs").json()["objects"][0]
    assert row["timestamp"] == "2020-11-05T10:25:30.000000"
    assert row["fields"]["message"] == MESSAGE
