"""Celery entry points of device credit."""

from __future__ import annotations

import logging
import time
from typing import Final

from celery import shared_task
from kombu.exceptions import OperationalError as BrokerAway

from apps.dcm.services import imports, reconciliation, reminders

logger = logging.getLogger("smartsolar.dcm")

# A worker leaves a file after this long and queues again, so that others have their turn.
_TURN: Final = 20.0

# Task -> seconds between runs.
SCHEDULE = {
    "apps.dcm.tasks.remind_of_waiting_credit": 600.0,
    "apps.dcm.tasks.resume_credit_imports": 60.0,
    "apps.dcm.tasks.forget_credit_previews": 3_600.0,
    "apps.dcm.tasks.reconcile_credit": 21_600.0,
}


@shared_task
def remind_of_waiting_credit() -> int:
    """Tell others of silent units for which payment commands wait."""
    return reminders.remind_of_waiting_credit()


@shared_task
def work_off_credit_import(import_id: int) -> None:
    """Book payments of a file for a while; whoever finds more to do asks for another turn."""
    until = time.monotonic() + _TURN
    while imports.work_off(import_id=import_id):
        if time.monotonic() > until:
            work_off_credit_import.delay(import_id)
            return


def start_credit_import(import_id: int) -> None:
    """Put a worker on a confirmed file. Without a broker, the sweep does so a little later."""
    try:
        work_off_credit_import.delay(import_id)
    except BrokerAway:
        logger.exception("the payments of file %s wait for the sweep", import_id)


@shared_task
def resume_credit_imports() -> None:
    """Put a worker on each file that was left lying."""
    for import_id in imports.left_lying():
        work_off_credit_import.delay(import_id)


@shared_task
def forget_credit_previews() -> int:
    """Delete the files that nobody confirmed."""
    return imports.forget_previews()


@shared_task
def reconcile_credit() -> int:
    """Compare what units report with what the ledger allows."""
    return reconciliation.reconcile()
