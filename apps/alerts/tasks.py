"""Celery entry points of the analyses."""

from __future__ import annotations

from celery import shared_task

from apps.alerts.services import connectivity, credit_drift

# Task -> seconds between runs.
SCHEDULE = {
    "apps.alerts.tasks.analyse_connectivity": 600.0,
    "apps.alerts.tasks.analyse_credit_drift": 3_600.0,
}


@shared_task
def analyse_connectivity() -> tuple[int, int]:
    return connectivity.analyse_connectivity()


@shared_task
def analyse_credit_drift() -> tuple[int, int]:
    """What the events of drift may have missed: units watched, or out of the pause, since."""
    return credit_drift.analyse_credit_drift()
