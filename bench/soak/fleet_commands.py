"""Workers on one command are killed again and again: every unit is still done, and done once.

Each unit's move to its next stage of life leaves one row, so a unit done twice, or done without its
outcome or the other way round, shows in the tables afterwards.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence

from django.db import connection

from apps.accounts.models import User, UserScope
from apps.core.callers import Caller
from apps.core.levels import Level
from apps.fleet import pace
from apps.fleet.commands import COMMANDS
from apps.fleet.models import CommandStatus, FleetCommand, UnitOutcome
from apps.fleet.selection import by_imeis
from apps.fleet.services import previews, steps, work
from apps.products.lifecycle import LifeStage
from apps.products.models import Product, State
from bench.soak.campaign import Campaign, Effort
from tests.factories import ProductFactory

WORKERS = 2
_PATIENCE = 120.0


def begun_command(imeis: Sequence[str]) -> FleetCommand:
    """A confirmed command that moves new units into the stock, at full speed."""
    user, _new = User.objects.get_or_create(
        email="soak@fleet.example",
        defaults={"level": Level.SYSTEM.value, "scope": UserScope.GLOBAL, "password": "!"},
    )
    caller = Caller(user.pk, user.email, Level.SYSTEM, None)
    wanted = previews.Wanted(
        command=COMMANDS["change_state"],
        selection=by_imeis(imeis, caller),
        parameters={"new_state": int(LifeStage.STORED)},
        per_minute=pace.MOST,
    )
    row, _new = previews.preview(wanted=wanted, caller=caller)
    return steps.confirm(command_id=row.pk, caller=caller)[0]


class Workshop:
    """Processes that work on one command, and the hand that kills them."""

    def __init__(self, command_id: int, *, seed: int) -> None:
        self.command_id = command_id
        self.random = random.Random(seed)
        self.killed = 0

    def hire(self) -> subprocess.Popen[str]:
        """A worker in a process of its own, on the database of this one."""
        return subprocess.Popen(
            [sys.executable, "-m", "bench.soak.fleet_worker", str(self.command_id)],
            env={
                **os.environ,
                "DATABASE_URL": _url(),
                "DJANGO_SETTINGS_MODULE": "smartsolar.settings",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, kills: int) -> None:
        """Kill so many workers in the middle of their work, one after the other."""
        crew = [self.hire() for _worker in range(WORKERS)]
        while self.killed < kills and self._is_running():
            worker = crew.pop(0)
            assert worker.stdout is not None
            worker.stdout.readline()
            # Somewhere in a batch, wherever that is.
            time.sleep(self.random.uniform(0, 0.3))
            if worker.poll() is None:
                worker.kill()
                self.killed += 1
            worker.wait()
            crew.append(self.hire())
        for worker in crew:
            worker.kill()
            worker.wait()

    def _is_running(self) -> bool:
        row = FleetCommand.objects.get(pk=self.command_id)
        return row.status == CommandStatus.RUNNING

    def finish(self) -> None:
        """Do what the dead have left, as the sweep would have it done."""
        until = time.monotonic() + _PATIENCE
        while self._is_running():
            assert time.monotonic() < until, "what the dead held was never let go"
            turn = work.work_once(command_id=self.command_id)
            time.sleep(0.05 if turn.wait is None else turn.wait.total_seconds())


def check(command_id: int, imeis: Sequence[str]) -> None:
    """Every unit was done once, its outcome says so, and the counts are those of the rows."""
    row = FleetCommand.objects.get(pk=command_id)
    assert row.status == CommandStatus.FINISHED
    assert (row.units_done, row.units_pending) == (len(imeis), 0), row.__dict__
    assert row.units.filter(outcome=UnitOutcome.DONE).count() == len(imeis)
    moved = State.objects.filter(product__in=imeis).values_list("product_id", flat=True)
    assert sorted(moved) == sorted(imeis)
    at = Product.objects.filter(pk__in=imeis, latest_state__current_state_type=LifeStage.STORED)
    assert at.count() == len(imeis)


def kill_workers(*, units: int, kills: int, seed: int) -> int:
    """The whole of it; returns how many workers were killed while the command was under way."""
    imeis = [ProductFactory.create().pk for _unit in range(units)]
    row = begun_command(imeis)
    workshop = Workshop(row.pk, seed=seed)
    workshop.run(kills)
    workshop.finish()
    check(row.pk, imeis)
    return workshop.killed


def run(effort: Effort) -> str:
    """Forty kills over commands of 1,000 units."""
    wanted, killed, commands = effort.of(40), 0, 0
    while killed < wanted:
        killed += kill_workers(units=1_000, kills=wanted - killed, seed=effort.seed + commands)
        commands += 1
    return f"{killed} workers killed over {commands} commands of 1,000 units, each done once"


def _url() -> str:
    """Where this process's database is, the test's own included."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    login = f"{told['USER']}:{told['PASSWORD']}" if told["PASSWORD"] else told["USER"]
    return f"postgres://{login}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


CAMPAIGNS = (Campaign("killed-workers", run, postgresql=True),)
