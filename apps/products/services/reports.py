"""What a unit says of itself, taken into its row and its histories.

Reference: "Units connecting to the System", "POST", "Pending Changes".
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from apps.core.writes import Writes
from apps.products.services.parameters import Reported, confirm_parameters
from apps.products.services.software import confirm_software
from apps.products.services.switch import MAIN, TAMPER, UNIT, SwitchStanding, confirm_switch

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One report of a unit on itself, clean: `made_at` is never later than its receipt.

    `position` is (latitude, longitude) in degrees, or None where the unit has no fix.
    """

    made_at: datetime
    enabled: bool
    tamper_enabled: bool
    software: str
    position: tuple[float, float] | None
    parameters: Mapping[str, Reported]


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """Where a unit stood before a report, read while its row is locked.

    reported_at, located_at: dates of the connections the unit's row points to.
    running_id: the version the unit last reported. version_id: the version it reports now, None
    where no version has that name. asked_id: the update that asked for the version it reports now,
    and did so before the report was made.
    """

    main: SwitchStanding
    tamper: SwitchStanding
    reported_at: datetime | None
    located_at: datetime | None
    running_id: int | None
    version_id: int | None
    asked_id: int | None
    parameters_pending: bool


def is_late(report: UnitReport, standing: UnitStanding) -> bool:
    """Whether a newer report was taken in already; a repeated report is not late."""
    return standing.reported_at is not None and report.made_at < standing.reported_at


def apply_report(
    *,
    product_imei: str,
    report: UnitReport,
    standing: UnitStanding,
    connection_id: int,
    now: datetime,
    writes: Writes,
) -> None:
    """Make what a unit reports current: connection, place, switches, software and parameters.

    The caller holds the lock on the unit's row, under which `standing` was read, in the transaction
    that wrote the connection, and sends `writes`. The same report again changes nothing but the
    connection. A late one moves no state; it may still be the newest that knows a place.
    """
    columns: dict[str, Any] = {}
    if not is_late(report, standing):
        columns["latest_connection_id"] = connection_id
        columns |= _switches(product_imei, report, standing, now, writes)
        _software(product_imei, report, standing, now, writes)
        if report.parameters and standing.parameters_pending:
            confirm_parameters(
                product_imei=product_imei,
                reported=report.parameters,
                made_at=report.made_at,
                now=now,
                by=UNIT,
                writes=writes,
            )
    if report.position is not None and (
        standing.located_at is None or report.made_at >= standing.located_at
    ):
        columns["latest_connection_location_id"] = connection_id
        columns["gps_lat"], columns["gps_lon"] = report.position
    if columns:
        _save(product_imei, columns, now, writes)


def _switches(
    product_imei: str,
    report: UnitReport,
    standing: UnitStanding,
    now: datetime,
    writes: Writes,
) -> dict[str, Any]:
    made_at = report.made_at
    return confirm_switch(
        switch=MAIN,
        product_imei=product_imei,
        standing=standing.main,
        reported=report.enabled,
        made_at=made_at,
        now=now,
        writes=writes,
    ) | confirm_switch(
        switch=TAMPER,
        product_imei=product_imei,
        standing=standing.tamper,
        reported=report.tamper_enabled,
        made_at=made_at,
        now=now,
        writes=writes,
    )


def _software(
    product_imei: str,
    report: UnitReport,
    standing: UnitStanding,
    now: datetime,
    writes: Writes,
) -> None:
    if standing.version_id is None:
        # A version is a record with a link and a checksum, which a name alone is not: it is for
        # staff to add it. The unit says the same again at its next contact.
        logger.warning("unit %s runs unknown software %r", product_imei, report.software[:64])
        return
    if standing.asked_id is None and standing.version_id == standing.running_id:
        return
    confirm_software(
        product_imei=product_imei,
        version_id=standing.version_id,
        pending_id=standing.asked_id,
        now=now,
        by=UNIT,
        writes=writes,
    )


def _save(product_imei: str, columns: dict[str, Any], now: datetime, writes: Writes) -> None:
    """One UPDATE without a model: it runs at every connection of every unit."""
    columns["modified_at"] = connection.ops.adapt_datetimefield_value(now)
    columns["modified_by"] = UNIT
    assignments = ", ".join(f"{column} = %s" for column in columns)
    writes.add(
        f"UPDATE product SET {assignments} WHERE product_imei = %s",
        [*columns.values(), product_imei],
    )
