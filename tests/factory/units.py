"""Making units through the API: each endpoint with a good body, and what a refusal leaves."""

from __future__ import annotations

from typing import Any

from apps.parts.models import Part
from apps.products.models import (
    Product,
    ProductType,
)
from tests.factories import ParameterTypeFactory
from tests.factory.conftest import home2, modem
from tests.personas import Api

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


def settable(product_type: int, **parameter: Any) -> Any:
    kind = ParameterTypeFactory.create(**{"data_type": "float", **parameter})
    ProductType.objects.filter(pk=product_type).update(parameter_types=[kind.pk])
    return kind
