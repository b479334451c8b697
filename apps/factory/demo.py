"""What the factory recorded of made-up units: serial numbers, jig runs, stock checks."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db.models import Max

from apps.core.demo import Fleet, Maker, Unit
from apps.factory.lines import HYENA, JACKAL, KOALA, TIGER
from apps.factory.models import (
    BatteryTestResult,
    FactoryLog,
    Home2StockPreparationTracking,
    Serial,
    TestJigTestResult,
)
from apps.factory.serials import serial_number
from apps.parts.demo import BATTERIES, BatteryInside
from apps.products.demo.life import Life, between
from apps.products.demo.settings import FACTORY

# Numbers below were given out before the fleet.
_FIRST_NUMBER = 601
_HOME_2 = 6
# Start of the serial number by product type; BB17SMART bear the day they were made instead.
_PREFIXES = {
    3: "HB000301",
    4: HYENA.prefix,
    6: TIGER.prefix,
    7: HYENA.prefix,
    8: KOALA.prefix,
    9: KOALA.prefix,
    10: JACKAL.prefix,
}
# The tools that log, by product type.
_TOOLS = {
    6: "tiger_test_jig_production",
    8: "bpower20_registration_production",
    9: "bpower50_registration_production",
}


class FactoryMaker(Maker):
    """Gives each unit its serial number and tests it."""

    def setup(self, fleet: Fleet) -> None:
        last = Serial.objects.aggregate(last=Max("pk"))["last"]
        fleet.first_number = last + 1 if last else _FIRST_NUMBER

    def plan(self, fleet: Fleet, unit: Unit) -> None:
        life = unit.get(Life)
        prefix = _PREFIXES.get(life.model.product_type_id)
        life.serial = (
            serial_number(prefix, unit.number)
            if prefix
            else f"BB17SMART-{unit.made:%y%m%d}-{unit.number:04d}"
        )

    def write(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("factory", unit.number)
        life = unit.get(Life)
        fleet.add(Serial, at=unit.made, by=FACTORY, serial_number=unit.number)
        for minutes in (25, 5) if rng.random() < 0.04 else (5,):
            _run_jig(fleet, unit, rng, unit.made - dt.timedelta(minutes=minutes), minutes == 5)
        if life.model.product_type_id == _HOME_2 and unit.shipped and rng.random() < 0.25:
            _prepare_stock(fleet, unit, rng)
        if life.model.product_type_id in _TOOLS and rng.random() < 0.3:
            _log(fleet, unit, rng)
        for arrival, end in life.repairs:
            if end and life.model.product_type_id in BATTERIES:
                _test_battery(fleet, unit, rng, between(rng, arrival, end, 0.1, 0.5))


def _run_jig(fleet: Fleet, unit: Unit, rng: Random, at: dt.datetime, passed: bool) -> None:
    voltage = rng.gauss(12.6 if passed else 9.1, 0.1)
    fleet.add(
        TestJigTestResult,
        at=at,
        by=FACTORY,
        product_imei=unit.key,
        jig_id=f"JIG{rng.randrange(1, 7):02d}",
        machine_id=f"{rng.getrandbits(32):08x}",
        jig_software_version=rng.choice(("2.4.1", "2.5.0")),
        user=FACTORY,
        passed=passed,
        results={
            "input_pv": {"value": round(rng.gauss(5.1, 0.05), 3), "pass": True},
            "output_usb": {"value": round(rng.gauss(1.2, 0.03), 3), "pass": True},
            "output_12v": {"value": round(voltage, 3), "pass": passed},
        },
    )


def _prepare_stock(fleet: Fleet, unit: Unit, rng: Random) -> None:
    assert unit.shipped
    fine = rng.random() < 0.93
    fleet.add(
        Home2StockPreparationTracking,
        at=between(rng, unit.shipped, unit.sold or fleet.until),
        by="warehouse@demo.example",
        product_imei=unit.key,
        serial_number=unit.get(Life).serial,
        activated=True,
        software_updated=rng.random() < 0.9,
        temperature_check=True,
        battery_charged=fine or rng.random() < 0.5,
        recent_data=fine,
        online_disable=fine,
        contact_support=not fine,
    )


def _log(fleet: Fleet, unit: Unit, rng: Random) -> None:
    life = unit.get(Life)
    at = unit.made - dt.timedelta(minutes=5)
    fleet.add(
        FactoryLog,
        at=at,
        by=FACTORY,
        app_name=_TOOLS[life.model.product_type_id],
        product_imei=unit.key,
        timestamp=at,
        tags={"machine_id": f"{rng.getrandbits(32):08x}", "user": FACTORY},
        fields={"passed": True, "serial_number": life.serial, "software_version": "0.3.0"},
    )


def _test_battery(fleet: Fleet, unit: Unit, rng: Random, at: dt.datetime) -> None:
    """Charged and discharged on the bench during a repair."""
    _part_type, _erp_code, voltage, capacity = BATTERIES[unit.get(Life).model.product_type_id]
    share = rng.uniform(0.5, 1.0)
    worn = share < 0.7
    fleet.add(
        BatteryTestResult,
        at=at,
        by="technician@demo.example",
        product_imei=unit.key,
        type="discharge",
        result="fail" if worn else "pass",
        problem="low_capacity" if worn else None,
        message=f"{share:.0%} of the nominal capacity",
        lvd_time=at,
        energy=round(voltage * capacity * share, 1),
        battery_part_id=unit.get(BatteryInside).part_id,
    )


MAKER = FactoryMaker()
