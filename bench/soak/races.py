"""Two operators and a unit at once: races about one unit, each of a few calls started together.

After each race every invariant of the unit holds (`bench.soak.invariants`), whoever came first:
histories chain, flags say what the last row says, one version runs, one value stands. Nothing but a
refusal in words may come back: a deadlock or a broken constraint ends the campaign.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from threading import Barrier
from typing import Any

from django.db import connection

from apps.core.errors import DomainError
from apps.entities.services.owners import assign_entity, ensure_owner, remove_entity
from apps.parts.models import PartParameter
from apps.parts.services.settings import set_part_parameter
from apps.products.lifecycle import LifeStage
from apps.products.models import Product, ProductParameter, ProductSoftwareLinker, StateType
from apps.products.services import switch
from apps.products.services.groups import add_to_group, leave_groups_of_others
from apps.products.services.lifecycle import change_state
from apps.products.services.settings import set_parameter
from apps.products.services.updates import (
    expire_software_updates,
    lock_software,
    unlock_software,
    update_software,
)
from bench.soak.campaign import Campaign, Effort
from bench.soak.invariants import check_unit
from tests.connectivity.units import UnitSession, body
from tests.factories import (
    DefaultEnergyLimitFactory,
    EntityFactory,
    ParameterTypeFactory,
    PartProductLinkerFactory,
    ProductFactory,
    ProductGroupFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)

STAFF = "staff@soak.example"
RACES = 1_000
Act = Callable[[], Any]
_turns = count(1)


def together(*acts: Act) -> Counter[str]:
    """Start them all at once, each on a connection of its own; how each ended. Faults are raised.

    A refusal in words is an end like any other.
    """
    start = Barrier(len(acts))

    def run(act: Act) -> str:
        start.wait(30)
        try:
            act()
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


class RacedUnit:
    """An ACTIVATED unit with a battery, an owner, and what can be asked of it."""

    def __init__(self) -> None:
        turn = next(_turns)
        self.product: Product = ProductFactory.create()
        self.imei = self.product.pk
        self.battery = PartProductLinkerFactory.create(product=self.product).part
        self.entities = [EntityFactory.create().pk for _number in range(2)]
        ensure_owner(product_imei=self.imei, by=STAFF)
        assign_entity(product_imei=self.imei, entity_id=self.entities[0], by=STAFF)
        self.group = ProductGroupFactory.create(product_type=None, entity_id=self.entities[0])
        self.versions = [f"race-{turn}-{number}" for number in range(3)]
        for name in self.versions:
            ProductTypeSoftwareVersionTypeLinkerFactory.create(
                product_type=self.product.product_type,
                software_version_type=SoftwareVersionTypeFactory.create(name=name),
            )
        self.sent, self.noted = (
            ParameterTypeFactory.create(name=f"race-{turn}-{setting}", setting=setting)
            for setting in (True, False)
        )
        for stage in StateType.objects.filter(pk__in=LifeStage):
            DefaultEnergyLimitFactory.create(battery_type=self.battery.part_type, state_type=stage)
        for stage in (LifeStage.STORED, LifeStage.SHIPPED, LifeStage.ACTIVATED):
            self.move(stage)
        self.report()

    def move(self, stage: LifeStage) -> None:
        change_state(product_imei=self.imei, new_state=stage, by=STAFF)

    def report(self, **changes: Any) -> None:
        """The unit's contact; once it is TERMINATED it is refused."""
        answer = UnitSession(self.product).post(body(software=self.versions[0], **changes))
        assert answer.status_code in (200, 401), answer.content

    def runs(self, number: int) -> None:
        answer = UnitSession(self.product).post(body(software=self.versions[number]))
        assert answer.status_code in (200, 401), answer.content

    def says(self, value: str) -> None:
        self.report(parameters={self.sent.name: value})

    def check(self) -> None:
        check_unit(self.imei, self.entities)
        of_part = PartParameter.objects.filter(part=self.battery)
        for status in ("active", "pending"):
            assert of_part.filter(status=status).count() <= 1
        self.product.refresh_from_db()
        stage = self.product.latest_state
        if stage is not None and stage.current_state_type_id == LifeStage.TERMINATED:
            self.check_nothing_waits()

    def check_nothing_waits(self) -> None:
        asked = ProductSoftwareLinker.objects.filter(product=self.imei, date_added__isnull=True)
        assert not asked.exists()
        own = ProductParameter.objects.filter(product=self.imei, status="pending")
        of_part = PartParameter.objects.filter(part=self.battery, status="pending")
        assert not own.exists()
        assert not of_part.exists()


def _stages(unit: RacedUnit) -> list[Act]:
    return [
        partial(unit.move, LifeStage.MONITORED),
        partial(unit.move, LifeStage.UNMONITORED),
        partial(unit.move, LifeStage.TERMINATED),
        unit.report,
        partial(switch.enable_product, product_imei=unit.imei, by=STAFF),
    ]


def _software(unit: RacedUnit) -> list[Act]:
    one, two = unit.versions[1:]
    return [
        partial(update_software, product_imei=unit.imei, software=one, by=STAFF),
        partial(lock_software, product_imei=unit.imei, software=two, by=STAFF),
        partial(unit.runs, 1),
        partial(unit.runs, 2),
        partial(expire_software_updates, product_imei=unit.imei, by=STAFF),
        partial(unlock_software, product_imei=unit.imei, by=STAFF),
    ]


def _parameters(unit: RacedUnit) -> list[Act]:
    own = partial(set_parameter, product_imei=unit.imei, by=STAFF)
    of_part = partial(set_part_parameter, part_id=unit.battery.pk, by=STAFF)
    own(parameter_type=unit.sent, value="a")
    return [
        partial(own, parameter_type=unit.sent, value="b"),
        partial(own, parameter_type=unit.noted, value="a"),
        partial(own, parameter_type=unit.noted, value="b"),
        partial(of_part, parameter_type=unit.sent, value="a"),
        partial(of_part, parameter_type=unit.sent, value="b"),
        partial(unit.says, "a"),
        partial(unit.says, "b"),
    ]


def _switches(unit: RacedUnit) -> list[Act]:
    asks = (
        switch.enable_product,
        switch.disable_product,
        switch.enable_tamper_switch,
        switch.disable_tamper_switch,
    )
    switch.enable_product(product_imei=unit.imei, by=STAFF)
    late = body(enabled=True)["time"]
    return [
        *(partial(ask, product_imei=unit.imei, by=STAFF) for ask in asks),
        partial(unit.report, enabled=True, tamper_enabled=True),
        partial(unit.report, enabled=False, time=late),
    ]


def _owners(unit: RacedUnit) -> list[Act]:
    first, second = unit.entities
    return [
        partial(assign_entity, product_imei=unit.imei, entity_id=second, by=STAFF),
        partial(remove_entity, product_imei=unit.imei, entity_id=first, by=STAFF),
        partial(add_to_group, product_imei=unit.imei, product_group_id=unit.group.pk, by=STAFF),
        partial(leave_groups_of_others, product_imei=unit.imei, by=STAFF),
        unit.report,
        partial(unit.move, LifeStage.MONITORED),
    ]


DRILLS: Mapping[str, Callable[[RacedUnit], list[Act]]] = {
    "stages": _stages,
    "software": _software,
    "parameters": _parameters,
    "switches": _switches,
    "owners": _owners,
}


def race(drill: str, *, seed: int) -> Counter[str]:
    """One race on a new unit, its calls in an order of their own."""
    unit = RacedUnit()
    acts = DRILLS[drill](unit)
    random.Random(seed).shuffle(acts)
    ended = together(*acts)
    unit.check()
    return ended


def run(effort: Effort) -> str:
    """1,000 races, as many of each kind."""
    races = effort.of(RACES // len(DRILLS))
    ended: Counter[str] = Counter()
    for number in range(races):
        for drill in DRILLS:
            ended += race(drill, seed=effort.seed + number)
    shares = ", ".join(f"{times} {how}" for how, times in sorted(ended.items()))
    return f"{races * len(DRILLS)} races: {shares}"


CAMPAIGNS = (Campaign("races", run, postgresql=True),)
