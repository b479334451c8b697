"""A web server, for the program or for a floor, and a client that counts its CPU."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path

from bench.case import Case, Fleet, Request
from bench.cpu import children_of, cpu_of, is_here, of_ended_children, parent_of
from bench.databases import connected, side_environment

CONFIGURATION = Path(__file__).resolve().parent.parent / "smartsolar" / "gunicorn.py"
STARTS_WITHIN = 60.0  # seconds

PROGRAM = "smartsolar.wsgi"
FLOOR = "bench.bare"


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds per request; `exact` unless the database's share had to be wall time."""

    web: float
    database: float
    exact: bool = True

    @property
    def total(self) -> float:
        return self.web + self.database


class Server:
    """gunicorn as the project configures it, with one worker unless told otherwise."""

    def __init__(
        self,
        application: str,
        case: Case,
        fleet: Fleet,
        *,
        workers: int = 1,
        threads: int = 1,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.case = case
        self.fleet = fleet
        self.number = 0
        self.label = f"bench-{os.getpid()}-{application}"
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", str(CONFIGURATION)),
                *("--workers", str(workers), "--threads", str(threads)),
                *("--bind", f"127.0.0.1:{self.port}", application),
            ],
            env={
                **side_environment(fleet.url),
                "BENCH_CASE": case.name,
                # The name under which PostgreSQL lists the connections of this server alone.
                "PGAPPNAME": self.label,
                **(environment or {}),
            },
        )

    def __enter__(self) -> Server:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise SystemExit("the web server does not start; its message is above")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    @property
    def worker(self) -> int:
        """The process that answers, of a server with one."""
        [pid] = children_of(self.process.pid)
        return pid

    def backends(self) -> list[int]:
        """The PostgreSQL processes that serve it."""
        with connected(self.fleet.url) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = %s", [self.label]
            )
            return [pid for (pid,) in cursor.fetchall()]

    def _database_cpu(self, backends: list[int]) -> int:
        """What the server's backends have cost so far.

        A server that keeps no connection has none: then what all backends cost that have ended.
        """
        return cpu_of(backends) if backends else of_ended_children(self._postmaster)

    @cached_property
    def _postmaster(self) -> int:
        with connected(self.fleet.url) as connection:
            return parent_of(connection.info.backend_pid)

    def requests(self, count: int) -> list[Request]:
        """The next requests of the case."""
        numbers = range(self.number, self.number + count)
        self.number += count
        return [self.case.requests(self.fleet, number) for number in numbers]

    def answers(self, requests: Iterable[Request]) -> list[bytes]:
        """Send the requests one after the other over one connection; anything but 2xx ends all."""
        bodies = []
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as client:
            for request in requests:
                client.request(request.method, request.target, request.body, request.all_headers)
                response = client.getresponse()
                bodies.append(response.read())
                if not 200 <= response.status < 300:
                    raise SystemExit(
                        f"{self.case.name}: {request.target} answered {response.status}:"
                        f" {bodies[-1][:500]!r}"
                    )
        return bodies

    def cost(self, count: int) -> Cost:
        """What `count` more requests cost, each on average."""
        requests = self.requests(count)
        backends = self.backends()
        exact = all(is_here(pid, b"postgres") for pid in backends)
        web, database, wall = cpu_of([self.worker]), 0, time.perf_counter_ns()
        if exact:
            database = self._database_cpu(backends)
        self.answers(requests)
        web = cpu_of([self.worker]) - web
        wall = time.perf_counter_ns() - wall
        database = self._database_cpu(backends) - database if exact else wall - web
        return Cost(web / count / 1e6, database / count / 1e6, exact)
