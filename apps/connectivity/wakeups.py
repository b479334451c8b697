"""What a wake-up is: a text message that makes a unit connect at once. Reference: "WakeUp"."""

from __future__ import annotations

import datetime as dt

from django.db import models

# Software that connects when it is sent a wake-up.
WAKEUP_ENABLED_SOFTWARE = frozenset(
    {
        "2.15",
        "2.16",
        "3.2",
        "3.3",
        "3.4",
        "3.5",
        "3.6",
        "3.6a",
        "hub-stc-1",
        "hub-stc-2",
        "hub-stc-3",
        "hub-stc-4",
        "hub-stc-5",
        "hub-stc-6",
    }
)

# What the unit is sent. It understands no other text, so it is not kept with each message.
WAKEUP_TEXT = "WAKEUP"

# From here on a wake-up that was not delivered never will be.
WAKEUP_TIMEOUT = dt.timedelta(seconds=3600)

# Stands as the user of changes that nobody made but the clock or the gateway.
SYSTEM = "system"


class SmsStatus(models.TextChoices):
    """How far a message got; one that is on its way has no status."""

    DELIVERED = "Delivered", "Delivered"
    EXPIRED = "Expired", "Expired"


class Trigger(models.TextChoices):
    """Why a unit was woken up."""

    WAKEUP = "wakeup", "wakeup"
    ENABLE = "enable", "enable"
    DISABLE = "disable", "disable"
