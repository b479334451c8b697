"""What connectivity does by the clock."""

from __future__ import annotations

from celery import shared_task

from apps.connectivity.services import locations, nonces, sms_sending


@shared_task
def purge_nonces() -> None:
    """Forget the nonces that no request could use again."""
    nonces.purge_nonces()


@shared_task
def send_messages() -> int:
    """Hand the text messages that are due to the gateway."""
    return sms_sending.send_due()


@shared_task
def expire_messages() -> int:
    """Mark the text messages that were not delivered in time."""
    return sms_sending.expire_messages()


@shared_task
def locate_connections() -> int:
    """Find where units were that reported cells and no position."""
    return locations.locate_connections()


# Task -> seconds between runs; collected by smartsolar.celery.
SCHEDULE = {
    "apps.connectivity.tasks.purge_nonces": 600,
    "apps.connectivity.tasks.locate_connections": 10,
    # Requests ask for a turn as well; this finds what they could not tell of and what was put off.
    "apps.connectivity.tasks.send_messages": 10,
    "apps.connectivity.tasks.expire_messages": 60,
}
