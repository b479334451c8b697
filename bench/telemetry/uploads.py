"""What units hand over when they connect, end to end: POST rm_data against the bare store.

An upload is four hours of a unit: 240 points in time of ten values. One side is the program: its
web process, its PostgreSQL backend and the store. The other is a client that holds the same points
as the store takes them and sends them on a kept connection: the client and the store. Both send
one after the other, and the same points; what the units themselves spend counts on neither side.

Besides, how many values a second the program takes by the clock from several units at once, as it
is deployed, against one such client.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from http.client import HTTPConnection
from secrets import token_hex
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from apps.telemetry.store.influx import lines
from apps.telemetry.store.series import DAY, HOUR, MILLISECOND, TELEMETRY, Batch, Series
from bench.case import Case, Connection, Fleet, Request, imei_of
from bench.cpu import cpu_of
from bench.pairs import Result, result_of
from bench.server import PROGRAM, Cost, Server
from bench.telemetry.points import FIELDS, START, Points, day_of

PATH = "/v1/rm_data"
UNITS = 50
VALUES = 240 * len(FIELDS)
# In the past of any clock, and apart from the points of the other benchmarks.
_FIRST_DAY = -1_000
_A_DAY = DAY // (4 * HOUR)
# Half the points a second would be 2.0, which is the aim and not reached: docs/performance.md.
LIMIT = 3.5
DEPLOYED_LIMIT = 3.0
# A web process for each of two cores, and as many units at once as they have threads.
_WORKERS, _THREADS = 2, 4
_AT_ONCE = _WORKERS * _THREADS
_A_TURN = 4 * UNITS
# A block of a day is unpacked, merged and packed, which is what makes it small.
EMBEDDED_LIMIT = 4.0


def upload(number: int) -> Batch:
    """The points of one upload: one unit after the other, four hours after four hours."""
    turn, unit = divmod(number, UNITS)
    day, window = _FIRST_DAY + turn // _A_DAY, turn % _A_DAY
    start = START + day * DAY + window * 4 * HOUR
    points = _day(day).slice(start, start + 4 * HOUR)
    return Batch(Series(TELEMETRY, imei_of(unit)), points.times, points.columns)


@lru_cache(maxsize=2)
def _day(day: int) -> Points:
    return day_of(day)


def request(fleet: Fleet, number: int) -> Request:
    """An upload as the unit sends and signs it."""
    batch = upload(number)
    times = [at // MILLISECOND for at in batch.times]
    fields = {name: list(zip(times, column, strict=True)) for name, column in batch.columns.items()}
    body = orjson.dumps({"measurement": TELEMETRY, "fields": fields})
    imei, key = batch.series.imei, f"{number % UNITS:024x}"
    ts, nonce = int(time.time()), token_hex(8)
    text = f"POST\n{PATH}\n{ts}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    sig = hmac.digest(key.encode(), text.encode(), "sha256").hex()
    signed = {"Authorization": f"Device imei={imei}, ts={ts}, nonce={nonce}, sig={sig}"}
    return Request(PATH, "POST", body=body, headers=signed)


@dataclass(frozen=True)
class Sending:
    """One side: `prepare` makes uploads ready by their numbers, `send` sends them.

    own and servers: the processes whose CPU it takes.
    """

    prepare: Callable[[Sequence[int]], Any]
    send: Callable[[Any], Any]
    own: Sequence[int]
    servers: Sequence[int]

    def cost(self, numbers: Sequence[int]) -> tuple[Cost, float]:
        """CPU of one upload on average, and how many values a second went."""
        prepared = self.prepare(numbers)
        mine, theirs = cpu_of(self.own), cpu_of(self.servers)
        began = time.perf_counter()
        self.send(prepared)
        took = time.perf_counter() - began
        mine, theirs = cpu_of(self.own) - mine, cpu_of(self.servers) - theirs
        count = len(numbers)
        return Cost(mine / count / 1e6, theirs / count / 1e6), count * VALUES / took


def by_the_program(server: Server, stores: Sequence[int]) -> Sending:
    """Signed uploads to a web process; `stores` are the processes of a store of its own."""
    server.answers([request(server.fleet, 0)])
    return Sending(
        prepare=lambda numbers: [request(server.fleet, number) for number in numbers],
        send=server.answers,
        own=[server.worker],
        servers=[*server.backends(), *stores],
    )


def by_lines(url: str, influxd: int) -> Sending:
    """Line protocol, written before, to InfluxDB."""
    parts = urlsplit(url)
    query = {"db": parts.path.strip("/"), "rp": "telemetry_rp", "precision": "ns"}
    target = f"/write?{urlencode(query)}"

    def prepare(numbers: Sequence[int]) -> list[bytes]:
        return [body for n in numbers for body, _values in lines.requests([upload(n)])]

    def send(bodies: list[bytes]) -> None:
        with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=60)) as client:
            for body in bodies:
                client.request("POST", target, body)
                response = client.getresponse()
                said = response.read()
                if response.status != 204:
                    raise SystemExit(f"InfluxDB answered {response.status}: {said[:500]!r}")

    return Sending(prepare, send, [os.getpid()], [influxd])


def by_rows(connection: Connection) -> Sending:
    """Rows of a table, in a statement written before; each upload is a transaction."""
    columns = ", ".join(f"{name} double precision" for name in FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE uploaded (imei text, at bigint, {columns}, PRIMARY KEY (imei, at))"
        )
    sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in FIELDS)

    def statement(number: int) -> str:
        batch = upload(number)
        rows = zip(batch.times, *batch.columns.values(), strict=True)
        values = ", ".join(f"('{batch.series.imei}', {', '.join(map(str, row))})" for row in rows)
        return f"INSERT INTO uploaded VALUES {values} ON CONFLICT (imei, at) DO UPDATE SET {sets}"

    def send(statements: list[str]) -> None:
        with connection.cursor() as cursor:
            for one in statements:
                cursor.execute(one)

    return Sending(
        lambda numbers: [statement(number) for number in numbers],
        send,
        [os.getpid()],
        [connection.info.backend_pid],
    )


@dataclass(frozen=True)
class Trial:
    """A program's side against a bare one; `limit` is for its CPU over the bare one's."""

    name: str
    limit: float
    program: Sending
    bare: Sending

    def result(self, rounds: int) -> Result:
        """What both cost in alternating rounds of the same uploads, and how fast each went."""
        sides = (self.program, self.bare)
        costs: tuple[list[Cost], list[Cost]] = ([], [])
        rates: tuple[list[float], list[float]] = ([], [])
        for side in sides:
            # From then on the units are known, as all but the newest are.
            side.cost(range(UNITS))
        for turn in range(1, rounds + 1):
            numbers = range(turn * UNITS, (turn + 1) * UNITS)
            for place in (0, 1) if turn % 2 else (1, 0):
                cost, rate = sides[place].cost(numbers)
                costs[place].append(cost)
                rates[place].append(rate)
        print(
            f"{self.name}: {median(rates[0]):,.0f} values a second from one sender,"
            f" {median(rates[1]):,.0f} bare",
            file=sys.stderr,
        )
        return result_of(self.name, self.limit, *costs)


@contextmanager
def web_process(
    fleet: Fleet, store: str, *, workers: int = 1, threads: int = 1
) -> Iterator[Server]:
    """The program with the store at that address, or with the embedded one if there is none."""
    case = Case("rm_data", LIMIT, request)
    environment = {"INFLUXDB_URL": store}
    with Server(
        PROGRAM, case, fleet, workers=workers, threads=threads, environment=environment
    ) as server:
        yield server


def deployed(fleet: Fleet, url: str, influxd: int, rounds: int) -> Result:
    """Several units at once and web processes as they are deployed, by the clock.

    What the units spend counts here, since they share the machine.
    """
    with (
        web_process(fleet, url, workers=_WORKERS, threads=_THREADS) as server,
        ThreadPoolExecutor(_AT_ONCE) as units,
    ):

        def send(requests: list[Request]) -> None:
            shares = [requests[first::_AT_ONCE] for first in range(_AT_ONCE)]
            list(units.map(server.answers, shares))

        bare = by_lines(url, influxd)
        times: tuple[list[Cost], list[Cost]] = ([], [])
        for turn in range(rounds + 1):
            numbers = range(turn * _A_TURN, (turn + 1) * _A_TURN)
            requests = [request(fleet, number) for number in numbers]
            bodies = bare.prepare(numbers)
            sides = (partial(send, requests), partial(bare.send, bodies))
            for place in (0, 1) if turn % 2 else (1, 0):
                began = time.perf_counter()
                sides[place]()
                took = (time.perf_counter() - began) * 1_000 / _A_TURN
                if turn:
                    # Before, connections were made and the units were new.
                    times[place].append(Cost(took, 0.0))
    return result_of("rm_data-influxdb-deployed", DEPLOYED_LIMIT, *times)


def embedded(fleet: Fleet, connection: Connection, rounds: int) -> Result:
    """The embedded store, against rows of a table of the same database."""
    with web_process(fleet, "") as server:
        program = by_the_program(server, [])
        return Trial("rm_data-embedded", EMBEDDED_LIMIT, program, by_rows(connection)).result(
            rounds
        )


def influxdb(fleet: Fleet, url: str, influxd: int, rounds: int) -> Result:
    """The store on InfluxDB, against the same points as lines."""
    with web_process(fleet, url) as server:
        program = by_the_program(server, [influxd])
        return Trial("rm_data-influxdb", LIMIT, program, by_lines(url, influxd)).result(rounds)
