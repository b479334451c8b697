"""The two sides of each benchmark of the stores: what the program does, and the bare thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import orjson

from apps.telemetry.store.influx import InfluxStore, lines
from apps.telemetry.store.queries import Function, Query
from apps.telemetry.store.series import DAY, HOUR, TELEMETRY, Batch, Series
from apps.telemetry.store.sql import SqlStore
from bench.case import Connection, imei_of
from bench.telemetry.points import FIELDS, START, YEAR, Points, day_of

WEEK = (START + DAY, START + 8 * DAY)
WHOLE_YEAR = (START, START + YEAR * DAY)
_LIST = ", ".join(FIELDS)


@dataclass(frozen=True)
class Comparison:
    """Two ways to the same rows; `limit` is for what the program's costs over the bare one's."""

    name: str
    limit: float
    program: Callable[[], Any]
    bare: Callable[[], Any]


def _week(store: SqlStore | InfluxStore) -> Any:
    return store.read(Query(TELEMETRY, imei_of(0), *WEEK, fields=FIELDS))


def _year(store: SqlStore | InfluxStore) -> Any:
    query = Query(TELEMETRY, imei_of(0), *WHOLE_YEAR, fields=FIELDS)
    return store.read(replace(query, function=Function.MEAN, interval=DAY))


def embedded(connection: Connection) -> list[Comparison]:
    """The embedded store over rows in a table of the same PostgreSQL."""
    store = SqlStore()

    def asked(sql: str, span: tuple[int, int]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, [imei_of(0), *span])
            return cursor.fetchall()

    within = "FROM bare WHERE imei = %s AND at >= %s AND at < %s"
    means = ", ".join(f"avg({name})" for name in FIELDS)
    week = f"SELECT at, {_LIST} {within} ORDER BY at"
    year = f"SELECT at / {DAY} AS day, {means} {within} GROUP BY day ORDER BY day"
    return [
        Comparison("embedded-week", 3.0, lambda: _week(store), lambda: asked(week, WEEK)),
        Comparison(
            "embedded-year-means", 1.0, lambda: _year(store), lambda: asked(year, WHOLE_YEAR)
        ),
    ]


def influxdb(store: InfluxStore) -> list[Comparison]:
    """The store on InfluxDB over the same lines and queries, with nothing around them."""
    transport = store.transport

    def asked(statement: str) -> Any:
        query = {"db": transport.address.database, "epoch": "ns", "q": statement}
        return orjson.loads(transport.pool.urlopen("GET", f"/query?{urlencode(query)}").data)

    def sent(body: bytes) -> Any:
        query = {"db": transport.address.database, "rp": "telemetry_rp", "precision": "ns"}
        return transport.pool.urlopen("POST", f"/write?{urlencode(query)}", body)

    source = f"FROM telemetry_rp.telemetry WHERE \"product_imei\" = '{imei_of(0)}'"
    within = "AND time >= {} AND time < {}".format
    week = f"SELECT {_LIST} {source} {within(*WEEK)}"
    means = ", ".join(f"mean({name})" for name in FIELDS)
    year = f"SELECT {means} {source} {within(*WHOLE_YEAR)} GROUP BY time(1d)"
    pieces = four_hours()
    bodies = [body for piece in pieces for body, _values in lines.requests([piece])]
    return [
        Comparison("influxdb-week", 1.5, lambda: _week(store), lambda: asked(week)),
        Comparison("influxdb-year-means", 1.5, lambda: _year(store), lambda: asked(year)),
        # At least half the points a second: at most twice the time for each.
        Comparison(
            "influxdb-write",
            2.0,
            lambda: [store.write([piece]) for piece in pieces],
            lambda: [sent(body) for body in bodies],
        ),
    ]


def four_hours() -> list[Batch]:
    """What each of a few units uploads when it connects: four hours of minutes."""
    points: Points = day_of(2).slice(START + 2 * DAY, START + 2 * DAY + 4 * HOUR)
    return [
        Batch(Series(TELEMETRY, imei_of(number)), points.times, points.columns)
        for number in range(100, 110)
    ]
