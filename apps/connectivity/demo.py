"""How made-up units were heard: connections with cells and places, and text messages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from random import Random
from typing import Any

from django.conf import settings

from apps.connectivity.models import (
    Connection,
    Network,
    SimPartTypeSimProviderLinker,
    SimProviderNetworkLinker,
    SmsDispatch,
    SmsHistory,
)
from apps.connectivity.selectors import sms_cost
from apps.connectivity.services.sms_sending import FIRST_RETRY
from apps.connectivity.wakeups import WAKEUP_TIMEOUT
from apps.core.demo import Fleet, Maker, Unit
from apps.entities.demo import Ownership
from apps.products.demo.life import IN_USE, NOT_SOLD, Life
from apps.products.demo.switches import UNIT

_EVERY = dt.timedelta(hours=4)
_SHENZHEN = (22.6273, 114.0573)
_CHINA = 460
# Where the platform keeps at most: text of 12 characters for a degree.
_DEGREES = "{:.6f}"


class ConnectionMaker(Maker):
    """Has each unit connect every four hours over the last days before it was last heard."""

    def setup(self, fleet: Fleet) -> None:
        """Read which networks each kind of SIM finds in each country."""
        providers = dict(
            SimPartTypeSimProviderLinker.objects.values_list("sim_provider", "sim_part_type")
        )
        countries = dict(Network.objects.values_list("pk", "mcc"))
        self.networks: dict[tuple[int, int], list[int]] = defaultdict(list)
        for provider, network in SimProviderNetworkLinker.objects.order_by("pk").values_list(
            "sim_provider", "network"
        ):
            mcc = countries[network]
            if provider in providers and mcc is not None:
                self.networks[providers[provider], mcc].append(network % 100)

    def write(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("connection", unit.number)
        life = unit.get(Life)
        if life.stage in NOT_SOLD:
            _connect_in_factory(fleet, unit, rng)
        else:
            self._connect_at_home(fleet, unit, rng)
        _write_messages(fleet, unit, rng)

    def _connect_at_home(self, fleet: Fleet, unit: Unit, rng: Random) -> None:
        life, owner = unit.get(Life), unit.get(Ownership)
        assert life.activated
        mcc = owner.company.mcc
        operators = self.networks.get((life.identity.sim.part_type_id, mcc)) or [1]
        cells = _cells_around(rng, mcc, rng.choice(operators))
        # Behind a hill every third connection fails, elsewhere one in twenty.
        missed = 0.35 if rng.random() < 0.12 else 0.05
        earliest = max(life.activated, life.heard - dt.timedelta(days=fleet.days))
        moments = [life.heard]
        at = life.heard - _EVERY * rng.uniform(0.98, 1.02)
        while at > earliest:
            if rng.random() > missed:
                moments.append(at)
            at -= _EVERY * rng.uniform(0.98, 1.02)
        for at in reversed(moments):
            position = (
                (
                    owner.latitude + rng.gauss(0, 0.004),
                    owner.longitude + rng.gauss(0, 0.004),
                    rng.randrange(300, 6000),
                )
                if rng.random() > 0.06
                else None
            )
            place = f"{owner.town.name}, {owner.company.country}"
            _connect(fleet, unit, rng, at=at, cells=cells, position=position, place=place)


def _connect_in_factory(fleet: Fleet, unit: Unit, rng: Random) -> None:
    """The one connection of a unit not sold yet: on the test bench."""
    _connect(
        fleet,
        unit,
        rng,
        at=unit.get(Life).heard,
        cells=_cells_around(rng, _CHINA, rng.choice((0, 1))),
        position=(*_SHENZHEN, 800),
        place="Shenzhen, China",
    )


def _cells_around(rng: Random, mcc: int, mnc: int) -> list[dict[str, int]]:
    """The cells a unit can see from where it stands, the one that serves it first."""
    area = rng.randrange(1_000, 60_000)
    return [
        {"lac": area, "cid": rng.randrange(1_000, 65_000), "mcc": mcc, "mnc": mnc}
        for _cell in range(rng.choice((1, 2, 2, 3, 3, 4, 5)))
    ]


def _connect(
    fleet: Fleet,
    unit: Unit,
    rng: Random,
    *,
    at: dt.datetime,
    cells: list[dict[str, int]],
    position: tuple[float, float, int] | None,
    place: str,
) -> None:
    """One connection, to which the unit's row points from then on."""
    columns: dict[str, Any] = {"mcc": cells[0]["mcc"], "mnc": cells[0]["mnc"]}
    strength = rng.randrange(8, 31)
    for number, cell in enumerate(cells, 1):
        for name, value in cell.items():
            columns[f"cell_{number}_{name}"] = value
        columns[f"cell_{number}_signal"] = max(2, strength - 3 * number + rng.randrange(4))
    if position:
        columns |= {
            "latitude": _DEGREES.format(position[0]),
            "longitude": _DEGREES.format(position[1]),
            "error_radius": position[2],
            "address": place,
            "country_code": cells[0]["mcc"],
        }
    row = fleet.add(
        Connection,
        at=at,
        by=UNIT,
        product_imei=unit.key,
        date=at,
        location_failed_flag=position is None,
        frequency=rng.choice((900, 1800)),
        timing_advance=rng.randrange(0, 20),
        **columns,
    )
    product = unit.get(Life).row
    product["latest_connection_id"] = row["connection_id"]
    if position:
        product["latest_connection_location_id"] = row["connection_id"]


def _write_messages(fleet: Fleet, unit: Unit, rng: Random) -> None:
    """A wake-up for most requests to switch on or off; now and then one by hand."""
    life = unit.get(Life)
    asked = [row for row in life.enable_rows if row["user"] != UNIT]
    for row in asked[-6:]:
        if rng.random() < 0.7:
            trigger = "enable" if row["current_enable_state"].endswith("_enabled") else "disable"
            _send(fleet, unit, rng, row["date"], row["user"], trigger, row["enable_history_id"])
    if life.stage in IN_USE and rng.random() < 0.04:
        at = fleet.until - dt.timedelta(hours=rng.uniform(0.1, 200))
        if life.activated and at > life.activated:
            _send(fleet, unit, rng, at, unit.get(Ownership).staff("technician"), "wakeup", None)


def _send(
    fleet: Fleet,
    unit: Unit,
    rng: Random,
    at: dt.datetime,
    by: str,
    trigger: str,
    enable_history_id: int | None,
) -> None:
    status = rng.choices(("Delivered", "Expired", None), (80, 15, 5))[0]
    if status is None and fleet.until - at >= WAKEUP_TIMEOUT:
        status = "Expired"
    took = dt.timedelta(seconds=rng.uniform(5, 300)) if status == "Delivered" else WAKEUP_TIMEOUT
    answered = min(at + took, fleet.until) if status else None
    retries = 0 if status == "Delivered" else rng.randrange(3)
    reference = f"/{rng.getrandbits(64):016x}/{rng.randrange(10**17):017d}"
    row = fleet.add(
        SmsHistory,
        at=at,
        by=by,
        product_imei=unit.key,
        attempted_retries=retries,
        enable_history_id=enable_history_id,
        message_reference=reference,
        sent_time=at,
        sms_timeout=WAKEUP_TIMEOUT,
        status=status,
        trigger=trigger,
        modified_at=answered,
        modified_by="system" if answered else None,
    )
    dispatch = fleet.add(
        SmsDispatch,
        at=at,
        by=by,
        sms_id=row["sms_history_id"],
        reference=reference,
        attempts=retries + 1,
        handed_over_at=at + FIRST_RETRY * (2**retries - 1),
        provider="console",
        cost=sms_cost(),
        currency=settings.SMS_CURRENCY,
    )
    # Bookkeeping, which is not a record of the reference, has no meta columns.
    del dispatch["created_at"], dispatch["created_by"]


MAKER = ConnectionMaker()
