"""PCBs: made with their SIMs, both or neither, no number twice."""

from __future__ import annotations

from typing import Any

import pytest

from apps.factory.models import Serial
from apps.factory.serials import has_good_check, serial_number
from apps.parts.models import Part
from tests.factories import PartFactory, ProductFactory
from tests.factory.conftest import PCB, SIM, modem
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

TIGER, HYENA, KOALA, JACKAL = (
    f"/v1/parts/create_{name}_pcb" for name in ("tiger", "hyena", "koala", "jackal")
)
ALL = (TIGER, HYENA, KOALA, JACKAL)
ICCID = "66685607592181745482"


def refusal(answer: Any) -> dict[str, Any]:
    """What is wrong by field; nothing was written."""
    assert answer.status_code == 400
    body = answer.json()
    assert body["status"] == "validation-error"
    return body["validation_errors"]


# --- made -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "part_type", "prefix"), [(TIGER, 44, "HB"), (HYENA, 77, "HB")])
def test_a_pcb_is_answered_as_in_the_reference(api: Api, path, part_type, prefix) -> None:
    answer = api.as_("factory").post(path, json={**modem(), "manufacturer": "A Factory"})
    assert answer.status_code == 200
    serial = serial_number(f"{prefix}000501", Serial.objects.get().pk)
    assert answer.json() == {
        "status": "success",
        "message": "new pcb part and sim successfully created",
        "data": {
            "pcb": {
                "part_type_id": part_type,
                "properties": {
                    "device_key": modem()["device_key"],
                    "imei": modem()["imei"],
                    "imsi": modem()["imsi"],
                    "serial_number": serial,
                },
                "serial_number": modem()["imei"],
                "manufacturer": "A Factory",
            },
            "sim": {"part_type_id": 43, "serial_number": modem()["imsi"]},
        },
    }


@pytest.mark.parametrize(
    ("path", "status", "part_type", "prefix", "message"),
    [
        (KOALA, 201, 122, "BX0020", "new koala pcb successfully created."),
        (JACKAL, 200, 158, "PA040000", "new jackal pcb successfully created."),
    ],
)
def test_later_families_state_their_erp_code(api, path, status, part_type, prefix, message) -> None:
    answer = api.as_("factory").post(path, json={**modem(), "iccid": ICCID})
    assert answer.status_code == status
    body = answer.json()
    assert body["message"] == message
    assert body["data"]["pcb"] == {
        "part_type_id": part_type,
        "properties": {
            **modem(),
            "iccid": ICCID,
            "erp_code_override": f"PA{part_type}",
            "serial_number": serial_number(prefix, Serial.objects.get().pk),
        },
        "serial_number": modem()["imei"],
        "manufacturer": None,
    }
    assert body["data"]["sim"] == {"part_type_id": 43, "serial_number": ICCID}


@pytest.mark.usefixtures("clock")
def test_both_parts_are_in_stock_with_what_a_unit_will_need(api: Api) -> None:
    api.as_("factory").post(TIGER, json={**modem(), "iccid": ICCID})
    sim, pcb = Part.objects.order_by("pk")
    assert (sim.part_type.part_type_category_id, sim.serial_number) == (SIM, ICCID)
    assert (pcb.part_type.part_type_category_id, pcb.serial_number) == (PCB, modem()["imei"])
    assert pcb.properties.items() >= {**modem(), "iccid": ICCID}.items()
    assert has_good_check(pcb.properties["serial_number"])
    assert {sim.created_by, pcb.created_by} == {"factory@example.com"}
    assert sim.created_at == pcb.created_at
    assert not pcb.part_product_linker.exists()


def test_other_types_of_the_right_kind_may_be_named(api: Api) -> None:
    body = {**modem(), "pcb_part_type_id": 48, "sim_part_type_id": 20}
    data = api.as_("factory").post(TIGER, json=body).json()["data"]
    assert (data["pcb"]["part_type_id"], data["sim"]["part_type_id"]) == (48, 20)


@pytest.mark.parametrize("name", ["iccid", "manufacturer"])
def test_null_stands_for_not_known(api: Api, name: str) -> None:
    assert api.as_("factory").post(TIGER, json={**modem(), name: None}).status_code == 200
    assert "iccid" not in Part.objects.get(part_type=44).properties


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("pcb_part_type_id", 45),  # a battery
        ("pcb_part_type_id", 77),  # of another family
        ("pcb_part_type_id", 3),  # of units that are made no more
        ("pcb_part_type_id", 999),
        ("pcb_part_type_id", 0),
        ("pcb_part_type_id", 2**70),
        ("pcb_part_type_id", "44"),
        ("pcb_part_type_id", True),
        ("pcb_part_type_id", None),
        ("sim_part_type_id", 44),
        ("sim_part_type_id", 999),
        ("sim_part_type_id", 43.0),
    ],
)
def test_part_types_of_another_kind_are_refused(api: Api, name: str, wrong: Any) -> None:
    answer = api.as_("factory").post(TIGER, json={**modem(), name: wrong})
    assert set(refusal(answer)) == {name}
    assert not Part.objects.exists()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("imei", "01010123456000"),
        ("imei", "0101012345600055"),
        ("imei", "01010123456000a"),
        ("imei", "０１０１０１２３４５６０００５"),
        ("imei", " 10101234560005"),
        ("imei", "010101234560005\n"),
        ("imei", 10101234560005),
        ("imei", ""),
        ("imei", None),
        ("imsi", "2135141351713"),
        ("imsi", "2135141351713530"),
        ("imsi", ["213514135171353"]),
        ("device_key", "4ab1ab3ab1ab7ab9ab1ab4a"),
        ("device_key", "4ab1ab3ab1ab7ab9ab1ab4ag"),
        ("device_key", {}),
        ("iccid", "6668560759218174"),
        ("iccid", "6668560759218174548x"),
        ("manufacturer", "x" * 256),
        ("manufacturer", 5),
        ("serial_number", "HB000501-000001-A"),
        ("created_by", "me"),
    ],
)
def test_bad_input_is_refused_by_field(api: Api, name: str, wrong: Any) -> None:
    answer = api.as_("factory").post(TIGER, json={**modem(), name: wrong})
    assert set(refusal(answer)) == {name}
    assert not Part.objects.exists()
    assert not Serial.objects.exists()


@pytest.mark.parametrize("missing", ["imei", "imsi", "device_key"])
def test_what_is_missing_is_named(api: Api, missing: str) -> None:
    body = {name: value for name, value in modem().items() if name != missing}
    assert set(refusal(api.as_("factory").post(TIGER, json=body))) == {missing}


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b'{"imei": NaN}', b'{"imei": "\\u0000"}', b"{"])
def test_a_body_that_is_no_object_is_refused(api: Api, body: bytes) -> None:
    assert api.as_("factory").post(TIGER, data=body).status_code == 400
    assert not Part.objects.exists()


@pytest.mark.parametrize("shared", ["imei", "imsi", "device_key", "iccid"])
def test_a_number_of_another_pcb_is_refused_by_field(api: Api, shared: str) -> None:
    """Whatever the family."""
    first = {**modem(1), "iccid": ICCID}
    assert api.as_("factory").post(HYENA, json=first).status_code == 200
    body = {**modem(2), "iccid": "89314404000000000001", shared: first[shared]}
    assert set(refusal(api.as_("factory").post(TIGER, json=body))) == {shared}
    assert Part.objects.count() == 2


def test_the_same_request_again_names_every_number(api: Api) -> None:
    api.as_("factory").post(TIGER, json={**modem(), "iccid": ICCID})
    again = api.as_("factory").post(TIGER, json={**modem(), "iccid": ICCID})
    assert {"imei", "iccid"} <= set(refusal(again))
    assert Part.objects.count() == 2


@pytest.mark.parametrize("shared", ["imei", "imsi", "device_key", "iccid"])
def test_a_number_of_a_unit_is_refused_by_field(api: Api, shared: str) -> None:
    unit = ProductFactory.create()
    value = unit.pk if shared == "imei" else getattr(unit, shared)
    answer = api.as_("factory").post(TIGER, json={**modem(), shared: value})
    assert set(refusal(answer)) == {shared}
    assert not Part.objects.exists()


def test_the_number_of_a_sim_in_stock_is_refused(api: Api) -> None:
    PartFactory.create(serial_number=modem()["imsi"])
    assert set(refusal(api.as_("factory").post(TIGER, json=modem()))) == {"imsi"}


def test_the_sim_cannot_have_the_number_of_the_modem(api: Api) -> None:
    body = {**modem(), "imsi": modem()["imei"]}
    assert set(refusal(api.as_("factory").post(TIGER, json=body))) == {"imsi"}
    assert not Part.objects.exists()


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("persona", ["overview", "technician", "admin"])
def test_levels_below_factory_are_refused(api: Api, path: str, persona: str) -> None:
    assert api.as_(persona).post(path, json=modem()).status_code == 403
    assert not Part.objects.exists()


@pytest.mark.parametrize("path", ALL)
def test_who_sees_one_entity_only_is_refused(api: Api, path: str) -> None:
    assert api.as_("insider").post(path, json=modem()).status_code == 403
    assert not Part.objects.exists()


@pytest.mark.parametrize("path", ALL)
def test_nobody_gets_in_without_a_token(api: Api, path: str) -> None:
    assert api.anonymous().post(path, json=modem()).status_code == 401
    assert not Part.objects.exists()


def test_only_post_is_taken(api: Api) -> None:
    assert api.as_("factory").get(TIGER).status_code == 405
