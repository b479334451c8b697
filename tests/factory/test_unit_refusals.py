"""What no unit is made of: PCBs, SIMs, batteries and bodies that will not do."""

from __future__ import annotations

from typing import Any

import pytest

from apps.parts.models import Part, PartProductLinker, PartTypeProductTypeLinker
from apps.products.models import (
    Product,
    State,
)
from tests.factories import (
    PartFactory,
    PartProductLinkerFactory,
    ProductFactory,
)
from tests.factory.conftest import home2, modem
from tests.factory.units import (
    BATTERY_72,
    ENTERPRISE,
    ENTERPRISE_AT_ONCE,
    GOOD,
    HOME2,
    HOME3,
    HUB2,
    HUB2_AT_ONCE,
    ICCID,
    IMEI,
    part,
    refusal,
    settable,
    stock,
)
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def test_a_pcb_that_is_not_there_is_refused(api: Api) -> None:
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


def test_a_part_that_is_no_pcb_is_refused(api: Api) -> None:
    PartFactory.create(serial_number=IMEI, part_type=None, part_type_id=45)
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


@pytest.mark.parametrize(
    ("path", "family"), [(HOME2, "hyena"), (HOME3, "tiger"), (HUB2, "koala"), (ENTERPRISE, "tiger")]
)
def test_a_pcb_of_another_family_is_refused(api: Api, path: str, family: str) -> None:
    stock(api, family)
    before = Part.objects.count()
    assert set(refusal(api.as_("factory").post(path, json=GOOD[path][1]))) == {"pcb_imei"}
    assert Part.objects.count() == before


@pytest.mark.parametrize("path", [HOME2, HOME3, HUB2, ENTERPRISE])
def test_a_pcb_is_used_once(api: Api, path: str) -> None:
    family, body = GOOD[path]
    stock(api, family)
    assert api.as_("factory").post(path, json=body).status_code == 200
    if "battery" in body:
        body = {**body, "battery": {**body["battery"], "serial_number": "ANOTHER"}}
    counts = (Part.objects.count(), PartProductLinker.objects.count(), State.objects.count())
    again = api.as_("factory").post(path, json=body)
    assert again.status_code == 400
    assert set(again.json()["validation_errors"]) == {"pcb_imei"}
    assert Product.objects.count() == 1
    assert counts == (
        Part.objects.count(),
        PartProductLinker.objects.count(),
        State.objects.count(),
    )


def test_a_pcb_that_was_put_into_a_unit_is_refused(api: Api) -> None:
    stock(api, "tiger")
    PartProductLinkerFactory.create(part=part(44))
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


def test_a_sim_that_went_into_another_unit_is_refused(api: Api) -> None:
    stock(api, "tiger")
    PartProductLinkerFactory.create(part=part(43))
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


def test_a_sim_that_is_gone_is_refused(api: Api) -> None:
    stock(api, "tiger")
    part(43).delete()
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


def test_a_sim_that_does_not_do_for_the_unit_is_refused(api: Api) -> None:
    stock(api, "tiger")
    PartTypeProductTypeLinker.objects.filter(product_type_id=6, part_type_id=43).delete()
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


@pytest.mark.parametrize(
    "properties",
    [
        None,
        {},
        [],
        "imsi",
        {"imsi": modem()["imsi"]},
        {**modem(), "imsi": 5},
        {**modem(), "imsi": "x"},
        {**modem(), "device_key": None},
        {**modem(), "iccid": "1"},
        {**modem(), "iccid": ["66685607592181745482"]},
        {**modem(), "serial_number": 5},
        {**modem(), "serial_number": ""},
        {**modem(), "serial_number": "x" * 256},
    ],
)
def test_a_pcb_that_does_not_say_enough_is_refused(api: Api, properties: Any) -> None:
    """Such parts can be made through the table of parts."""
    PartFactory.create(serial_number=modem()["imsi"], part_type=None, part_type_id=43)
    PartFactory.create(serial_number=IMEI, part_type=None, part_type_id=44, properties=properties)
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


@pytest.mark.parametrize("shared", ["imsi", "iccid", "device_key", "serial_number"])
def test_a_number_that_another_unit_got_since_is_refused(api: Api, shared: str) -> None:
    stock(api, "tiger", iccid=ICCID)
    ProductFactory.create(**{shared: part(44).properties[shared]})
    assert set(refusal(api.as_("factory").post(HOME2, json=home2()))) == {"pcb_imei"}


@pytest.mark.parametrize(
    ("battery", "named"),
    [
        ({"part_type_id": 44, "serial_number": "B1"}, "part_type_id"),
        ({"part_type_id": 72, "serial_number": "B1"}, "part_type_id"),
        ({"part_type_id": 999, "serial_number": "B1"}, "part_type_id"),
        ({"part_type_id": "45", "serial_number": "B1"}, "part_type_id"),
        ({"part_type_id": 2**64, "serial_number": "B1"}, "part_type_id"),
        ({"serial_number": "B1"}, "part_type_id"),
        ({"part_type_id": 45}, "serial_number"),
        ({"part_type_id": 45, "serial_number": ""}, "serial_number"),
        ({"part_type_id": 45, "serial_number": "x" * 256}, "serial_number"),
        ({"part_type_id": 45, "serial_number": 5}, "serial_number"),
        ({"part_type_id": 45, "serial_number": "TAKEN"}, "serial_number"),
        ({"part_type_id": 45, "serial_number": "B1", "colour": "red"}, "colour"),
    ],
)
def test_a_battery_that_does_not_do_is_named(api: Api, battery: Any, named: str) -> None:
    PartFactory.create(serial_number="TAKEN", part_type=None, part_type_id=45)
    stock(api, "tiger")
    before = Part.objects.count()
    wrong = refusal(api.as_("factory").post(HOME2, json={**home2(), "battery": battery}))
    assert set(wrong) == {"battery"}
    assert set(wrong["battery"]) == {named}
    assert Part.objects.count() == before


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("pcb_imei", "0101"),
        ("pcb_imei", int(IMEI)),
        ("pcb_imei", None),
        ("battery", None),
        ("battery", "B1"),
        ("battery", []),
        ("product", "Assembly House 1"),
        ("product", {"assembler": 5}),
        ("product", {"assembler": "x" * 256}),
        ("product", {"serial_number": "HB"}),
        ("solar_panel_wattage", 100),
        ("imei", IMEI),
    ],
)
def test_bad_input_is_refused_by_field(api: Api, name: str, wrong: Any) -> None:
    stock(api, "tiger")
    assert set(refusal(api.as_("factory").post(HOME2, json={**home2(), name: wrong}))) == {name}


@pytest.mark.parametrize("wrong", [0, -1, 9, 2001, 2**40, 10.5, "100", True, None])
def test_a_wattage_that_no_panels_have_is_refused(api: Api, wrong: Any) -> None:
    rules = {"min": 10, "max": 2000}
    settable(4, name="solar_panel_wattage", setting=False, validation_rules=rules)
    stock(api, "hyena")
    body = {**GOOD[ENTERPRISE][1], "solar_panel_wattage": wrong}
    assert set(refusal(api.as_("factory").post(ENTERPRISE, json=body))) == {"solar_panel_wattage"}


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        *((path, "battery") for path in (HOME2, HOME3, ENTERPRISE, ENTERPRISE_AT_ONCE)),
        *((path, "pcb_imei") for path in (HOME2, HOME3, HUB2, ENTERPRISE)),
        *((path, "imei") for path in (HUB2_AT_ONCE, ENTERPRISE_AT_ONCE)),
        *((path, "solar_panel_wattage") for path in (ENTERPRISE, ENTERPRISE_AT_ONCE)),
    ],
)
def test_what_is_missing_is_named(api: Api, path: str, missing: str) -> None:
    family, body = GOOD[path]
    stock(api, family)
    body = {name: value for name, value in body.items() if name != missing}
    assert set(refusal(api.as_("factory").post(path, json=body))) == {missing}


def test_a_pcb_made_with_its_unit_is_not_left_alone(api: Api) -> None:
    """Both or neither."""
    PartFactory.create(serial_number=BATTERY_72["serial_number"])
    answer = api.as_("factory").post(ENTERPRISE_AT_ONCE, json=GOOD[ENTERPRISE_AT_ONCE][1])
    assert set(refusal(answer)) == {"battery"}
    assert Part.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("pcb_part_type_id", 44), ("sim_part_type_id", 44), ("imsi", "1"), ("device_key", "1")],
)
def test_a_pcb_that_cannot_be_made_makes_no_unit(api: Api, name: str, value: Any) -> None:
    body = {**GOOD[HUB2_AT_ONCE][1], name: value}
    assert set(refusal(api.as_("factory").post(HUB2_AT_ONCE, json=body))) == {name}
    assert not Part.objects.exists()


def test_a_pcb_of_its_family_that_does_not_do_for_the_line_is_refused(api: Api) -> None:
    PartTypeProductTypeLinker.objects.filter(product_type_id=7, part_type_id=77).delete()
    answer = api.as_("factory").post(HUB2_AT_ONCE, json=GOOD[HUB2_AT_ONCE][1])
    assert set(refusal(answer)) == {"pcb_part_type_id"}


def test_the_same_unit_made_at_once_again_is_refused(api: Api) -> None:
    body = GOOD[HUB2_AT_ONCE][1]
    assert api.as_("factory").post(HUB2_AT_ONCE, json=body).status_code == 200
    again = api.as_("factory").post(HUB2_AT_ONCE, json=body)
    assert again.status_code == 400
    assert "imei" in again.json()["validation_errors"]
    assert Product.objects.count() == 1
