"""Credit: a payment system adds it, and asks what a unit has left; staff read a long statement."""

from __future__ import annotations

import csv
import datetime as dt
import io
from secrets import token_hex
from typing import Any

import orjson

from bench.case import (
    Application,
    Case,
    Connection,
    Environ,
    Fleet,
    Request,
    as_someone,
    imei_of,
)
from bench.credit_unit import COMMANDS, IMEI, as_staff
from bench.floors import answering, objects, prepared

_MONTH = 30 * 86_400


def _request(fleet: Fleet, number: int) -> Request:
    """A month for another unit; every third unit of a fleet keeps its credit itself."""
    imei = imei_of(number * 7_919 % (fleet.units // 3) * 3)
    body = {"value": _MONTH, "category": "payment", "transaction_id": token_hex(16)}
    return Request(
        f"/v1/products/{imei}/add_payment_command",
        "POST",
        body=orjson.dumps(body),
        headers=as_someone(fleet),
    )


_LOCK = (
    "SELECT dcm_enabled_flag, is_payg, latest_state_id, product_type_id FROM product"
    " WHERE product_imei = %s FOR UPDATE"
)
_STANDING = """
SELECT (SELECT y.name FROM state_type y WHERE y.state_type_id =
        (SELECT s.current_state_type FROM state s WHERE s.state_id = %s)),
    (SELECT t.credit_type FROM product_type t WHERE t.product_type_id = %s),
    EXISTS (SELECT 1 FROM payment_command u WHERE u.transaction_id = %s),
    COALESCE(SUM(c.value), 0),
    COALESCE(SUM(CASE WHEN c.status = 'pending' THEN c.value ELSE 0 END), 0),
    COALESCE(SUM(CASE WHEN c.status = 'pending' AND c.category = 'zero-command'
        THEN 1 ELSE 0 END), 0)
FROM payment_command c WHERE c.product_imei = %s AND NOT c.void
"""
_INSERT = """
INSERT INTO payment_command (product_imei, value, category, void, status, transaction_id,
    created_at, created_by)
VALUES (%s, %s, %s, false, 'pending', %s, %s, %s)
ON CONFLICT (transaction_id) DO NOTHING RETURNING payment_command_id
"""


def _floor(connection: Connection) -> Application:
    prepared(connection)

    def work(environ: Environ) -> dict[str, Any]:
        command = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        imei = environ["PATH_INFO"].split("/")[3]
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(_LOCK, [imei])
            _keeps, _payg, state, kind = cursor.fetchone()
            cursor.execute(_STANDING, [state, kind, command["transaction_id"], imei])
            cursor.fetchone()
            values = [imei, command["value"], command["category"], command["transaction_id"]]
            cursor.execute(_INSERT, [*values, dt.datetime.now(dt.UTC), "bench@example.com"])
            cursor.fetchone()
            cursor.execute("COMMIT")
        return {
            "status": "success",
            "message": f"new payment_command added to product #{imei}",
            "data": None,
        }

    return answering(work)


# --- what a unit has left ------------------------------------------------------------------------


def _ask(fleet: Fleet, number: int) -> Request:
    imei = imei_of(number * 7_919 % (fleet.units // 3) * 3)
    path = f"/v1/products/{imei}/balance_and_pending_payments"
    return Request(path, headers=as_someone(fleet))


_BALANCE = "SELECT balance, expected_expiry FROM balance WHERE product_imei = %s"
_PENDING = """
SELECT category, created_at, modified_at, value FROM payment_command
WHERE product_imei = %s AND status = 'pending' AND NOT void ORDER BY payment_command_id DESC
"""


def _ask_floor(connection: Connection) -> Application:
    prepared(connection)

    def work(environ: Environ) -> dict[str, Any]:
        imei = environ["PATH_INFO"].split("/")[3]
        with connection.cursor() as cursor:
            cursor.execute(_BALANCE, [imei])
            balance, expiry = cursor.fetchone()
            cursor.execute(_PENDING, [imei])
            names = ("category", "created_at", "modified_at", "value")
            pending = objects(names, cursor.fetchall())
        data = {"balance": balance, "expected_expiry": expiry, "pending_payment_commands": pending}
        return {"status": "success", "message": "Balance and pending credits.", "data": data}

    return answering(work)


# --- a statement of ten thousand lines -----------------------------------------------------------

_STATEMENT = "/admin/dcm/paymentcommand/statement"
_PAGE = 50


def _look(fleet: Fleet, number: int) -> Request:
    """Its pages, from the newest to the oldest."""
    page = number % (COMMANDS // _PAGE) + 1
    return Request(f"{_STATEMENT}/{IMEI}/", query={"p": str(page)}, headers=as_staff(fleet))


def _look_at_one(fleet: Fleet, number: int) -> Request:
    """The statement of a unit with nothing on it."""
    return Request(f"{_STATEMENT}/{imei_of(3)}/", headers=as_staff(fleet))


def _export(fleet: Fleet, number: int) -> Request:
    return Request(f"{_STATEMENT}/export/{IMEI}/", headers=as_staff(fleet))


# What was booked in all after each command, since the last zero or reset and never below 0.
_BOOKED = """
SELECT n.id, n.at, n.s - LEAST(n.lowest, 0)
FROM (SELECT m.*, MIN(m.s) OVER (PARTITION BY m.since ORDER BY m.id) AS lowest
    FROM (SELECT e.*, SUM(e.value) OVER (PARTITION BY e.since ORDER BY e.id) AS s
        FROM (SELECT payment_command_id AS id, created_at AS at, value,
            COUNT(*) FILTER (WHERE category IN ('zero-command', 'force-reset'))
                OVER (ORDER BY payment_command_id) AS since
            FROM payment_command WHERE product_imei = %s) e) m) n
"""
_NEWEST = f"{_BOOKED} ORDER BY n.at DESC, n.id DESC LIMIT {_PAGE} OFFSET %s"
_OLDEST = f"{_BOOKED} ORDER BY n.at, n.id"
_COUNT = "SELECT COUNT(*) FROM payment_command WHERE product_imei = %s"
_COLUMNS = ("payment_command_id", "created_at", "category", "value", "status", "void")
_ROWS = f"""
SELECT {", ".join(_COLUMNS)}, transaction_id, created_by, reason FROM payment_command
LEFT JOIN payment_reason ON command_id = payment_command_id WHERE payment_command_id = ANY(%s)
"""


def _lines(cursor: Any, booked: list[tuple]) -> list[list[Any]]:
    cursor.execute(_ROWS, [[key for key, _at, _booked in booked]])
    rows = {row[0]: row[1:] for row in cursor.fetchall()}
    return [[*rows[key], int(sum_)] for key, _at, sum_ in booked]


def _look_floor(connection: Connection) -> Application:
    prepared(connection)

    def work(environ: Environ) -> dict[str, Any]:
        page = int(environ["QUERY_STRING"].removeprefix("p="))
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [IMEI])
            (total,) = cursor.fetchone()
            cursor.execute(_NEWEST, [IMEI, (page - 1) * _PAGE])
            return {"total": total, "lines": _lines(cursor, cursor.fetchall())}

    return answering(work)


def _export_floor(connection: Connection) -> Application:
    prepared(connection)

    def application(environ: Environ, start_response: Any) -> list[bytes]:
        sheet = io.StringIO()
        with connection.cursor() as cursor:
            cursor.execute(_OLDEST, [IMEI])
            csv.writer(sheet).writerows(_lines(cursor, cursor.fetchall()))
        start_response("200 OK", [("Content-Type", "text/csv")])
        return [sheet.getvalue().encode()]

    return application


CASES = (
    # At least 0.4 as many in a second as with the statements alone.
    Case("add_payment_command", 2.5, _request, _floor),
    Case("balance_and_pending_payments", 4.0, _ask, _ask_floor),
    # The page is drawn with the whole back office around it.
    Case("statement of 10,000: a page", 4.5, _look, _look_floor, identical=False),
    Case("statement of 10,000: against an empty one", 3.0, _look, against=_look_at_one),
    Case("statement of 10,000: as CSV", 10.0, _export, _export_floor, identical=False),
)
