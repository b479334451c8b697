"""The parts that made-up units were built from: SIM, PCB, battery and fuse."""

from __future__ import annotations

import datetime as dt
import string
from dataclasses import dataclass
from random import Random
from typing import Any

from apps.core.demo import Fleet, Maker, Unit
from apps.parts.models import Part, PartParameter, PartProductLinker
from apps.products.demo.life import Life
from apps.products.demo.settings import FACTORY
from apps.products.models import ParameterStatus

# PCB part types by product type.
PCBS: dict[int, tuple[int, ...]] = {
    1: (3,),
    2: (4,),
    3: (17,),
    4: (77,),
    6: (44, 48, 61),
    7: (77,),
    8: (122,),
    9: (122,),
    10: (158,),
}
# Product type -> battery: part type, ERP code in its serial number, volts, ampere-hours. A Hub 2
# has none of its own.
BATTERIES = {
    1: (5, "BT01010101", 12.0, 17.0),
    2: (5, "BT01010101", 12.0, 17.0),
    3: (6, "BT01020101", 12.0, 40.0),
    4: (72, "BT01050101", 12.8, 50.0),
    6: (45, "BT01030101", 6.4, 12.0),
    8: (123, "BT01090101", 12.8, 20.0),
    9: (124, "BT01090201", 12.8, 50.0),
    10: (18004, "BT04010101", 6.4, 12.0),
}
FUSES = {1: 13, 2: 13, 3: 14, 4: 76, 6: 13, 7: 76, 8: 14, 9: 76, 10: 13}
_NOMINAL_VOLTAGE, _NOMINAL_CAPACITY = 25, 26
_MANUFACTURERS = ("A Factory", "Sunworth", "Power Cell Works")


@dataclass
class BatteryInside:
    """The battery a unit was made with, and the row of its time in the unit."""

    part_id: int
    link: dict[str, Any]


class PartMaker(Maker):
    """Builds each unit."""

    def write(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("parts", unit.number)
        life = unit.get(Life)
        identity = life.identity
        product_type = life.model.product_type_id
        made = unit.made
        sim = add_part(fleet, identity.sim.part_type_id, identity.iccid, at=made)
        board = add_part(
            fleet,
            rng.choice(PCBS[product_type]),
            unit.key,
            at=made,
            manufacturer=rng.choice(_MANUFACTURERS),
            properties={
                "imei": identity.imei,
                "imsi": identity.imsi,
                "iccid": identity.iccid,
                "device_key": identity.device_key,
                "serial_number": life.serial,
            },
        )
        fit(fleet, unit, sim, at=made, by=FACTORY)
        fit(fleet, unit, board, at=made, by=FACTORY)
        if product_type in BATTERIES:
            battery = add_battery(fleet, unit, rng, mark="0", at=made)
            unit.put(BatteryInside(battery, fit(fleet, unit, battery, at=made, by=FACTORY)))
        # A fuse bears no number one could read; the system gives it one.
        unread = "".join(rng.choices(string.ascii_letters + string.digits, k=64))
        fuse = add_part(fleet, FUSES[product_type], unread, at=made)
        fit(fleet, unit, fuse, at=made, by=FACTORY)


def add_part(
    fleet: Fleet,
    part_type_id: int,
    serial_number: str,
    *,
    at: dt.datetime,
    by: str = FACTORY,
    **columns: Any,
) -> int:
    """A part that is in no unit yet; returns its id."""
    row = fleet.add(
        Part, at=at, by=by, part_type_id=part_type_id, serial_number=serial_number, **columns
    )
    return int(row["part_id"])


def add_battery(fleet: Fleet, unit: Unit, rng: Random, *, mark: str, at: dt.datetime) -> int:
    """A battery that fits the unit; `mark` tells the unit's first battery from later ones."""
    part_type, erp_code, voltage, capacity = BATTERIES[unit.get(Life).model.product_type_id]
    letters = "".join(rng.choices(string.ascii_uppercase + string.digits, k=2))
    part_id = add_part(
        fleet,
        part_type,
        f"{erp_code}-{unit.number:06d}-{mark}{letters}-{rng.randrange(10)}",
        at=at,
        manufacturer=rng.choice(_MANUFACTURERS),
    )
    for parameter_type, value in ((_NOMINAL_VOLTAGE, voltage), (_NOMINAL_CAPACITY, capacity)):
        fleet.add(
            PartParameter,
            at=at,
            by=FACTORY,
            part_id=part_id,
            parameter_type_id=parameter_type,
            value=str(value),
            status=str(ParameterStatus.ACTIVE),
            date_added=at,
        )
    return part_id


def fit(
    fleet: Fleet, unit: Unit, part_id: int, *, at: dt.datetime, by: str, **columns: Any
) -> dict[str, Any]:
    """Put a part into the unit; returns the row, open until something ends it."""
    return fleet.add(
        PartProductLinker,
        at=at,
        by=by,
        part_id=part_id,
        product_imei=unit.key,
        date_added=at,
        **{"date_removed": None, **columns},
    )


MAKER = PartMaker()
