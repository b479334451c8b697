"""Several workers on one command, and workers that die: every unit once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.fleet import pace
from apps.fleet.models import FleetCommand
from apps.fleet.services import steps, work
from apps.products.lifecycle import LifeStage
from apps.products.models import EnableHistory
from bench.soak import fleet_commands
from tests.factories import ProductFactory, StateTypeFactory
from tests.fleet.test_work import counts, make, step
from tests.personas import Api

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stages(transactional_db: None) -> None:
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)


def together(calls: list[Any]) -> list[Any]:
    """Start every call at the same moment, each in a thread with a connection of its own."""
    barrier = Barrier(len(calls))

    def run(call: Any) -> Any:
        barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def worker(number: int) -> int:
    """Work until nothing is left; returns how many units."""
    done = 0
    while (turn := work.work_once(command_id=number)).wait is not None:
        done += turn.units
        time.sleep(turn.wait.total_seconds())
    return done


@pytest.mark.parametrize("at_once", [True, False])
def test_three_workers_do_each_unit_once(
    api: Api, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    monkeypatch.setattr(work, "BATCH", 4)
    ProductFactory.create_batch(60)
    command = "enable" if at_once else "disable"
    number = make(api, command=command, per_minute=pace.MOST, confirm=True)
    done = together([lambda: worker(number)] * 3)
    row = FleetCommand.objects.get()
    assert (row.status, counts(row), sum(done)) == ("finished", {"done": 60}, 60)
    histories = EnableHistory.objects.values_list("product_id", flat=True)
    assert len(histories) == len(set(histories)) == 60


def test_a_command_cancelled_under_way_says_what_was_done(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 3)
    ProductFactory.create_batch(60)
    number = make(api, per_minute=pace.MOST, confirm=True)

    def cancel() -> int:
        time.sleep(0.1)
        return step(api, number, "cancel").status_code

    together([lambda: worker(number), lambda: worker(number), cancel])
    steps.settle(command_id=number)
    row = FleetCommand.objects.get()
    assert row.units_pending == 0
    assert row.units_done + row.units_cancelled == 60
    assert EnableHistory.objects.count() == row.units_done


def test_two_confirmations_at_once_begin_once(api: Api, started: list[int]) -> None:
    ProductFactory.create()
    number = make(api)
    session = api.as_("technician")
    path = f"/v1/fleet_commands/{number}/confirm"
    answers = together([lambda: session.put(path).status_code] * 4)
    assert answers == [200] * 4
    assert started == [number]


def test_the_same_request_twice_at_once_is_one_command(api: Api) -> None:
    ProductFactory.create_batch(5)
    session = api.as_("technician")
    body = {"command": "enable", "q": {}, "reference": "ERP-1"}
    answers = together([lambda: session.post("/v1/fleet_commands", json=body).status_code] * 4)
    assert sorted(answers) == [200, 200, 200, 201]
    assert FleetCommand.objects.count() == 1


@pytest.mark.usefixtures("stages")
def test_workers_that_are_killed_leave_nothing_half_done() -> None:
    """A small share of the campaign `killed-workers`."""
    assert fleet_commands.kill_workers(units=150, kills=1, seed=1) <= 1
