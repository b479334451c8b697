"""A random walk of everything that happens to units: staff's operations and the units' contacts.

Hypothesis chooses what happens and shortens what it finds. Contacts are lost on the way there or
back, repeated, late and out of order. After each step every invariant of every unit is checked;
at the end of a walk each unit has a few good contacts and must then be as it was asked to be.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import time_machine
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.connectivity.models import Connection
from apps.connectivity.signatures import sign
from apps.core.errors import DomainError
from apps.entities.models import Entity
from apps.entities.services import owners
from apps.products.lifecycle import LifeStage
from apps.products.models import (
    DataType,
    EnableHistory,
    ParameterStatus,
    ParameterType,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    SoftwareVersionType,
    TamperEnableHistory,
)
from apps.products.services import lifecycle, switch
from apps.products.services import settings as parameters
from apps.products.services import updates as software
from bench.soak.campaign import Campaign, Effort
from bench.soak.expectations import START, FieldUnit
from bench.soak.invariants import check_unit
from tests.factories import (
    EntityFactory,
    ParameterTypeFactory,
    ProductFactory,
    ProductTypeFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)

PATH = "/v1/rc_data"
STAFF = "staff@soak.example"
UNITS, VERSIONS, TYPES, OWNERS = 2, 3, 3, 3
STEPS = 50

WISHES = {
    "enable": (switch.enable_product, "main", True),
    "disable": (switch.disable_product, "main", False),
    "watch": (switch.enable_tamper_switch, "watch", True),
    "ignore": (switch.disable_tamper_switch, "watch", False),
}

units = st.integers(0, UNITS - 1)
losses = st.sampled_from(["report", "answer", "wishes"])


@dataclass(frozen=True)
class World:
    """What all units of a walk have in common."""

    product_type: Any
    versions: list[SoftwareVersionType]
    types: list[ParameterType]
    entities: list[int]

    @classmethod
    def made(cls) -> World:
        product_type = ProductTypeFactory.create()
        versions = [SoftwareVersionTypeFactory.create() for _number in range(VERSIONS)]
        for version in versions:
            ProductTypeSoftwareVersionTypeLinkerFactory.create(
                product_type=product_type, software_version_type=version
            )
        rules = [(True, False), (True, True), (False, False)]
        types = [
            ParameterTypeFactory.create(
                data_type=DataType.INT, setting=setting, repeatable=repeatable
            )
            for setting, repeatable in rules
        ]
        entities = [EntityFactory.create().pk for _number in range(OWNERS)]
        known = Entity.objects.order_by("pk").values_list("pk", flat=True)[:1]
        return cls(product_type, versions, types, [*known, *entities])


class Operations(RuleBasedStateMachine):
    """One walk over a few units of its own."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.nonces = 0
        self.client = Client()
        self.clock = time_machine.travel(self.now, tick=False)
        self.travel = self.clock.start()
        self.units = [self._unit() for _number in range(UNITS)]

    def _unit(self) -> FieldUnit:
        product = ProductFactory.create(product_type=self.world.product_type)
        owners.ensure_owner(product_imei=product.pk, by=STAFF)
        name = self.world.versions[0].name
        return FieldUnit(product.pk, product.device_key or "", software=name)

    def _pass(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)
        self.travel.move_to(self.now)

    def _do(self, unit: int, service: Any, **named: Any) -> bool:
        """Call a service; whether it did as asked, a refusal being an outcome like any other."""
        self._pass(60)
        try:
            service(product_imei=self.units[unit].imei, by=STAFF, **named)
        except DomainError:
            return False
        return True

    @invariant()
    def everything_holds(self) -> None:
        for unit in self.units:
            check_unit(unit.imei, self.world.entities)
            assert newest(EnableHistory, "enable_state", unit.imei) == unit.main.state
            assert newest(TamperEnableHistory, "tamper_enable_state", unit.imei) == unit.watch.state

    # --- staff -----------------------------------------------------------------------------------

    @rule(unit=units, which=st.sampled_from(list(WISHES)))
    def wish(self, unit: int, which: str) -> None:
        service, name, on = WISHES[which]
        if self._do(unit, service):
            getattr(self.units[unit], name).ask(on, self.now)

    @rule(unit=units, stage=st.sampled_from([*LifeStage, 99]))
    def move(self, unit: int, stage: int) -> None:
        # Nothing follows the end of a life; walks that end it early would show little.
        if stage == LifeStage.TERMINATED and self.now < START + dt.timedelta(days=2):
            return
        moved = self._do(unit, lifecycle.change_state, new_state=int(stage))
        if moved and stage == LifeStage.TERMINATED:
            self.units[unit].main.withdraw()

    @rule(unit=units, version=st.integers(0, VERSIONS - 1), lock=st.booleans())
    def update(self, unit: int, version: int, lock: bool) -> None:
        service = software.lock_software if lock else software.update_software
        self._do(unit, service, software=self.world.versions[version].name)

    @rule(
        unit=units,
        service=st.sampled_from([software.unlock_software, software.expire_software_updates]),
    )
    def call_off(self, unit: int, service: Any) -> None:
        self._do(unit, service)

    @rule(unit=units, kind=st.integers(0, TYPES - 1), value=st.integers(0, 2))
    def set_parameter(self, unit: int, kind: int, value: int) -> None:
        self._do(unit, parameters.set_parameter, parameter_type=self.world.types[kind], value=value)

    @rule(unit=units, kind=st.integers(0, TYPES - 1), heard=st.booleans())
    def change_ones_mind(self, unit: int, kind: int, heard: bool) -> None:
        """Another value and another version are asked for, at times after the first was heard."""
        for value in (0, 1):
            self.set_parameter(unit, kind, value)
            self.update(unit, value, False)
            if heard and not value and self._stage(self.units[unit]) != LifeStage.TERMINATED:
                self._connect(self.units[unit], "none")

    @rule(
        unit=units,
        verb=st.sampled_from(["assign", "remove", "change"]),
        old=st.integers(0, OWNERS),
        new=st.integers(0, OWNERS),
    )
    def own(self, unit: int, verb: str, old: int, new: int) -> None:
        keys = self.world.entities
        if verb == "assign":
            self._do(unit, owners.assign_entity, entity_id=keys[new])
        elif verb == "remove":
            self._do(unit, owners.remove_entity, entity_id=keys[old])
        else:
            self._do(unit, owners.change_entity, old_entity_id=keys[old], new_entity_id=keys[new])

    # --- units -----------------------------------------------------------------------------------

    # Three rules and not one: units speak more often than staff does.
    @rule(unit=units)
    def contact(self, unit: int) -> None:
        self._pass(14_400)
        self._connect(self.units[unit], "none")

    @rule(unit=units, loss=losses)
    def lossy_contact(self, unit: int, loss: str) -> None:
        self._pass(3_600)
        self._connect(self.units[unit], loss)

    @rule(unit=units, on=st.booleans())
    def contact_after_a_reboot(self, unit: int, on: bool) -> None:
        self._pass(90)
        self.units[unit].enabled = on
        self._connect(self.units[unit], "wishes")

    @rule(unit=units, ago=st.integers(0, 4))
    def late(self, unit: int, ago: int) -> None:
        """A report that was sent before arrives (again)."""
        sender = self.units[unit]
        if sender.sent:
            self._pass(30)
            self._post(sender, sender.sent[max(-len(sender.sent), -1 - ago)])

    def _connect(self, unit: FieldUnit, loss: str) -> None:
        body = {
            "time": self.now.isoformat(),
            "enabled": unit.enabled,
            "tamper_enabled": unit.tamper,
            "software": unit.software,
            "cells": [],
            "parameters": unit.parameters,
        }
        report = json.dumps(body).encode()
        unit.sent.append(report)
        if loss == "report" or not self._post(unit, report) or loss == "answer":
            return
        answer = self._send(unit, "GET", b"")
        assert answer.status_code == 200, answer.content
        if loss == "wishes":
            return
        heard = answer.json()["data"]
        unit.enabled, unit.tamper = heard["enable"], heard["tamper_switch"]
        unit.parameters |= heard["parameters"]
        if heard["software"]:
            unit.software = heard["software"]["name"]

    def _post(self, unit: FieldUnit, report: bytes) -> bool:
        """Whether it was taken in; it is refused at the end of a unit's life, and only then."""
        before = Connection.objects.filter(product_id=unit.imei).count()
        status = self._send(unit, "POST", report).status_code
        ended = self._stage(unit) == LifeStage.TERMINATED
        assert status == (401 if ended else 200)
        after = Connection.objects.filter(product_id=unit.imei).count()
        assert after - before == (status == 200)
        if status == 200:
            self._learn(unit, json.loads(report))
        return status == 200

    def _learn(self, unit: FieldUnit, report: dict[str, Any]) -> None:
        made_at = dt.datetime.fromisoformat(report["time"])
        if made_at >= unit.said_at:
            unit.said_at = made_at
            unit.main.report(report["enabled"], made_at)
            unit.watch.report(report["tamper_enabled"], made_at)

    def _stage(self, unit: FieldUnit) -> int | None:
        rows = Product.objects.filter(pk=unit.imei)
        return rows.values_list("latest_state__current_state_type", flat=True).first()

    def _send(self, unit: FieldUnit, method: str, content: bytes) -> Any:
        self.nonces += 1
        ts, nonce = int(self.now.timestamp()), f"{self.nonces:016x}"
        sig = sign(key=unit.key, method=method, path=PATH, ts=ts, nonce=nonce, body=content)
        header = f"Device imei={unit.imei}, ts={ts}, nonce={nonce}, sig={sig}"
        return self.client.generic(
            method,
            PATH,
            content,
            content_type="application/json",
            headers={"authorization": header},
        )

    # --- the calm after --------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            # A repeatable parameter is told one value at a time.
            for _turn in range(6):
                for unit in self.units:
                    if self._stage(unit) != LifeStage.TERMINATED:
                        self._pass(600)
                        self._connect(unit, "none")
            self.everything_holds()
            for unit in self.units:
                if self._stage(unit) != LifeStage.TERMINATED:
                    self._check_calm(unit)
        finally:
            self.clock.stop()

    def _check_calm(self, unit: FieldUnit) -> None:
        """Nothing waits any more, and the unit is as it was asked to be."""
        product = Product.objects.get(pk=unit.imei)
        assert product.current_enable_flag == product.desired_enable_flag == unit.enabled
        assert product.current_tamper_flag == product.desired_tamper_flag == unit.tamper
        rows = ProductSoftwareLinker.objects.filter(product=product, date_removed=None)
        running = rows.get()
        assert running.date_added is not None
        assert running.software_version_type.name == unit.software
        waiting = ProductParameter.objects.filter(product=product, status=ParameterStatus.PENDING)
        assert not waiting.exists()
        standing = ProductParameter.objects.filter(
            product=product, status=ParameterStatus.ACTIVE, parameter_type__setting=True
        ).select_related("parameter_type")
        for row in standing:
            if not row.parameter_type.repeatable:
                assert str(unit.parameters[row.parameter_type.name]) == row.value


def newest(history: Any, column: str, imei: str) -> str | None:
    """The state a switch's history ends with; None where it has no rows."""
    rows = history.objects.filter(product_id=imei).order_by("-date", "-pk")
    return rows.values_list(f"current_{column}", flat=True).first()


def walk(*, examples: int, seed: int) -> None:
    """So many walks of at most STEPS operations; the same for the same seed."""
    Operations.world = World.made()
    run_state_machine_as_test(
        seeded(seed)(Operations),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def run(effort: Effort) -> str:
    """10,000 operations."""
    examples = effort.of(10_000 // STEPS)
    walk(examples=examples, seed=effort.seed)
    return f"{examples} walks of {STEPS} operations over {UNITS} units each: every invariant held"


CAMPAIGNS = (Campaign("operations", run),)
