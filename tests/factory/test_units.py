"""Units: made from PCBs in stock with everything that belongs to them, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from apps.entities.models import ProductEntityLinker
from apps.factory.models import Serial
from apps.factory.serials import serial_number
from apps.parts.models import Part, PartProductLinker
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
    PartFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)
from tests.factory.conftest import NOON, home2, modem
from tests.factory.units import (
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
    settable,
    stock,
)
from tests.personas import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


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
