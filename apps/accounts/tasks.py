"""Background work on accounts."""

from __future__ import annotations

from celery import shared_task

from apps.accounts import services

SCHEDULE = {"apps.accounts.tasks.purge_expired_tokens": 3600}


@shared_task
def purge_expired_tokens() -> int:
    """Delete the tokens that have ended; returns how many."""
    return services.purge_expired_tokens()
