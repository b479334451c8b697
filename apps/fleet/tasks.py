"""The workers of commands to many units."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Final

from celery import shared_task
from django.db import InterfaceError, OperationalError

from apps.core.errors import Unavailable
from apps.fleet.services import sweeping, work

logger = logging.getLogger("smartsolar.fleet")

# A worker leaves a command after this long and queues again, so that others have their turn.
_TURN: Final = 20.0
# A wait as short as this is not worth a way through the broker.
_SHORT: Final = timedelta(seconds=1)
_AFTER_TROUBLE: Final = 10.0
# So many workers begin on a command.
WORKERS: Final = 2

# Task -> seconds between runs; collected by smartsolar.celery.
SCHEDULE = {
    "apps.fleet.tasks.resume_fleet_commands": 15.0,
    "apps.fleet.tasks.forget_previews": 3_600.0,
}


@shared_task
def run_fleet_command(command_id: int) -> None:
    """Work on a command for a while; whoever finds more to do asks for another turn."""
    until = time.monotonic() + _TURN
    try:
        while time.monotonic() < until:
            turn = work.work_once(command_id=command_id)
            if turn.wait is None:
                return
            if turn.wait > _SHORT:
                run_fleet_command.apply_async((command_id,), countdown=turn.wait.total_seconds())
                return
            time.sleep(turn.wait.total_seconds())
    except (OperationalError, InterfaceError, Unavailable):
        run_fleet_command.apply_async((command_id,), countdown=_AFTER_TROUBLE)
        return
    run_fleet_command.delay(command_id)


def start(command_id: int) -> None:
    """Put workers on a committed command. Without a broker, the sweep does so a little later."""
    try:
        for _worker in range(WORKERS):
            # Somebody waits for the page: the sweep is the second try.
            run_fleet_command.apply_async((command_id,), retry=False)
    except Exception:  # Each broker refuses in errors of its own, and what is confirmed stands.
        logger.exception("command %s waits for the sweep", command_id)


@shared_task
def resume_fleet_commands() -> None:
    """Put a worker on each command that was left lying, and finish what ended halfway."""
    sweeping.settle_ended()
    for command_id in sweeping.left_lying():
        run_fleet_command.delay(command_id)


@shared_task
def forget_previews() -> None:
    sweeping.forget_previews()
