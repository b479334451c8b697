"""`python -m bench.telemetry [--quick] [--only uploads]`: the stores against bare SQL and InfluxDB.

CPU of the program and of the database it asks, in alternating rounds. InfluxDB is measured where
INFLUXDB_URL and INFLUXD_PID name one: `scripts/with_influxdb.sh python -m bench.telemetry`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

import psycopg2

from bench.case import Connection, Fleet
from bench.cpu import cpu_of
from bench.databases import connected, server_url, side_environment, url_of
from bench.pairs import Result, result_of
from bench.report import table
from bench.server import Cost

if TYPE_CHECKING:
    from bench.telemetry.cases import Comparison

# Two runs at once do not meet.
NAME = f"smartsolar_bench_telemetry_{os.getpid()}"
_ROUNDS, _QUICK_ROUNDS = 25, 7


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.telemetry", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less exact, within two minutes")
    parser.add_argument("--only", default="", choices=("stores", "uploads"), help="a part of it")
    options = parser.parse_args()
    rounds = _QUICK_ROUNDS if options.quick else _ROUNDS
    # The program's own settings name another database later.
    server, own = server_url(), url_of(NAME)
    with connected(server) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    try:
        results = _measured(own, rounds, options.only)
    finally:
        with connected(server) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    print(table(results))
    return 0 if all(result.ok for result in results) else 1


def _measured(url: str, rounds: int, part: str) -> list[Result]:
    os.environ.update(side_environment(url))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection as ours

    call_command("migrate", verbosity=0, skip_checks=True)
    influxd = int(os.environ.get("INFLUXD_PID", 0))
    results = []
    with connected(url) as bare:
        if part in ("", "stores"):
            results += _stores(rounds, bare, influxd)
        if part in ("", "uploads"):
            results += _uploads(rounds, url, bare, influxd)
    ours.close()
    return results


def _stores(rounds: int, bare: Connection, influxd: int) -> list[Result]:
    from django.db import connection as ours

    from bench.telemetry import cases, points

    print("Filling ...", file=sys.stderr, flush=True)
    points.fill_embedded()
    points.fill_bare(bare)
    ours.ensure_connection()
    backends = [ours.connection.info.backend_pid, bare.info.backend_pid]
    results = [_compared(case, rounds, backends) for case in cases.embedded(bare)]
    if influxd:
        results += _influxdb(rounds, [*backends[:1], influxd])
    return results


def _uploads(rounds: int, url: str, bare: Connection, influxd: int) -> list[Result]:
    from apps.telemetry.store.influx import InfluxStore
    from apps.telemetry.store.influx.provision import provision
    from bench import fleet
    from bench.telemetry import uploads

    fleet.fill(bare, uploads.UNITS)
    units = Fleet(url, uploads.UNITS, token="")
    results = [uploads.embedded(units, bare, rounds)]
    if influxd:
        address = os.environ["INFLUXDB_URL"]
        provision(InfluxStore.at(address).transport)
        results.append(uploads.influxdb(units, address, influxd, rounds))
        results.append(uploads.deployed(units, address, influxd, rounds))
    for result in results:
        _show(result)
    return results


def _influxdb(rounds: int, servers: list[int]) -> list[Result]:
    from apps.telemetry.store.influx import InfluxStore
    from apps.telemetry.store.influx.lines import requests
    from apps.telemetry.store.influx.provision import provision
    from apps.telemetry.store.series import TELEMETRY, Batch, Series
    from bench.case import imei_of
    from bench.telemetry import cases, points

    store = InfluxStore.at(os.environ["INFLUXDB_URL"])
    provision(store.transport)
    for number in range(20):
        for day in range(points.YEAR if number == 0 else points.DAYS):
            rows = points.day_of(day)
            batch = Batch(Series(TELEMETRY, imei_of(number)), rows.times, rows.columns)
            for body, _values in requests([batch]):
                store.transport.write("telemetry_rp", body)
    # What InfluxDB does with all that afterwards is nobody's cost here.
    _settle(servers[-1])
    return [_compared(case, rounds, servers) for case in cases.influxdb(store)]


def _settle(server: int) -> None:
    for _turn in range(60):
        before = cpu_of([server])
        time.sleep(1)
        if cpu_of([server]) - before < 50_000_000:
            return


def _compared(case: Comparison, rounds: int, servers: list[int]) -> Result:
    sides = (case.program, case.bare)
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for side in sides:
        side()
    for turn in range(rounds):
        for place in (0, 1) if turn % 2 else (1, 0):
            mine, theirs = cpu_of([os.getpid()]), cpu_of(servers)
            sides[place]()
            mine, theirs = cpu_of([os.getpid()]) - mine, cpu_of(servers) - theirs
            costs[place].append(Cost(mine / 1e6, theirs / 1e6))
    result = result_of(case.name, case.limit, *costs)
    _show(result)
    return result


def _show(result: Result) -> None:
    print(table([result]).splitlines()[1], file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except psycopg2.OperationalError as error:
        sys.exit(f"PostgreSQL does not answer: {error}")
