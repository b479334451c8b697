"""Numbers of made-up units, in the shapes of real ones and with their check digits."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

# Type allocation codes of modems that were really built into such units, by product type.
_TACS = {
    1: 1377794,
    2: 1395000,
    3: 86150803,
    4: 86481103,
    6: 86677102,
    7: 86211702,
    8: 86655705,
    9: 86655708,
    10: 86761404,
}
# Modems of each type that went elsewhere before.
_MODEMS_BEFORE = 280_000


@dataclass(frozen=True)
class Sim:
    """A kind of SIM: its part type, home network (MCC and MNC), start of ICCIDs, RTC network."""

    part_type_id: int
    home: str
    issuer: str
    rtc_network: str | None


VODAFONE = Sim(1, "20404", "8931440400", None)
WIRELESS_LOGIC = Sim(2, "23410", "8944110068", "Wireless-Logic")
AERIS = Sim(43, "20408", "8931080019", "Aeris")
ESEYE = Sim(20, "23450", "8944538523", "Eseye")


@dataclass(frozen=True)
class Identity:
    """What one unit is told apart by, all of it unique in a fleet."""

    imei: str
    imsi: str
    iccid: str
    device_key: str
    sim: Sim


def luhn_digit(digits: str) -> str:
    """The check digit that makes `digits` followed by it pass the Luhn test."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def identify(rng: Random, *, number: int, product_type_id: int, old: bool) -> Identity:
    """The identity of the unit with a running number.

    No two units share a number. IMEIs run on as in a factory, which also spares the indexes.
    """
    if old:
        sim = rng.choices((VODAFONE, WIRELESS_LOGIC), (70, 30))[0]
    else:
        sim = rng.choices((AERIS, ESEYE, WIRELESS_LOGIC), (60, 20, 20))[0]
    further, running = divmod(number + _MODEMS_BEFORE, 1_000_000)
    body = f"{_TACS[product_type_id] + further:08d}{running:06d}"
    subscriber = number * 7_368_787 % 10_000_000_000
    iccid = f"{sim.issuer}{subscriber % 1_000_000_000:09d}"
    return Identity(
        imei=body + luhn_digit(body),
        imsi=f"{sim.home}{subscriber:010d}",
        iccid=iccid + luhn_digit(iccid),
        device_key=f"{rng.getrandbits(96):024x}",
        sim=sim,
    )
