"""Reading the whole fleet page by page: what a page costs, and that depth makes no difference."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from bench.case import (
    MANY_UNITS,
    Application,
    Case,
    Connection,
    Environ,
    Fleet,
    Request,
    Requests,
    as_someone,
    imei_of,
)
from bench.floors import answering, objects, prepared

SIZE = 1_000
# Past the pages near the start, whose beginnings are counted off rather than looked up.
_FIRST = 10


def pages(path: str, *, of_ten: int) -> Requests:
    """The pages of one tenth of a sweep, there and back again."""

    def request(fleet: Fleet, number: int) -> Request:
        tenth = fleet.units // SIZE // 10
        turn, step = divmod(number, tenth)
        place = tenth - 1 - step if turn % 2 else step
        return _page(fleet, path, tenth * (of_ten - 1) + place + 1)

    return request


def _page(fleet: Fleet, path: str, page: int) -> Request:
    query = {"page": str(page), "results_per_page": str(SIZE)}
    return Request(path, query=query, headers=as_someone(fleet))


def _some_pages(path: str) -> Requests:
    """Pages one after the other, from the tenth on."""
    return lambda fleet, number: _page(fleet, path, _FIRST + number % 50)


def _start(environ: Environ) -> str:
    """The last IMEI before the page asked for: the fleet's have no gaps."""
    (page,) = parse_qs(environ["QUERY_STRING"])["page"]
    return imei_of((int(page) - 1) * SIZE - 1)


LOCATIONS = "/v1/products/locations"
_LOCATION_FIELDS = ("product_imei", "latitude", "longitude", "error_radius")
_LOCATION_SQL = f"""
SELECT t.product_imei, c.latitude, c.longitude, c.error_radius
FROM product t LEFT JOIN connection c ON c.connection_id = t.latest_connection_location_id
WHERE t.latest_connection_location_id IS NOT NULL AND t.product_imei > (SELECT %s)
ORDER BY t.product_imei LIMIT {SIZE}
"""


def _locations_floor(connection: Connection) -> Application:
    prepared(connection)

    def work(environ: Environ) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_LOCATION_SQL, [_start(environ)])
            return {"data": objects(_LOCATION_FIELDS, cursor.fetchall())}

    return answering(work)


STATUS = "/v1/current_enable_status"
_STATUS_FIELDS = (
    "current_enable_state", "current_state_type", "date", "dcm_enabled_flag", "entity",
    "entity_id", "hardware_type", "prev_enable_state", "product_imei", "product_type_id",
    "serial_number", "total_accessory_energy", "user",
)  # fmt: skip
_STATUS_SQL = f"""
SELECT COALESCE(h.current_enable_state, 'init'), s.current_state_type, h.date, t.dcm_enabled_flag,
    e.name, e.entity_id, y.name, h.prev_enable_state, t.product_imei, t.product_type_id,
    t.serial_number,
    (SELECT MAX(p.value) FROM product_parameter p WHERE p.product_imei = t.product_imei
     AND p.status = 'active' AND p.parameter_type_id =
        (SELECT k.parameter_type_id FROM parameter_type k WHERE k.name = 'total_accessory_energy')),
    h."user"
FROM product t
JOIN product_type y ON y.product_type_id = t.product_type_id
LEFT JOIN enable_history h ON h.enable_history_id = t.latest_enable_history_id
LEFT JOIN state s ON s.state_id = t.latest_state_id
LEFT JOIN product_entity_linker l ON l.product_entity_linker_id =
    (SELECT MIN(o.product_entity_linker_id) FROM product_entity_linker o
     WHERE o.product_imei = t.product_imei AND o.date_removed IS NULL)
LEFT JOIN entity e ON e.entity_id = l.entity_id
WHERE t.product_imei > (SELECT %s) ORDER BY t.product_imei LIMIT {SIZE}
"""


def _status_floor(connection: Connection) -> Application:
    prepared(connection)

    def work(environ: Environ) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_STATUS_SQL, [_start(environ)])
            return {
                "data": objects(_STATUS_FIELDS, cursor.fetchall()),
                "message": "enable_histories retrieved",
                "status": "success",
            }

    return answering(work)


def _depth(name: str, path: str) -> Case:
    """The last tenth of a sweep over a million units against its first."""
    return Case(name, 1.3, pages(path, of_ten=10), against=pages(path, of_ten=1), units=MANY_UNITS)


# --- units at a glance ---------------------------------------------------------------------------

_GLANCE_FIELDS = (
    "product_imei", "serial_number", "imsi", "hardware_type", "entities", "hub_id", "shop_id",
    "location_date", "alerts", "software_lock", "pending_software_created_at", "state",
    "state_date", "recent_connection", "latitude", "longitude", "error_radius", "capacity_limit",
    "current_enable_flag", "desired_enable_flag", "current_tamper_flag", "desired_tamper_flag",
    "notes", "software", "pending_software", "created_at", "created_by", "modified_at",
)  # fmt: skip
_UNITS_SQL = """
SELECT t.product_imei, t.serial_number, t.imsi, y.name, NULL, t.hub_id, t.shop_id, g.date, NULL,
    t.software_lock, NULL, LOWER(w.name), h.created_at, d.date, g.latitude, g.longitude,
    g.error_radius, t.capacity_limit, t.current_enable_flag, t.desired_enable_flag,
    t.current_tamper_flag, t.desired_tamper_flag, NULL, NULL, NULL, t.created_at, t.created_by,
    t.modified_at
FROM (SELECT t.product_imei FROM product t ORDER BY t.product_imei LIMIT 100) p
JOIN product t ON t.product_imei = p.product_imei
JOIN product_type y ON y.product_type_id = t.product_type_id
LEFT JOIN state h ON h.state_id = t.latest_state_id
LEFT JOIN state_type w ON w.state_type_id = h.current_state_type
LEFT JOIN connection d ON d.connection_id = t.latest_connection_id
LEFT JOIN connection g ON g.connection_id = t.latest_connection_location_id
ORDER BY t.product_imei
"""
_KEPT = "SELECT COALESCE(SUM(rows), 0)::bigint FROM row_count WHERE \"table\" = 'product'"
_ENTITY_FIELDS = (
    *("entity_id", "name", "bboxx_company_flag", "financier", "tariff"),
    *("created_at", "created_by", "modified_at"),
)
_ENTITIES_SQL = f"""
SELECT l.product_imei, {", ".join(f"e.{name}" for name in _ENTITY_FIELDS)}
FROM product_entity_linker l JOIN entity e ON e.entity_id = l.entity_id
WHERE l.date_removed IS NULL AND l.product_imei IN %s ORDER BY l.product_entity_linker_id
"""
_ALERTS_SQL = """
SELECT a.product_imei, k.name FROM alert a JOIN alert_type k ON k.alert_type_id = a.alert_type_id
WHERE a.dismissed_at IS NULL AND a.product_imei IN %s ORDER BY a.alert_id
"""
_NOTES_SQL = """
SELECT product_imei, note_text FROM product_note WHERE product_imei IN %s ORDER BY product_note_id
"""
_SOFTWARE_SQL = """
SELECT l.product_imei, v.name, l.date_added IS NULL, l.created_at FROM product_software_linker l
JOIN software_version_type v ON v.software_version_type_id = l.software_version_type_id
WHERE l.date_removed IS NULL AND l.product_imei IN %s
ORDER BY l.date_added, l.product_software_linker_id
"""


def _glance_request(fleet: Fleet, number: int) -> Request:
    return Request("/v1/dashboard2", query={"results_per_page": "100"}, headers=as_someone(fleet))


def _glance_floor(connection: Connection) -> Application:
    prepared(connection)
    return answering(lambda environ: _glance(connection))


def _glance(connection: Connection) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_UNITS_SQL)
        units = {row[0]: dict(zip(_GLANCE_FIELDS, row, strict=True)) for row in cursor.fetchall()}
        cursor.execute(_KEPT)
        (total,) = cursor.fetchone()
        imeis = tuple(units)
        for unit in units.values():
            unit["entities"] = []
        cursor.execute(_ENTITIES_SQL, [imeis])
        for imei, *values in cursor.fetchall():
            units[imei]["entities"].append(dict(zip(_ENTITY_FIELDS, values, strict=True)))
        for name, sql in (("alerts", _ALERTS_SQL), ("notes", _NOTES_SQL)):
            cursor.execute(sql, [imeis])
            for imei, text in cursor.fetchall():
                units[imei][name] = [*(units[imei][name] or ()), text]
            for unit in units.values():
                unit[name] = unit[name] or [None]
        cursor.execute(_SOFTWARE_SQL, [imeis])
        for imei, name, waits, since in cursor.fetchall():
            units[imei]["pending_software" if waits else "software"] = name
            if waits:
                units[imei]["pending_software_created_at"] = since
    return {"data": list(units.values()), "num_results": total, "num_results_filtered": total}


CASES = (
    Case("locations-1000", 2.0, _some_pages(LOCATIONS), _locations_floor),
    Case("enable-status-1000", 1.5, _some_pages(STATUS), _status_floor),
    Case("dashboard2-100", 1.7, _glance_request, _glance_floor),
    _depth("depth-locations", LOCATIONS),
    _depth("depth-enable-status", STATUS),
)
