"""What the tests of commands to many units share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apps.fleet import tasks
from apps.fleet.models import FleetCommand
from apps.fleet.services import work


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The commands that workers were asked for, instead of workers."""
    asked: list[int] = []
    monkeypatch.setattr(tasks, "start", asked.append)
    return asked


@pytest.fixture
def work_off() -> Callable[[Any], FleetCommand]:
    """Do all of a command, as one worker would, however slow its pace."""

    def work_off_(command_id: int) -> FleetCommand:
        while True:
            FleetCommand.objects.filter(pk=command_id).update(paced_until=None)
            turn = work.work_once(command_id=command_id)
            if turn.wait is None:
                return FleetCommand.objects.get(pk=command_id)

    return work_off_
