"""Asking a worker for a turn at sending, so that a message does not wait for the next sweep."""

from __future__ import annotations

import logging
import time

from apps.connectivity.tasks import send_messages

logger = logging.getLogger("smartsolar.sms")

# One turn sends all that is due: seconds for which a process that asked for one asks for no other.
# What is written meanwhile is found by that turn, or by the sweep.
AFTER_ASKING = 1.0
# A broker that is away costs a request a few seconds; not every request shall pay them.
AFTER_FAILING = 30.0

_quiet_until = 0.0


def ask_for_turn() -> None:
    """Have a worker send what is due. To be called after a commit.

    Nothing depends on it: where the broker is away, the sweep sends a little later.
    """
    global _quiet_until
    now = time.monotonic()
    if now < _quiet_until:
        return
    _quiet_until = now + AFTER_ASKING
    try:
        send_messages.apply_async(expires=60, retry=False)
    except Exception as error:  # Each broker refuses in errors of its own.
        _quiet_until = now + AFTER_FAILING
        logger.warning("no worker could be asked to send SMS, the sweep will: %s", error)
