"""Units: made from PCBs in stock with everything that belongs to them, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from apps.entities.models import ProductEntityLinker
from apps.factory.models import Serial
from apps.factory.serials import serial_number
from apps.parts.models import Part, PartProductLinker, PartTypeProductTypeLinker
from apps.products.models import (
    EnableHistory,
    EnableState,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    ProductType,
    State,
)
from apps.products.services.switch import enable_product
from tests.factories import (
    DefaultEnergyLimitFactory,
    EntityFactory,
    LatestSoftwareFactory,
    ParameterTypeFactory,
    PartFactory,
    PartProductLinkerFactory,
    ProductFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)
from tests.factory.conftest import NOON, home2, modem
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

HOME2, HOME3, HUB2, ENTERPRISE = (
    f"/v1/products/create_product/{name}" for name in ("home2", "home3", "hub2", "enterprise")
)
HUB2_AT_ONCE, ENTERPRISE_AT_ONCE = "/v1/products/create_hub2", "/v1/products/create_enterprise"
ICCID = "66685607592181745482"
IMEI = modem()["imei"]
PRODUCT = {"assembler": "Assembly House 1"}
BATTERY_72 = {"part_type_id": 72, "serial_number": "BC4pDRSReEFnMHzHARHI7Gr9"}

# Each endpoint with the family of PCB it starts from (None: it makes its own) and a good body.
GOOD: dict[str, tuple[str | None, dict[str, Any]]] = {
    HOME2: ("tiger", home2()),
    HOME3: (
        "jackal",
        {"pcb_imei": IMEI, "battery": {"part_type_id": 18004, "serial_number": "B1"}},
    ),
    HUB2: ("hyena", {"pcb_imei": IMEI, "product": PRODUCT}),
    ENTERPRISE: (
        "hyena",
        {
            "pcb_imei": IMEI,
            "battery": BATTERY_72,
            "solar_panel_wattage": 100,
            "product": PRODUCT,
        },
    ),
    HUB2_AT_ONCE: (None, {**modem(), "product": PRODUCT}),
    ENTERPRISE_AT_ONCE: (
        None,
        {**modem(), "battery": BATTERY_72, "solar_panel_wattage": 100, "product": PRODUCT},
    ),
}


def stock(api: Api, family: str | None, number: int = 5, **more: Any) -> None:
    """Put the PCB with `modem(number)` into stock."""
    if family:
        path = f"/v1/parts/create_{family}_pcb"
        assert api.as_("factory").post(path, json={**modem(number), **more}).status_code < 300


def refusal(answer: Any) -> dict[str, Any]:
    """What is wrong by field; no unit was made."""
    assert answer.status_code == 400, answer.content
    assert not Product.objects.filter(created_by="factory@example.com").exists()
    return answer.json()["validation_errors"]


def part(kind: int) -> Part:
    return Part.objects.get(part_type_id=kind)


# --- made -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "product_type", "pcb_type", "battery_type"),
    [
        (HOME2, "Home2Product", 6, 44, 45),
        (HUB2, "Hub2Product", 7, 77, None),
        (ENTERPRISE, "EnterpriseProduct", 4, 77, 72),
        (HUB2_AT_ONCE, "Hub2Product", 7, 77, None),
        (ENTERPRISE_AT_ONCE, "EnterpriseProduct", 4, 77, 72),
    ],
)
def test_a_unit_is_answered_as_in_the_reference(
    api: Api, path: str, name: str, product_type: int, pcb_type: int, battery_type: int | None
) -> None:
    family, body = GOOD[path]
    stock(api, family)
    answer = api.as_("factory").post(path, json=body)
    assert answer.status_code == 200
    serial = serial_number("HB000501", Serial.objects.get().pk)
    expected: dict[str, Any] = {
        "pcb": {"part_id": part(pcb_type).pk, "part_type_id": pcb_type, "serial": IMEI},
        "product": {
            "device_key": modem()["device_key"],
            "imsi": modem()["imsi"],
            "product_imei": IMEI,
            "product_type_id": product_type,
            "serial_number": serial,
            "assembler": "Assembly House 1",
        },
        "sim": {"imsi": modem()["imsi"], "part_id": part(43).pk, "part_type_id": 43},
    }
    if battery_type:
        expected["battery"] = {
            "part_id": part(battery_type).pk,
            "part_type_id": battery_type,
            "serial": body["battery"]["serial_number"],
        }
    assert answer.json() == {
        "status": "success",
        "message": f"{name}: {serial} - ({IMEI}) created.",
        "data": expected,
    }


def test_a_home_3_is_answered_as_in_the_reference(api: Api) -> None:
    stock(api, "jackal", iccid=ICCID)
    answer = api.as_("factory").post(HOME3, json=GOOD[HOME3][1])
    assert answer.status_code == 200
    serial = serial_number("PA040000", Serial.objects.get().pk)
    assert answer.json() == {
        "status": "success",
        "message": "new Home3 product successfully created.",
        "data": {
            "battery": {"part_id": part(18004).pk, "part_type_id": 18004, "serial_number": "B1"},
            "pcb": {
                "part_id": part(158).pk,
                "part_type_id": 158,
                "properties": {
                    **modem(),
                    "iccid": ICCID,
                    "erp_code_override": "PA158",
                    "serial_number": serial,
                },
                "serial_number": IMEI,
            },
            "product": {
                "device_key": modem()["device_key"],
                "iccid": ICCID,
                "imei": IMEI,
                "imsi": modem()["imsi"],
                "product_imei": IMEI,
                "product_type_id": 10,
                "serial_number": serial,
                "assembler": None,
            },
            "sim": {"part_id": part(43).pk, "part_type_id": 43, "serial_number": ICCID},
        },
    }


@pytest.mark.usefixtures("clock")
def test_a_new_unit_is_stored_and_belongs_to_unknown_entity(api: Api) -> None:
    stock(api, "tiger", iccid=ICCID)
    api.as_("factory").post(HOME2, json=home2())
    product = Product.objects.get()
    assert (product.iccid, product.assembler) == (ICCID, "Assembly House 1")
    assert (product.created_at, product.created_by) == (NOON, "factory@example.com")
    state = State.objects.get()
    assert product.latest_state == state
    assert (state.prev_state_type_id, state.current_state_type_id) == (1, 2)
    owner = ProductEntityLinker.objects.get()
    assert (owner.product, owner.entity_id, owner.date_removed) == (product, 1, None)


def test_a_new_unit_is_off_until_somebody_asks(api: Api) -> None:
    stock(api, "hyena")
    api.as_("factory").post(HUB2, json=GOOD[HUB2][1])
    product = Product.objects.get()
    assert not product.current_enable_flag
    assert not product.desired_enable_flag
    assert (product.is_payg, product.dcm_enabled_flag) == (True, False)
    assert not EnableHistory.objects.exists()
    first = enable_product(product_imei=product.pk, by="x")
    assert first is not None
    assert (first.prev_enable_state, first.current_enable_state) == (
        EnableState.INIT,
        EnableState.PENDING_ENABLED,
    )


@pytest.mark.usefixtures("clock")
def test_a_new_unit_is_made_of_its_parts(api: Api) -> None:
    """Those named, and one of the type offered first for each other place."""
    stock(api, "tiger")
    api.as_("factory").post(HOME2, json=home2())
    links = PartProductLinker.objects.select_related("part").order_by("part__part_type_id")
    assert [link.part.part_type_id for link in links] == [13, 30, 43, 44, 45]
    assert {(link.product_id, link.date_added, link.date_removed) for link in links} == {
        (IMEI, NOON, None)
    }
    numbers = {link.part.part_type_id: link.part.serial_number for link in links}
    assert numbers[43] == modem()["imsi"]
    assert numbers[45] == home2()["battery"]["serial_number"]
    # Nobody can read these: the system gives them a number.
    assert len(numbers[13]) == len(numbers[30]) == 64


def test_panels_sold_with_the_unit_are_not_taken_from_the_rules(api: Api) -> None:
    stock(api, "hyena")
    api.as_("factory").post(ENTERPRISE, json=GOOD[ENTERPRISE][1])
    types = PartProductLinker.objects.order_by("part__part_type_id")
    assert list(types.values_list("part__part_type_id", flat=True)) == [13, 43, 72, 77]


def latest_software(product_type: int, *, allowed: bool = True, **version: Any) -> Any:
    kind = ProductType.objects.get(pk=product_type)
    release = SoftwareVersionTypeFactory.create(**version)
    if allowed:
        ProductTypeSoftwareVersionTypeLinkerFactory.create(
            product_type=kind, software_version_type=release
        )
    return LatestSoftwareFactory.create(product_type=kind, software_version_type=release)


def test_a_new_unit_is_to_load_the_latest_software(api: Api) -> None:
    latest = latest_software(6)
    latest_software(7)
    stock(api, "tiger")
    api.as_("factory").post(HOME2, json=home2())
    update = ProductSoftwareLinker.objects.get()
    assert update.software_version_type_id == latest.software_version_type_id
    assert (update.date_added, update.date_removed) == (None, None)


@pytest.mark.parametrize("why", [{"status": "bad"}, {"allowed": False}])
def test_a_latest_software_that_will_not_do_holds_no_unit_up(api: Api, why: Any) -> None:
    latest_software(6, **why)
    stock(api, "tiger")
    assert api.as_("factory").post(HOME2, json=home2()).status_code == 200
    assert not ProductSoftwareLinker.objects.exists()


def test_without_a_latest_software_none_is_asked_for(api: Api) -> None:
    stock(api, "tiger")
    assert api.as_("factory").post(HOME2, json=home2()).status_code == 200
    assert not ProductSoftwareLinker.objects.exists()


def settable(product_type: int, **parameter: Any) -> Any:
    kind = ParameterTypeFactory.create(**{"data_type": "float", **parameter})
    ProductType.objects.filter(pk=product_type).update(parameter_types=[kind.pk])
    return kind


def limit(value: float, *, battery: int = 45, entity: int | None = None, state: int = 2) -> None:
    DefaultEnergyLimitFactory.create(
        battery_type_id=battery,
        battery_type=None,
        state_type_id=state,
        state_type=None,
        entity_id=entity,
        energy_limit=value,
        min_energy_limit=0,
        max_energy_limit=900,
    )


def test_a_new_unit_is_asked_for_the_energy_limit_of_its_battery_in_stock(api: Api) -> None:
    kind = settable(6, name="energy_limit")
    limit(13.9)
    limit(55, state=5)
    limit(66, battery=72)
    limit(77, entity=EntityFactory.create().pk)
    stock(api, "tiger")
    api.as_("factory").post(HOME2, json=home2())
    value = ProductParameter.objects.get()
    assert (value.parameter_type, value.status, value.value) == (kind, "pending", "13.9")


def test_a_limit_of_unknown_entity_goes_first(api: Api) -> None:
    settable(6, name="energy_limit")
    limit(13.9)
    limit(10.5, entity=1)
    stock(api, "tiger")
    api.as_("factory").post(HOME2, json=home2())
    assert ProductParameter.objects.get().value == "10.5"


@pytest.mark.parametrize("path", [ENTERPRISE, ENTERPRISE_AT_ONCE])
def test_the_power_of_the_panels_is_recorded(api: Api, path: str) -> None:
    settable(4, name="solar_panel_wattage", setting=False, validation_rules={"min": 10})
    family, body = GOOD[path]
    stock(api, family)
    assert api.as_("factory").post(path, json=body).status_code == 200
    value = ProductParameter.objects.get()
    assert (value.product_id, value.status, value.value) == (IMEI, "active", "100")


def test_a_pcb_made_without_a_serial_number_is_given_one(api: Api) -> None:
    PartFactory.create(serial_number=modem()["imsi"], part_type=None, part_type_id=43)
    pcb = PartFactory.create(
        serial_number=IMEI, part_type=None, part_type_id=44, properties=modem()
    )
    answer = api.as_("factory").post(HOME2, json=home2())
    assert answer.status_code == 200
    pcb.refresh_from_db()
    serial = serial_number("HB000501", Serial.objects.get().pk)
    assert pcb.properties == {**modem(), "serial_number": serial}
    assert Product.objects.get().serial_number == serial


# --- refused --------------------------------------------------------------------------------------


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


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("persona", ["overview", "technician", "admin", "insider"])
def test_lower_levels_and_entities_make_no_units(api: Api, path: str, persona: str) -> None:
    family, body = GOOD[path]
    stock(api, family)
    before = Part.objects.count()
    assert api.as_(persona).post(path, json=body).status_code == 403
    assert Part.objects.count() == before
    assert not Product.objects.exists()


@pytest.mark.parametrize("path", GOOD)
def test_nobody_gets_in_without_a_token(api: Api, path: str) -> None:
    assert api.anonymous().post(path, json=GOOD[path][1]).status_code == 401


def test_system_makes_units_too(api: Api) -> None:
    answer = api.as_("system").post(HUB2_AT_ONCE, json=GOOD[HUB2_AT_ONCE][1])
    assert answer.status_code == 200


def test_who_sees_one_entity_does_not_see_the_new_unit(api: Api) -> None:
    api.as_("factory").post(HUB2_AT_ONCE, json=GOOD[HUB2_AT_ONCE][1])
    assert api.as_("system").get(f"/v1/products/{IMEI}").status_code == 200
    assert api.as_("outsider").get(f"/v1/products/{IMEI}").status_code == 404


def test_the_paths_of_units_take_post_alone(api: Api) -> None:
    assert api.as_("system").get(HUB2_AT_ONCE).status_code == 405
    assert api.as_("system").put(HOME2, json=home2()).status_code == 405
