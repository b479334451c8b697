"""What other apps' events mean for alerts."""

from __future__ import annotations

from apps.alerts.services import close_no_connection
from apps.core.events import Event, consumer


@consumer("product_connected_again")
def unit_came_back(event: Event) -> None:
    """A unit connected after a long silence: its alert is settled without anybody's doing."""
    close_no_connection(product_imei=event.subject, now=event.at)
