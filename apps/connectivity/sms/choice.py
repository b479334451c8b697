"""Which provider of text messages is in use."""

from __future__ import annotations

from django.conf import settings

from apps.connectivity.sms.gateway import Gateway
from apps.connectivity.sms.providers import Console, Provider


def provider_in_use() -> Provider:
    """The gateway, where the environment names one, else the console."""
    if settings.SMS_GATEWAY_URL:
        return Gateway(
            url=settings.SMS_GATEWAY_URL,
            token=settings.SMS_GATEWAY_TOKEN,
            sender=settings.SMS_SENDER,
        )
    return Console()
