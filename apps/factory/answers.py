"""What the factory's actions say of what they made, in the shapes of the reference."""

from __future__ import annotations

from typing import Any

from apps.factory.services.pcbs import PcbWithSim
from apps.factory.services.units import NewUnit
from apps.parts.models import Part


def of_pcb(made: PcbWithSim) -> dict[str, Any]:
    """A PCB and its SIM, as in "/parts/create_tiger_pcb"."""
    return {
        "pcb": {
            "part_type_id": made.pcb.part_type_id,
            "properties": made.pcb.properties,
            "serial_number": made.pcb.serial_number,
            "manufacturer": made.pcb.manufacturer,
        },
        "sim": {
            "part_type_id": made.sim.part_type_id,
            "serial_number": made.sim.serial_number,
        },
    }


def of_unit(unit: NewUnit) -> dict[str, Any]:
    """A unit and the parts that make it out, as in "/products/create_product/home2"."""
    product = unit.product
    found: dict[str, Any] = {
        "pcb": _part(unit.pcb, "serial"),
        "product": {
            "device_key": product.device_key,
            "imsi": product.imsi,
            "product_imei": product.product_imei,
            "product_type_id": product.product_type_id,
            "serial_number": product.serial_number,
            "assembler": product.assembler,
        },
        "sim": {
            "imsi": product.imsi,
            "part_id": unit.sim.part_id,
            "part_type_id": unit.sim.part_type_id,
        },
    }
    if unit.battery is not None:
        found["battery"] = _part(unit.battery, "serial")
    return found


def of_home3(unit: NewUnit) -> dict[str, Any]:
    """The same for a Home 3, which the reference shows in other words."""
    product = unit.product
    found: dict[str, Any] = {
        "pcb": {**_part(unit.pcb, "serial_number"), "properties": unit.pcb.properties},
        "product": {
            "device_key": product.device_key,
            "iccid": product.iccid,
            "imei": product.product_imei,
            "imsi": product.imsi,
            "product_imei": product.product_imei,
            "product_type_id": product.product_type_id,
            "serial_number": product.serial_number,
            "assembler": product.assembler,
        },
        "sim": _part(unit.sim, "serial_number"),
    }
    if unit.battery is not None:
        found["battery"] = _part(unit.battery, "serial_number")
    return found


def _part(part: Part, number: str) -> dict[str, Any]:
    return {
        "part_id": part.part_id,
        "part_type_id": part.part_type_id,
        number: part.serial_number,
    }
