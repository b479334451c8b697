"""The SQL of a unit's contact: every unit runs it every four hours, so no model stands in between.

Portable between SQLite and PostgreSQL. The order of the columns is that of the readers in
`services/contacts.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from apps.core.prepared import Prepared

MAX_CELLS = 7
CELL_FIELDS = ("lac", "cid", "signal", "mcc", "mnc")

# Locks the row of the unit, where the database has row locks, and reads it, in the order of
# `UnitRow`. The next statement reads other tables: PostgreSQL, having waited for a lock, reads
# the locked row again, but joins it to what it had found in other tables before.
_READ_UNIT = (
    "SELECT device_key, current_enable_flag, desired_enable_flag, current_tamper_flag,"
    " desired_tamper_flag, capacity_limit, latest_state_id, latest_connection_id,"
    " latest_connection_location_id FROM product WHERE product_imei = %s"
)

# For points, which change nothing of a unit and so lock nothing: its key, and its stage of life.
_READ_SENDER = (
    "SELECT p.device_key, (SELECT y.name FROM state_type y WHERE y.state_type_id ="
    " (SELECT s.current_state_type FROM state s WHERE s.state_id = p.latest_state_id))"
    " FROM product p WHERE p.product_imei = %s"
)
_WRITE_NONCE = (
    "INSERT INTO unit_nonce (imei, nonce, seen_at) VALUES (%s, %s, %s)"
    " ON CONFLICT (imei, nonce) DO NOTHING"
)

# Subqueries of RETURNING, each a single value about the unit. They nest where a join would say the
# same: planning a join takes twice as long as everything else here.
_STAGE = (
    "(SELECT y.name FROM state_type y WHERE y.state_type_id ="
    " (SELECT s.current_state_type FROM state s WHERE s.state_id = %s))"
)
_CONNECTED_AT = "(SELECT c.date FROM connection c WHERE c.connection_id = %s)"
_VERSION = "(SELECT v.software_version_type_id FROM software_version_type v WHERE v.name = %s)"
_OPEN_SOFTWARE = (
    "FROM product_software_linker l WHERE l.product_imei = %s AND l.date_removed IS NULL"
)
_RUNNING = (
    f"(SELECT l.software_version_type_id {_OPEN_SOFTWARE} AND l.date_added IS NOT NULL"
    " ORDER BY l.date_added DESC, l.product_software_linker_id DESC LIMIT 1)"
)
_ASKED = (
    f"(SELECT l.product_software_linker_id {_OPEN_SOFTWARE} AND l.date_added IS NULL"
    f" AND l.software_version_type_id = {_VERSION} AND l.created_at <= %s"
    " ORDER BY l.product_software_linker_id DESC LIMIT 1)"
)
_SOFTWARE_PENDING = f"EXISTS (SELECT 1 {_OPEN_SOFTWARE} AND l.date_added IS NULL)"
_PARAMETERS_PENDING = (
    "EXISTS (SELECT 1 FROM product_parameter a WHERE a.product_imei = %s AND a.status = 'pending')"
)
_OF_PARTS_PENDING = (
    "EXISTS (SELECT 1 FROM part_parameter a WHERE a.status = 'pending' AND a.part_id IN"
    " (SELECT l.part_id FROM part_product_linker l"
    " WHERE l.product_imei = %s AND l.date_removed IS NULL))"
)


def _newest(column: str, history: str) -> str:
    return (
        f"(SELECT h.{column} FROM {history} h WHERE h.product_imei = %s"
        f" ORDER BY h.date DESC, h.{history}_id DESC LIMIT 1)"
    )


# Uses a nonce up and reads where the unit stands; no row comes back where it was used before.
# First parameters: imei, nonce, now, the id of the unit's latest state.
_USE_NONCE = f"{_WRITE_NONCE} RETURNING {_STAGE}"
# Further parameters: the ids of the latest connection and of the latest located one, four times the
# imei, the software reported, then imei, imei, the software reported, the latest moment at which
# the report can have been asked for, imei, imei.
_USE_NONCE_FOR_REPORT = ", ".join(
    (
        _USE_NONCE,
        _CONNECTED_AT,
        _CONNECTED_AT,
        _newest("current_enable_state", "enable_history"),
        _newest("date", "enable_history"),
        _newest("current_tamper_enable_state", "tamper_enable_history"),
        _newest("date", "tamper_enable_history"),
        _VERSION,
        _RUNNING,
        _ASKED,
        _PARAMETERS_PENDING,
        _OF_PARTS_PENDING,
    )
)
# Further parameters: three times the imei.
_USE_NONCE_FOR_WISHES = ", ".join(
    (_USE_NONCE, _SOFTWARE_PENDING, _PARAMETERS_PENDING, _OF_PARTS_PENDING)
)

# Planning these takes longer than running them.
READ_SENDER = Prepared("unit_sender", _READ_SENDER)
NOTE_NONCE = Prepared("unit_sends", f"{_WRITE_NONCE} RETURNING 1")
# Committed without a wait for the disk: a crash that loses it lets the same points come again,
# which changes nothing. PostgreSQL alone has that, and runs it alone.
_NOTE_NONCE_SOON = Prepared(
    "unit_sends_soon", f"{_WRITE_NONCE} RETURNING set_config('synchronous_commit', 'off', true)"
)
USE_NONCE_FOR_REPORT = Prepared("unit_reports", _USE_NONCE_FOR_REPORT)
USE_NONCE_FOR_WISHES = Prepared("unit_asks", _USE_NONCE_FOR_WISHES)
_LOCK_UNIT = Prepared("unit_locked", f"{_READ_UNIT} FOR UPDATE")
_LOCKED_ALREADY = Prepared("unit_read", _READ_UNIT)


class UnitRow(NamedTuple):
    """A unit's row as `lock_unit` reads it; the flags are 0 and 1 on SQLite."""

    device_key: str | None
    current_enable: bool
    desired_enable: bool
    current_tamper: bool
    desired_tamper: bool
    capacity_limit: str | None
    state_id: int | None
    connection_id: int | None
    located_id: int | None


def _insert_connection(cells: int) -> str:
    columns = [
        *("product_imei", "date", "location_failed_flag", "latitude", "longitude"),
        *("frequency", "timing_advance", "created_at", "created_by"),
        *(("mcc", "mnc") if cells else ()),
        *(f"cell_{n}_{name}" for n in range(1, cells + 1) for name in CELL_FIELDS),
    ]
    values = ", ".join(["%s"] * len(columns))
    return (
        f"INSERT INTO connection ({', '.join(columns)}) VALUES ({values}) RETURNING connection_id"
    )


# By the number of cells a unit saw; columns of cells it did not see stay null.
INSERT_CONNECTION = tuple(_insert_connection(cells) for cells in range(MAX_CELLS + 1))


def lock_unit() -> Prepared:
    """The first statement for the database in use; SQLite locks all when a transaction begins."""
    return _LOCK_UNIT if connection.features.has_select_for_update else _LOCKED_ALREADY


def note_nonce_soon() -> Prepared:
    """`NOTE_NONCE` as a transaction of its own, for the database in use."""
    return _NOTE_NONCE_SOON if connection.vendor == "postgresql" else NOTE_NONCE


def moment(value: Any) -> datetime | None:
    """A time as a raw cursor returns it, aware: SQLite hands it over as text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value is not None and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value
