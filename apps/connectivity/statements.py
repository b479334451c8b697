"""The SQL of a unit's contact: every unit runs it every four hours, so no model stands in between.

Portable between SQLite and PostgreSQL. The order of the columns is that of the readers in
`services/contacts.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection

MAX_CELLS = 7
CELL_FIELDS = ("lac", "cid", "signal", "mcc", "mnc")

# Locks the unit's row, where the database has row locks (see `lock_unit`).
LOCK_UNIT = "SELECT device_key FROM product WHERE product_imei = %s"

# Subqueries of RETURNING, each a single value about the unit whose nonce is written. `device_key`
# apart, nothing is read together with the lock: PostgreSQL, having waited for a lock, reads the
# locked row again but joins it to what it had found before.
_IMEI = "unit_nonce.imei"


def _product(column: str) -> str:
    return f"(SELECT p.{column} FROM product p WHERE p.product_imei = {_IMEI})"


def _connected(pointer: str) -> str:
    return (
        "(SELECT c.date FROM product p"
        f" JOIN connection c ON c.connection_id = p.{pointer} WHERE p.product_imei = {_IMEI})"
    )


def _newest(column: str, history: str) -> str:
    return (
        f"(SELECT h.{column} FROM {history} h WHERE h.product_imei = {_IMEI}"
        f" ORDER BY h.date DESC, h.{history}_id DESC LIMIT 1)"
    )


_STAGE = (
    "(SELECT y.name FROM product p JOIN state s ON s.state_id = p.latest_state_id"
    " JOIN state_type y ON y.state_type_id = s.current_state_type"
    f" WHERE p.product_imei = {_IMEI})"
)
_RUNNING = (
    "(SELECT l.software_version_type_id FROM product_software_linker l"
    f" WHERE l.product_imei = {_IMEI} AND l.date_removed IS NULL AND l.date_added IS NOT NULL"
    " ORDER BY l.date_added DESC, l.product_software_linker_id DESC LIMIT 1)"
)
_VERSION = "(SELECT v.software_version_type_id FROM software_version_type v WHERE v.name = %s)"
_ASKED = (
    "(SELECT l.product_software_linker_id FROM product_software_linker l"
    " JOIN software_version_type v USING (software_version_type_id)"
    f" WHERE l.product_imei = {_IMEI} AND l.date_removed IS NULL AND l.date_added IS NULL"
    " AND v.name = %s ORDER BY l.product_software_linker_id DESC LIMIT 1)"
)
_PARAMETERS = (
    "EXISTS (SELECT 1 FROM product_parameter a"
    f" WHERE a.product_imei = {_IMEI} AND a.status = 'pending')"
)
_SOFTWARE_PENDING = (
    "EXISTS (SELECT 1 FROM product_software_linker l"
    f" WHERE l.product_imei = {_IMEI} AND l.date_removed IS NULL AND l.date_added IS NULL)"
)

_USE_NONCE = (
    "INSERT INTO unit_nonce (imei, nonce, seen_at) VALUES (%s, %s, %s)"
    " ON CONFLICT (imei, nonce) DO NOTHING RETURNING "
)
# Uses a nonce up and reads where the unit stands; no row comes back where it was used before.
# Parameters: imei, nonce, now, the name of the software reported (twice).
USE_NONCE_FOR_REPORT = _USE_NONCE + ", ".join(
    (
        _STAGE,
        _product("current_enable_flag"),
        _newest("current_enable_state", "enable_history"),
        _newest("date", "enable_history"),
        _product("current_tamper_flag"),
        _newest("current_tamper_enable_state", "tamper_enable_history"),
        _newest("date", "tamper_enable_history"),
        _connected("latest_connection_id"),
        _connected("latest_connection_location_id"),
        _RUNNING,
        _VERSION,
        _ASKED,
        _PARAMETERS,
    )
)
# The same for a unit that asks what it is to do. Parameters: imei, nonce, now.
USE_NONCE_FOR_WISHES = _USE_NONCE + ", ".join(
    (
        _STAGE,
        _product("desired_enable_flag"),
        _product("desired_tamper_flag"),
        _product("capacity_limit"),
        _SOFTWARE_PENDING,
        _PARAMETERS,
    )
)


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


def lock_unit() -> str:
    """LOCK_UNIT for the database in use; SQLite locks all of it when a transaction begins."""
    return LOCK_UNIT + " FOR UPDATE" if connection.features.has_select_for_update else LOCK_UNIT


def moment(value: Any) -> datetime | None:
    """A time as a raw cursor returns it, aware: SQLite hands it over as text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value is not None and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value
