"""What other apps' events mean for alerts."""

from __future__ import annotations

from apps.alerts.services.connectivity import TERMINATED_NOW, close_no_connection
from apps.alerts.services.credit_drift import analyse_credit_drift
from apps.core.events import Event, consumer
from apps.products.lifecycle import LifeStage


@consumer("product_connected_again")
def unit_came_back(event: Event) -> None:
    """A unit connected after a long silence: its alert is settled without anybody's doing."""
    close_no_connection(product_imei=event.subject, now=event.at)


@consumer("state_changed")
def unit_moved(event: Event) -> None:
    """Nobody waits for a TERMINATED unit to connect."""
    if event.data["to"] == LifeStage.TERMINATED:
        close_no_connection(product_imei=event.subject, now=event.at, reason=TERMINATED_NOW)


@consumer("credit_drift_found", "credit_drift_ended")
def credit_drifts(event: Event) -> None:
    """Whichever of the two comes last or twice, the alert is as the drift is by now."""
    analyse_credit_drift(product_imei=event.subject)
