"""What many units are asked at once: row by row what each unit alone would get."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import events
from apps.core.errors import DomainError
from apps.products.lifecycle import LifeStage
from apps.products.models import (
    ParameterStatus,
    ParameterType,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    SoftwareStatus,
    State,
    StateType,
)
from apps.products.services import settings, updates
from apps.products.services.lifecycle import change_state, change_states
from tests.factories import (
    ParameterTypeFactory,
    ProductFactory,
    ProductParameterFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
    StateFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
BEFORE = NOW - dt.timedelta(days=3)
STAFF = "staff@example.com"
# A unit that is not there stands among them.
UNKNOWN = "350000000000009"
SEEDS = range(2)
UNITS = 20

One = Callable[[str], Any]
Many = Callable[[Sequence[str]], Mapping[str, Any]]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


class Past:
    """Units with pasts drawn by chance; the same seed draws the same ones again."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.kinds = ProductTypeFactory.create_batch(3)
        self.versions = SoftwareVersionTypeFactory.create_batch(3)
        for kind in self.kinds[:2]:
            for version in self.versions:
                ProductTypeSoftwareVersionTypeLinkerFactory.create(
                    product_type=kind, software_version_type=version
                )
        self.ended, _new = StateType.objects.get_or_create(name="TERMINATED")

    def unit(self, parameter: ParameterType) -> Product:
        draw = self.random
        unit = ProductFactory.create(
            product_type=draw.choice(self.kinds),
            software_lock=draw.choice([None, None, *self.versions]),
        )
        if draw.random() < 0.2:
            unit.latest_state = StateFactory.create(
                product=unit, prev_state_type=self.ended, current_state_type=self.ended
            )
            unit.save()
        for _row in range(draw.randrange(4)):
            self.software_row(unit)
            self.parameter_row(unit, parameter)
        return unit

    def software_row(self, unit: Product) -> None:
        begun, ended = self.random.choice([(None, None), (BEFORE, None), (BEFORE, BEFORE)])
        ProductSoftwareLinkerFactory.create(
            product=unit,
            software_version_type=self.random.choice(self.versions),
            date_added=begun,
            date_removed=ended,
        )

    def parameter_row(self, unit: Product, parameter: ParameterType) -> None:
        status = self.random.choice(list(ParameterStatus))
        ended = status in (ParameterStatus.REMOVED, ParameterStatus.EXPIRED)
        # One may carry a date in the future, written by hand.
        late = self.random.choice([BEFORE, NOW + dt.timedelta(days=1)])
        ProductParameterFactory.create(
            product=unit,
            parameter_type=parameter,
            value=self.random.choice("567"),
            status=status,
            date_added=None if status == ParameterStatus.PENDING else late,
            date_removed=late if ended else None,
        )


def fleets(seed: int, parameter: ParameterType) -> tuple[Past, list[Product], list[Product]]:
    """The same units twice, but for who they are; of the same types, with the same versions."""
    past = Past(seed)
    state = past.random.getstate()
    alone = [past.unit(parameter) for _unit in range(UNITS)]
    past.random.setstate(state)
    return past, alone, [past.unit(parameter) for _unit in range(UNITS)]


def told(result: Any, imei: str) -> Any:
    """An answer or a refusal, without what tells one unit from another."""
    if isinstance(result, DomainError):
        return type(result), str(result.message).replace(imei, ""), _texts(result, imei)
    if isinstance(result, State):
        return result.product_id == imei, result.prev_state_type_id, result.current_state_type_id
    if isinstance(result, ProductParameter):
        return result.product_id == imei, result.value, result.status
    return result


def _texts(error: DomainError, imei: str) -> dict[str, str]:
    return {key: str(text).replace(imei, "") for key, text in (error.errors or {}).items()}


def written(unit: Product) -> Any:
    unit.refresh_from_db()
    meta = ("created_at", "created_by", "modified_at", "modified_by")
    dates = ("date_added", "date_removed", *meta)
    software = ProductSoftwareLinker.objects.filter(product=unit).order_by("pk")
    parameters = ProductParameter.objects.filter(product=unit).order_by("pk")
    states = State.objects.filter(product=unit).order_by("pk")
    told_of = events.Event.objects.filter(subject=unit.pk).order_by("pk")
    latest = unit.latest_state
    return (
        latest and (latest.product_id == unit.pk, latest.current_state_type_id, latest.created_at),
        list(states.values_list("prev_state_type", "current_state_type", *meta)),
        [(event.name, {**event.data, "state_id": None}) for event in told_of],
        (unit.software_lock_id, unit.modified_at, unit.modified_by),
        list(software.values_list("software_version_type", "update_attempts", *dates)),
        list(parameters.values_list("parameter_type", "value", "status", *dates)),
    )


def ask_alone(one: One, imei: str) -> Any:
    try:
        return one(imei)
    except DomainError as error:
        return error


def check(alone: list[Product], together: list[Product], one: One, many: Many) -> None:
    singly = [told(ask_alone(one, unit.pk), unit.pk) for unit in alone]
    came = many([*(unit.pk for unit in together), UNKNOWN])
    assert [told(came[unit.pk], unit.pk) for unit in together] == singly
    assert told(came[UNKNOWN], UNKNOWN) == told(ask_alone(one, UNKNOWN), UNKNOWN)
    assert [written(unit) for unit in together] == [written(unit) for unit in alone]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("lock", [False, True], ids=["update", "lock"])
@pytest.mark.parametrize("which", ["good", "bad", "unknown"])
def test_software_for_many_units(seed: int, lock: bool, which: str) -> None:
    past, alone, together = fleets(seed, ParameterTypeFactory.create())
    version = past.versions[0]
    if which == "bad":
        version.status = SoftwareStatus.BAD
        version.save()
    software = "no such" if which == "unknown" else version.pk
    asked: dict[str, Any] = {"software": software, "by": STAFF}
    one, many = (
        (updates.lock_software, updates.lock_units)
        if lock
        else (updates.update_software, updates.update_units)
    )
    check(
        alone,
        together,
        lambda imei: one(product_imei=imei, **asked),
        lambda imeis: many(imeis=imeis, **asked),
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unlock", [False, True], ids=["expire", "unlock"])
def test_calling_off_for_many_units(seed: int, unlock: bool) -> None:
    _past, alone, together = fleets(seed, ParameterTypeFactory.create())
    one: Callable[..., Any] = updates.unlock_software if unlock else updates.expire_software_updates
    many: Callable[..., Any] = updates.unlock_units if unlock else updates.expire_units
    check(
        alone,
        together,
        lambda imei: one(product_imei=imei, by=STAFF),
        lambda imeis: many(imeis=imeis, by=STAFF),
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("setting", [False, True], ids=["kept", "sent"])
@pytest.mark.parametrize("repeatable", [False, True], ids=["one value", "several"])
@pytest.mark.parametrize("value", ["5", 7.5], ids=["fits", "does not fit"])
def test_a_parameter_for_many_units(seed: int, setting: bool, repeatable: bool, value: Any) -> None:
    parameter = ParameterTypeFactory.create(setting=setting, repeatable=repeatable)
    past, alone, together = fleets(seed, parameter)
    past.kinds[0].parameter_types = [parameter.pk + 1]
    past.kinds[0].save()
    asked: dict[str, Any] = {"parameter_type": parameter, "value": value, "by": STAFF}
    check(
        alone,
        together,
        lambda imei: settings.set_parameter(product_imei=imei, **asked),
        lambda imeis: settings.set_on_units(imeis=imeis, **asked),
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("new", [*LifeStage, 77])
def test_a_stage_of_life_for_many_units(
    seed: int, new: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    events._load()
    monkeypatch.setitem(events._consumers, "state_changed", [lambda event: None])
    for stage in LifeStage:
        StateType.objects.update_or_create(pk=stage, defaults={"name": stage.name})
    _past, alone, together = fleets(seed, ParameterTypeFactory.create())
    draw = random.Random(seed)
    for pair in zip(alone, together, strict=True):
        stage = draw.choice([None, *LifeStage])
        for unit in pair if stage else ():
            unit.latest_state = StateFactory.create(
                product=unit, prev_state_type_id=stage, current_state_type_id=stage
            )
            unit.save()
    check(
        alone,
        together,
        lambda imei: change_state(product_imei=imei, new_state=new, by=STAFF),
        lambda imeis: change_states(imeis=imeis, new_state=new, by=STAFF),
    )


def test_the_statements_do_not_grow_with_the_units() -> None:
    for stage in LifeStage:
        StateType.objects.update_or_create(pk=stage, defaults={"name": stage.name})
    parameter = ParameterTypeFactory.create()
    link = ProductTypeSoftwareVersionTypeLinkerFactory.create()
    version = link.software_version_type_id
    services: list[Many] = [
        lambda imeis: updates.update_units(imeis=imeis, software=version, by=STAFF),
        lambda imeis: updates.lock_units(imeis=imeis, software=version, by=STAFF),
        lambda imeis: updates.expire_units(imeis=imeis, by=STAFF),
        lambda imeis: updates.unlock_units(imeis=imeis, by=STAFF),
        lambda imeis: change_states(imeis=imeis, new_state=LifeStage.STORED, by=STAFF),
        lambda imeis: settings.set_on_units(
            imeis=imeis, parameter_type=parameter, value="5", by=STAFF
        ),
    ]
    costs: set[tuple[int, ...]] = set()
    for size in (5, 50):
        units = ProductFactory.create_batch(size, product_type=link.product_type)
        imeis = [unit.pk for unit in units]
        costs.add(tuple(statements(service, imeis) for service in services))
    assert costs == {(7, 7, 3, 2, 7, 6)}


def statements(service: Many, imeis: Sequence[str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        service(imeis)
    return sum("SAVEPOINT" not in query["sql"] for query in captured)
