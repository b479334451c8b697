"""A unit's contact, the request there is most of: it reports (POST rc_data) and asks (GET)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import time
from secrets import token_hex
from typing import Any

import orjson

from bench.case import Application, Case, Connection, Environ, Fleet, Request, unit_of
from bench.floors import answering, prepared

PATH = "/v1/rc_data"
SOFTWARE = "bench-3.6a"
_CELL = {"mcc": 635, "mnc": 10, "lac": 4021, "cid": 27113, "signal": -71}
_CELL_FIELDS = ("lac", "cid", "signal", "mcc", "mnc")
_CELLS = 3


def _request(fleet: Fleet, number: int) -> Request:
    """Another unit says that all is as before: the usual report."""
    imei = fleet.imei(number)
    unit = unit_of(imei)
    now = dt.datetime.now(dt.UTC)
    report = {
        "time": now.isoformat(),
        "enabled": unit % 5 > 0,
        "tamper_enabled": unit % 50 == 0,
        "software": SOFTWARE,
        "cells": [_CELL] * _CELLS,
        "gps": {"lat": -1.95, "lon": 30.06},
        "balance": 86_400,
    }
    body = orjson.dumps(report)
    return Request(PATH, "POST", body=body, headers=_signature("POST", imei, unit, body))


def _question(fleet: Fleet, number: int) -> Request:
    """Another unit asks what it is to do; nothing waits for it."""
    imei = fleet.imei(number)
    return Request(PATH, headers=_signature("GET", imei, unit_of(imei), b""))


def _signature(method: str, imei: str, unit: int, body: bytes) -> dict[str, str]:
    ts, nonce, key = int(time.time()), token_hex(8), f"{unit:024x}"
    text = f"{method}\n{PATH}\n{ts}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    sig = hmac.digest(key.encode(), text.encode(), "sha256").hex()
    return {"Authorization": f"Device imei={imei}, ts={ts}, nonce={nonce}, sig={sig}"}


_LOCK = (
    "SELECT device_key, current_enable_flag, desired_enable_flag, current_tamper_flag,"
    " desired_tamper_flag, capacity_limit, latest_state_id, latest_connection_id,"
    " latest_connection_location_id FROM product WHERE product_imei = %s FOR UPDATE"
)
_NONCE = """
INSERT INTO unit_nonce (imei, nonce, seen_at) VALUES (%s, %s, %s)
ON CONFLICT (imei, nonce) DO NOTHING RETURNING
    (SELECT y.name FROM state_type y WHERE y.state_type_id =
        (SELECT s.current_state_type FROM state s WHERE s.state_id = %s)),
    (SELECT c.date FROM connection c WHERE c.connection_id = %s),
    (SELECT c.date FROM connection c WHERE c.connection_id = %s),
    (SELECT h.current_enable_state FROM enable_history h WHERE h.product_imei = %s
     ORDER BY h.date DESC, h.enable_history_id DESC LIMIT 1),
    (SELECT h.date FROM enable_history h WHERE h.product_imei = %s
     ORDER BY h.date DESC, h.enable_history_id DESC LIMIT 1),
    (SELECT h.current_tamper_enable_state FROM tamper_enable_history h WHERE h.product_imei = %s
     ORDER BY h.date DESC, h.tamper_enable_history_id DESC LIMIT 1),
    (SELECT h.date FROM tamper_enable_history h WHERE h.product_imei = %s
     ORDER BY h.date DESC, h.tamper_enable_history_id DESC LIMIT 1),
    (SELECT v.software_version_type_id FROM software_version_type v WHERE v.name = %s),
    (SELECT l.software_version_type_id FROM product_software_linker l
     WHERE l.product_imei = %s AND l.date_removed IS NULL AND l.date_added IS NOT NULL
     ORDER BY l.date_added DESC, l.product_software_linker_id DESC LIMIT 1),
    (SELECT l.product_software_linker_id FROM product_software_linker l
     WHERE l.product_imei = %s AND l.date_removed IS NULL AND l.date_added IS NULL
     AND l.software_version_type_id =
        (SELECT v.software_version_type_id FROM software_version_type v WHERE v.name = %s)
     AND l.created_at <= %s
     ORDER BY l.product_software_linker_id DESC LIMIT 1),
    EXISTS (SELECT 1 FROM product_parameter a WHERE a.product_imei = %s AND a.status = 'pending'),
    EXISTS (SELECT 1 FROM part_parameter a WHERE a.status = 'pending' AND a.part_id IN
        (SELECT l.part_id FROM part_product_linker l
         WHERE l.product_imei = %s AND l.date_removed IS NULL))
"""
_PLACES = [f"cell_{n}_{name}" for n in range(1, _CELLS + 1) for name in _CELL_FIELDS]
_CONNECT = (
    "INSERT INTO connection (product_imei, date, location_failed_flag, latitude, longitude,"
    f" frequency, timing_advance, created_at, created_by, mcc, mnc, {', '.join(_PLACES)})"
    f" VALUES ({', '.join(['%s'] * (11 + len(_PLACES)))}) RETURNING connection_id"
)
_POINT = (
    "UPDATE product SET latest_connection_id = %s, latest_connection_location_id = %s,"
    " gps_lat = %s, gps_lon = %s, modified_at = %s, modified_by = %s WHERE product_imei = %s"
)
_BALANCE = """
INSERT INTO balance (product_imei, balance, expected_expiry, created_at, created_by)
SELECT %s, %s, %s, %s, %s WHERE NOT EXISTS
    (SELECT 1 FROM payment_command c WHERE c.product_imei = %s AND c.status = 'pending'
     AND c.category = 'force-reset' AND NOT c.void) ON CONFLICT (product_imei) DO UPDATE SET
    balance = EXCLUDED.balance, expected_expiry = EXCLUDED.expected_expiry,
    modified_at = EXCLUDED.created_at, modified_by = EXCLUDED.created_by
"""
# What `balance_reported` leaves for its consumers.
_EVENT = (
    "INSERT INTO event (name, subject, data, at, delivered_at, attempts, due_at, last_error)"
    " VALUES (%s, %s, %s, %s, NULL, 0, %s, '') RETURNING id"
)
_ANSWER = {"status": "success", "message": "Report received", "data": None}


def _floor(connection: Connection) -> Application:
    prepared(connection)

    def work(environ: Environ) -> dict[str, Any]:
        report = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        # imei and nonce, taken from the header without a look at the signature.
        pieces = environ["HTTP_AUTHORIZATION"].split(", ")
        imei, nonce = pieces[0].partition("=")[2], pieces[2].partition("=")[2]
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            _store(cursor, imei, nonce, report)
            cursor.execute("COMMIT")
        return _ANSWER

    return answering(work)


def _store(cursor: Any, imei: str, nonce: str, report: dict[str, Any]) -> None:
    """The statements of a report that changes nothing but when and where the unit was heard."""
    now = dt.datetime.now(dt.UTC)
    software, gps, cells = report["software"], report["gps"], report["cells"]
    cursor.execute(_LOCK, [imei])
    unit = cursor.fetchone()
    more = [software, imei, imei, software, now, imei, imei]
    cursor.execute(_NONCE, [imei, nonce, now, *unit[6:9], imei, imei, imei, imei, *more])
    cursor.fetchone()
    values = [imei, report["time"], False, str(gps["lat"]), str(gps["lon"]), None, None, now]
    values += ["unit", cells[0]["mcc"], cells[0]["mnc"]]
    values += [cell[name] for cell in cells for name in _CELL_FIELDS]
    cursor.execute(_CONNECT, values)
    (connection_id,) = cursor.fetchone()
    point = [connection_id, connection_id, gps["lat"], gps["lon"], now, "unit", imei]
    cursor.execute(_POINT, point)
    expiry = now + dt.timedelta(seconds=report["balance"])
    cursor.execute(_BALANCE, [imei, report["balance"], expiry, now, "unit", imei])
    told = orjson.dumps({"balance": report["balance"], "at": report["time"]}).decode()
    cursor.execute(_EVENT, ["balance_reported", imei, told, now, now])
    cursor.fetchone()


_ASK = """
INSERT INTO unit_nonce (imei, nonce, seen_at) VALUES (%s, %s, %s)
ON CONFLICT (imei, nonce) DO NOTHING RETURNING
    (SELECT y.name FROM state_type y WHERE y.state_type_id =
        (SELECT s.current_state_type FROM state s WHERE s.state_id = %s)),
    EXISTS (SELECT 1 FROM product_software_linker l
     WHERE l.product_imei = %s AND l.date_removed IS NULL AND l.date_added IS NULL),
    EXISTS (SELECT 1 FROM product_parameter a WHERE a.product_imei = %s AND a.status = 'pending'),
    EXISTS (SELECT 1 FROM part_parameter a WHERE a.status = 'pending' AND a.part_id IN
        (SELECT l.part_id FROM part_product_linker l
         WHERE l.product_imei = %s AND l.date_removed IS NULL))
"""
_OUTSTANDING = (
    "SELECT c.transaction_id, c.category, c.value,"
    " (SELECT p.is_payg FROM product p WHERE p.product_imei = c.product_imei)"
    " FROM payment_command c WHERE c.product_imei = %s AND c.status = 'pending' AND NOT c.void"
    " ORDER BY c.payment_command_id LIMIT 1000"
)


def _floor_of_question(connection: Connection) -> Application:
    prepared(connection)

    def work(environ: Environ) -> dict[str, Any]:
        pieces = environ["HTTP_AUTHORIZATION"].split(", ")
        imei, nonce = pieces[0].partition("=")[2], pieces[2].partition("=")[2]
        now = dt.datetime.now(dt.UTC)
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(_LOCK, [imei])
            unit = cursor.fetchone()
            cursor.execute(_ASK, [imei, nonce, now, unit[6], imei, imei, imei])
            cursor.fetchone()
            cursor.execute(_OUTSTANDING, [imei])
            commands = cursor.fetchall()
            cursor.execute("COMMIT")
        names = ("transaction_id", "category", "value")
        wishes = {
            "enable": unit[2],
            "tamper_switch": unit[4],
            "capacity_limit": unit[5],
            "software": None,
            "parameters": {},
            "payment_commands": [dict(zip(names, row, strict=False)) for row in commands],
        }
        return {"status": "success", "message": "", "data": wishes}

    return answering(work)


# An ordinary project, with a database connection for each request. The bare statements themselves
# cost an eighth of it, so a twentieth is out of reach.
_ORDINARY = "bench.ordinary.wsgi"
_OF_ORDINARY = 1 / 5

CASES = (
    Case("rc_data", 2.0, _request, _floor),
    Case("rc_data/ask", 2.0, _question, _floor_of_question, identical=False),
    Case("rc_data/against-drf", _OF_ORDINARY, _request, other=_ORDINARY),
    Case("rc_data/ask-against-drf", _OF_ORDINARY, _question, other=_ORDINARY),
)
