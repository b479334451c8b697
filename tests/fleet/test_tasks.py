"""Workers come and go: turns, waits, trouble, and a broker that is away."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from amqp.exceptions import AccessRefused, MessageNacked
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError as BrokerAway

from apps.core.catalogue import reset_sequences
from apps.entities.models import Entity
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.fleet import tasks
from apps.fleet.models import FleetCommand
from apps.fleet.services import steps, work
from apps.fleet.services.work import Turn
from apps.products.lifecycle import LifeStage
from apps.products.models import Product
from tests.connectivity.wakeups import unit_running
from tests.factories import (
    EntityFactory,
    FleetCommandFactory,
    ParameterTypeFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
    StateTypeFactory,
)
from tests.fleet.test_work import make
from tests.personas import Api

pytestmark = pytest.mark.django_db

START = tasks.start


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float]]:
    """The turns that were asked for: of which command, and in how many seconds."""
    found: list[tuple[int, float]] = []
    task = tasks.run_fleet_command
    monkeypatch.setattr(task, "delay", lambda number: found.append((number, 0)))
    monkeypatch.setattr(
        task,
        "apply_async",
        lambda args, countdown=0, **_options: found.append((args[0], countdown)),
    )
    return found


def play(monkeypatch: pytest.MonkeyPatch, *turns: Any) -> None:
    """What each batch comes to, one after the other."""
    coming = iter(turns)

    def work_once(*, command_id: int) -> Turn:
        turn = next(coming)
        if isinstance(turn, Exception):
            raise turn
        return turn

    monkeypatch.setattr(work, "work_once", work_once)


NOW, LATER = dt.timedelta(0), dt.timedelta(seconds=5)


def test_a_worker_goes_on_until_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, queued: list[Any]
) -> None:
    play(monkeypatch, Turn(25, NOW), Turn(25, NOW), Turn(0, None))
    tasks.run_fleet_command(7)
    assert queued == []


def test_a_worker_that_must_wait_comes_back_when_it_is_time(
    monkeypatch: pytest.MonkeyPatch, queued: list[Any]
) -> None:
    play(monkeypatch, Turn(25, NOW), Turn(0, LATER))
    tasks.run_fleet_command(7)
    assert queued == [(7, 5.0)]


def test_a_worker_makes_room_for_other_work_after_its_turn(
    monkeypatch: pytest.MonkeyPatch, queued: list[Any]
) -> None:
    monkeypatch.setattr(tasks, "_TURN", -1.0)
    tasks.run_fleet_command(7)
    assert queued == [(7, 0)]


def test_a_worker_tries_again_after_trouble(
    monkeypatch: pytest.MonkeyPatch, queued: list[Any]
) -> None:
    play(monkeypatch, OperationalError("server closed the connection"))
    tasks.run_fleet_command(7)
    assert queued == [(7, 10.0)]


@pytest.mark.parametrize(
    "trouble",
    [
        BrokerAway("no route to host"),
        AccessRefused("Login was refused"),
        MessageNacked(),
        TimeoutError("nothing was confirmed"),
        PermissionError("the queue's folder"),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
def test_without_a_broker_a_command_begins_with_the_sweep(
    api: Api, monkeypatch: pytest.MonkeyPatch, queued: list[Any], trouble: Exception
) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise trouble

    with monkeypatch.context() as broken:
        broken.setattr(tasks.run_fleet_command, "apply_async", away)
        START(7)
    row = FleetCommandFactory.create(status="running", units_pending=1)
    cancelled = FleetCommandFactory.create(status="cancelled", units_pending=0)
    tasks.resume_fleet_commands()
    assert queued == [(row.pk, 0)]
    assert cancelled.status == "cancelled"


def test_what_a_dying_process_left_of_a_cancellation_is_finished(api: Api) -> None:
    ProductFactory.create_batch(2)
    number = make(api, confirm=True)
    row = FleetCommand.objects.get(pk=number)
    steps.end(row, "cancelled", by="x")  # type: ignore[arg-type]  # the value of the option
    tasks.resume_fleet_commands()
    row.refresh_from_db()
    assert (row.units_pending, row.units_cancelled) == (0, 2)


def test_a_database_that_is_away_is_503_and_begins_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, started: list[int]
) -> None:
    ProductFactory.create()
    number = make(api)

    def away(**told: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(steps, "confirm", away)
    answer = api.as_("technician").put(f"/v1/fleet_commands/{number}/confirm")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert started == []
    assert FleetCommand.objects.get().status == "preview"


def statements(number: int) -> int:
    """The statements of one batch, savepoints left out."""
    FleetCommand.objects.update(paced_until=None)
    with CaptureQueriesContext(connection) as captured:
        assert work.work_once(command_id=number).units
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


OWNER, OTHER = 900_051, 900_052
AT_ONCE: dict[str, dict[str, Any]] = {
    "disable": {},
    "change_state": {"new_state": 2},
    "assign_entity": {"entity_id": OTHER},
    "change_entity": {"old_entity_id": OWNER, "new_entity_id": OTHER},
    "remove_entity": {"entity_id": OWNER},
    "send_wakeup": {},
    "update_software": {"software": "9.9"},
    "set_parameter": {"name": "night_light", "value": "on"},
}


@pytest.mark.parametrize("command", AT_ONCE)
def test_a_batch_done_at_once_costs_the_same_however_many(api: Api, command: str) -> None:
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)
    ParameterTypeFactory.create(name="night_light")
    for key in (UNKNOWN_ENTITY_ID, OWNER, OTHER):
        if not Entity.objects.filter(pk=key).exists():
            EntityFactory.create(pk=key)
    reset_sequences(Entity)
    version = SoftwareVersionTypeFactory.create(name="9.9")
    kind = ProductTypeSoftwareVersionTypeLinkerFactory.create(software_version_type=version)
    costs = set()
    for size in (2, 40):
        units = [unit_running("3.6a", product_type=kind.product_type) for _unit in range(size)]
        for unit in units:
            ProductEntityLinkerFactory.create(product=unit, entity_id=OWNER)
        costs.add(cost(api, command, AT_ONCE[command], units))
    assert len(costs) == 1
    assert costs.pop() <= 17


def cost(api: Api, command: str, parameters: dict[str, Any], units: list[Product]) -> int:
    """The statements of the one batch of a command to these units."""
    body = {
        "command": command,
        "parameters": parameters,
        "product_imeis": [unit.pk for unit in units],
        "confirm": True,
    }
    answer = api.as_("system").post("/v1/fleet_commands", json=body)
    assert answer.status_code == 201, answer.content
    return statements(answer.json()["data"]["fleet_command"]["fleet_command_id"])
