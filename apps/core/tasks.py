"""Celery entry points of the engine."""

from __future__ import annotations

from celery import shared_task

from apps.core import counting, events, page_marks

# Task -> seconds between runs.
SCHEDULE = {
    "apps.core.tasks.deliver_events": 10.0,
    "apps.core.tasks.purge_events": 86_400.0,
    "apps.core.tasks.fold_row_counts": 600.0,
    "apps.core.tasks.purge_page_marks": 86_400.0,
}


@shared_task
def deliver_events() -> int:
    return events.deliver_events()


@shared_task
def purge_events() -> int:
    return events.purge_events()


@shared_task
def fold_row_counts() -> int:
    return counting.fold_slots()


@shared_task
def purge_page_marks() -> int:
    return page_marks.purge_marks()
