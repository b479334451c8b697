"""What connectivity does by the clock."""

from __future__ import annotations

from celery import shared_task

from apps.connectivity.services import nonces


@shared_task
def purge_nonces() -> None:
    """Forget the nonces that no request could use again."""
    nonces.purge_nonces()


# Task -> seconds between runs; collected by smartsolar.celery.
SCHEDULE = {"apps.connectivity.tasks.purge_nonces": 600}
