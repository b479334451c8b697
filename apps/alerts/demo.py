"""Alerts on made-up units: silent ones, weak batteries, tampering; open or dealt with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import partial
from random import Random
from typing import Any

from django.db import models

from apps.alerts.models import (
    Alert,
    AlertType,
    AlertTypeAnomalyTypeLinker,
    AlertTypeProductTypeLinker,
    AlertTypeStateTypeLinker,
    AnalysisHistory,
    AnalysisStatus,
    Anomaly,
    ContactType,
)
from apps.alerts.services.connectivity import CONNECTED_AGAIN, NO_CONNECTION, SILENCE
from apps.alerts.services.raising import SYSTEM
from apps.core.demo import Fleet, Maker, Unit
from apps.entities.demo import Ownership
from apps.products.demo.life import Life, between

PENDING_TOO_LONG = "pending_too_long"
_LONG = dt.timedelta(days=2)
# Open now on so many units in a thousand.
_OPEN = {
    "low_battery": 35,
    "tamper": 12,
    "over_temperature": 10,
    "not_charging": 20,
    "battery_degraded": 15,
    "overload": 8,
    "data_gap": 6,
}
_DEALT_WITH = {
    NO_CONNECTION: (CONNECTED_AGAIN, "Customer back from travelling"),
    "low_battery": ("Customer charged it in full sun", "Panel cleaned", "Customer advised"),
    "tamper": ("Opened by our technician", "Fell down, switch reset", "Customer warned"),
    "over_temperature": ("Moved into the shade", "Moved away from the stove"),
    "not_charging": ("Panel was not plugged in", "Cable replaced", "Rainy season"),
    "battery_degraded": ("Battery replaced", "Kept under watch"),
    "overload": ("Customer unplugged an inverter", "Customer advised"),
}


class AlertMaker(Maker):
    """Raises alerts where the alert types allow, as the analyses would."""

    def setup(self, fleet: Fleet) -> None:
        self.ids = dict(AlertType.objects.values_list("name", "pk"))
        self.product_types = _linked(AlertTypeProductTypeLinker, "product_type")
        self.stages = _linked(AlertTypeStateTypeLinker, "state_type")
        self.anomalies = _linked(AlertTypeAnomalyTypeLinker, "anomaly_type")

    def write(self, fleet: Fleet, unit: Unit) -> None:
        life = unit.get(Life)
        if not life.activated:
            return
        rng = fleet.rng("alerts", unit.number)
        if rng.random() < 0.18:
            self._dealt_with(fleet, unit, rng)
        if fleet.until - life.heard > SILENCE:
            self._raise(fleet, unit, rng, NO_CONNECTION, life.heard, life.heard + SILENCE)
        elif life.enable_rows and life.enable_rows[-1]["current_enable_state"].startswith("pend"):
            asked = life.enable_rows[-1]["date"]
            if fleet.until - asked > _LONG:
                self._raise(fleet, unit, rng, PENDING_TOO_LONG, asked, asked + _LONG)
        for name, share in _OPEN.items():
            if rng.random() * 1000 < share:
                start = life.heard - dt.timedelta(hours=rng.uniform(1, 120))
                self._raise(fleet, unit, rng, name, max(start, life.activated), life.heard)

    def _allowed(self, unit: Unit, name: str, *, now: bool) -> bool:
        """Whether alerts of a type may be raised on the unit: at all, or as it stands now."""
        alert_type, life = self.ids.get(name), unit.get(Life)
        return (
            alert_type is not None
            and life.model.product_type_id in self.product_types[alert_type]
            and (not now or life.stage in self.stages[alert_type])
        )

    def _raise(
        self,
        fleet: Fleet,
        unit: Unit,
        rng: Random,
        name: str,
        start: dt.datetime,
        found: dt.datetime,
    ) -> None:
        if not self._allowed(unit, name, now=True):
            return
        contacted = rng.random() < 0.15
        self._write(
            fleet,
            unit,
            rng,
            name,
            start,
            found,
            None,
            customer_contact_date=between(rng, found, fleet.until) if contacted else None,
            customer_contact_type=str(rng.choice(ContactType.values)) if contacted else None,
        )

    def _dealt_with(self, fleet: Fleet, unit: Unit, rng: Random) -> None:
        """One or two alerts of the past."""
        life = unit.get(Life)
        assert life.activated
        names = [name for name in _DEALT_WITH if self._allowed(unit, name, now=False)]
        for name in rng.sample(names, rng.choice((1, 1, 2))):
            start = between(rng, life.activated, life.heard, 0.1, 0.8)
            found = start + (life.heard - start) * 0.1
            dismissed = between(rng, found, life.heard, 0.1, 0.6)
            reason = rng.choice(_DEALT_WITH[name])
            by_staff = unit.get(Ownership).staff("callcentre")
            self._write(
                fleet,
                unit,
                rng,
                name,
                start,
                found,
                dismissed,
                dismissed_at=dismissed,
                dismissed_by=SYSTEM if reason == CONNECTED_AGAIN else by_staff,
                dismissal_reason=reason,
                extra_info="Spoke to the customer" if rng.random() < 0.4 else None,
            )

    def _write(
        self,
        fleet: Fleet,
        unit: Unit,
        rng: Random,
        name: str,
        start: dt.datetime,
        found: dt.datetime,
        end: dt.datetime | None,
        **columns: Any,
    ) -> None:
        """The alert, the analysis that found it and the anomaly it found."""
        alert_type = self.ids[name]
        add = partial(fleet.add, at=found, by=SYSTEM, product_imei=unit.key)
        add(
            Alert,
            alert_type_id=alert_type,
            start_time=start,
            modified_at=end,
            modified_by=columns.get("dismissed_by"),
            **columns,
        )
        success = str(AnalysisStatus.SUCCESS)
        add(AnalysisHistory, alert_type_id=alert_type, timestamp=found, status=success)
        if anomalies := self.anomalies[alert_type]:
            anomaly_type = rng.choice(anomalies)
            add(Anomaly, anomaly_type_id=anomaly_type, start_time=start, end_time=end)


def _linked(linker: type[models.Model], column: str) -> dict[int, list[int]]:
    """Alert type -> what a table of links allows or names for it."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = linker._default_manager.order_by("pk").values_list("alert_type", column)
    for alert_type, other in rows:
        found[alert_type].append(other)
    return found


MAKER = AlertMaker()
