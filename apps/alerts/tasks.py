"""Celery entry points of the analyses."""

from __future__ import annotations

from celery import shared_task

from apps.alerts import services

# Task -> seconds between runs.
SCHEDULE = {"apps.alerts.tasks.analyse_connectivity": 600.0}


@shared_task
def analyse_connectivity() -> tuple[int, int]:
    return services.analyse_connectivity()
