"""What other apps' events mean for reaching units."""

from __future__ import annotations

from apps.connectivity.selectors import can_wake
from apps.connectivity.services.sms import send_wakeup, wake_for_wish
from apps.connectivity.wakeups import SYSTEM
from apps.core.events import Event, consumer


@consumer("switch_asked")
def switch_was_asked(event: Event) -> None:
    """A unit that can be woken up hears at once that it is to switch on or off."""
    wake_for_wish(
        product_imei=event.subject,
        enable_history_id=event.data["history_id"],
        on=event.data["on"],
        by=event.data["by"],
    )


@consumer("credit_waits")
def credit_waits(event: Event) -> None:
    """A silent unit that has payment commands to book is woken up, if it can be."""
    if can_wake(event.subject):
        send_wakeup(product_imei=event.subject, by=SYSTEM)
