"""Reading units: lists, one unit, a filtered and sorted list, and how they grow."""

from __future__ import annotations

from typing import Any

import orjson

from bench.case import (
    MANY_UNITS,
    Application,
    Case,
    Connection,
    Environ,
    Fleet,
    Request,
    as_someone,
)
from bench.floors import answering, objects, prepared

# As served: a unit's own columns, then those every table has.
COLUMNS = (
    "product_imei", "serial_number", "product_type_id", "imsi", "iccid", "device_key", "hub_id",
    "shop_id", "software_lock", "current_enable_flag", "desired_enable_flag",
    "current_tamper_flag", "desired_tamper_flag", "is_payg", "dcm_enabled_flag",
    "rtc_enabled_flag", "disable_date", "capacity_limit", "latest_connection_id",
    "latest_connection_location_id", "latest_state_id", "latest_enable_history_id",
    "latest_rtc_connection_history_id", "latest_rtc_mo_status_report_time",
    "latest_rtc_mt_status_update_time", "rtc_network_name", "ip_address", "analysis_timestamp",
    "assembler", "warranty_start_date", "gps_lat", "gps_lon", "created_at", "created_by",
    "modified_at", "modified_by",
)  # fmt: skip
LIST = ", ".join(f"t.{name}" for name in COLUMNS)
SELECT = f"SELECT {LIST} FROM product t"
KEPT = "SELECT COALESCE(SUM(rows), 0)::bigint FROM row_count WHERE \"table\" = 'product'"


def page(size: int) -> Case:
    """The first page of all units."""

    def request(fleet: Fleet, number: int) -> Request:
        return Request("/v1/products", query=_sized(size), headers=as_someone(fleet))

    def floor(connection: Connection) -> Application:
        prepared(connection)
        order = f"ORDER BY t.product_imei ASC LIMIT {size} OFFSET 0"
        if size <= 100:
            return answering(lambda environ: _counting_page(connection, order, size))
        return answering(lambda environ: _page_and_count(connection, order, size))

    return Case(f"list-{size}", LIMITS[size], request, floor)


def _counting_page(connection: Connection, order: str, size: int) -> dict[str, Any]:
    """A short page carries the number of all units in each of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {LIST}, ({KEPT}) FROM product t {order}")
        rows = cursor.fetchall()
    return _envelope(rows, rows[0][-1], size)


def _page_and_count(connection: Connection, order: str, size: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"{SELECT} {order}")
        rows = cursor.fetchall()
        cursor.execute(KEPT)
        (total,) = cursor.fetchone()
    return _envelope(rows, total, size)


LIMITS = {10: 2.0, 100: 1.7, 1_000: 1.5}


def _sized(size: int) -> dict[str, str]:
    return {} if size == 10 else {"results_per_page": str(size)}


def _envelope(rows: list[tuple], total: int, size: int) -> dict[str, Any]:
    return {
        "num_results": total,
        "objects": objects(COLUMNS, rows),
        "page": 1,
        "total_pages": -(-total // size),
    }


def _row_request(fleet: Fleet, number: int) -> Request:
    return Request(f"/v1/products/{fleet.imei(number)}", headers=as_someone(fleet))


def _row_floor(connection: Connection) -> Application:
    prepared(connection)
    sql = f"{SELECT} WHERE t.product_imei = %s"

    def work(environ: Environ) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [environ["PATH_INFO"].rpartition("/")[2]])
            return dict(zip(COLUMNS, cursor.fetchone(), strict=False))

    return answering(work)


# Units of one type that are to be switched off, the first IMEIs first: an index gives them in order
# and tells how many there are.
_WANTED = {
    "filters": [
        {"name": "product_type_id", "op": "==", "val": 9004},
        {"name": "desired_enable_flag", "op": "==", "val": False},
    ],
    "order_by": [{"field": "product_imei", "direction": "asc"}],
}


def _filtered_request(fleet: Fleet, number: int) -> Request:
    query = {"q": orjson.dumps(_WANTED).decode()}
    return Request("/v1/products", query=query, headers=as_someone(fleet))


def _filtered_floor(connection: Connection) -> Application:
    prepared(connection)
    where = " WHERE t.product_type_id = %s AND t.desired_enable_flag = %s"
    listing = f"{SELECT}{where} ORDER BY t.product_imei ASC LIMIT 10 OFFSET 0"
    counting = f"SELECT COUNT(*) FROM product t{where}"

    def work(environ: Environ) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(listing, [9004, False])
            rows = cursor.fetchall()
            cursor.execute(counting, [9004, False])
            (total,) = cursor.fetchone()
        return _envelope(rows, total, 10)

    return answering(work)


def _growth(name: str, case: Case) -> Case:
    return Case(name, 1.3, case.requests, units=MANY_UNITS)


_LISTS = tuple(page(size) for size in LIMITS)
_ROW = Case("one-product", 2.0, _row_request, _row_floor)

CASES = (
    *_LISTS,
    _ROW,
    Case("two-filters-and-order", 2.0, _filtered_request, _filtered_floor),
    _growth("growth-list-10", _LISTS[0]),
    _growth("growth-one-product", _ROW),
)
