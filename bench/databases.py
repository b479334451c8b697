"""The benchmarks' own databases: made beside the one DATABASE_URL names, dropped at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from bench import fleet
from bench.case import Connection, Fleet

DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/postgres"
PREFIX = "smartsolar_bench"


def server_url() -> str:
    """Where the databases are made: DATABASE_URL if it names a PostgreSQL, else the local one."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else DEFAULT_URL


def url_of(name: str) -> str:
    return urlunsplit(urlsplit(server_url())._replace(path=f"/{name}"))


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that commits each statement by itself."""
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        yield connection
    finally:
        connection.close()


def side_environment(url: str) -> dict[str, str]:
    """The environment of a process that serves or migrates a benchmark's database."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "smartsolar.settings",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or "only-for-benchmarks",
        "DEBUG": "false",
        "HTTPS": "false",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
    }


class Databases:
    """One database for each size of fleet, made when first asked for.

    With `keep` what is there already is used, and stays.
    """

    def __init__(self, *, keep: bool) -> None:
        self.keep = keep
        # Two runs at once do not meet, unless what one leaves is for the next.
        self.prefix = PREFIX if keep else f"{PREFIX}_{os.getpid()}"
        self._made: dict[int, Fleet] = {}

    def fleet(self, units: int) -> Fleet:
        """The fleet of that size."""
        if units not in self._made:
            name = f"{self.prefix}_{units}"
            print(f"Preparing {name} ...", file=sys.stderr, flush=True)
            self._create(name)
            if not self._made:
                # A page names its pictures by what is collected.
                _manage(url_of(name), "collectstatic", "--noinput")
            _manage(url_of(name), "migrate", "--skip-checks")
            with connected(url_of(name)) as connection:
                fleet.fill(connection, units)
                token = fleet.sign_in(connection)
            self._made[units] = Fleet(url_of(name), units, token)
        return self._made[units]

    def _create(self, name: str) -> None:
        """Make the database, copied from another that is migrated where there is one."""
        with connected(server_url()) as connection, connection.cursor() as cursor:
            if not self.keep:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                smallest = min(self._made, default=None)
                template = "" if smallest is None else f" TEMPLATE {self.prefix}_{smallest}"
                cursor.execute(f"CREATE DATABASE {name}{template}")

    def close(self) -> None:
        if self.keep:
            return
        with connected(server_url()) as connection, connection.cursor() as cursor:
            for units in self._made:
                cursor.execute(f"DROP DATABASE IF EXISTS {self.prefix}_{units} WITH (FORCE)")


def _manage(url: str, *arguments: str) -> None:
    """Run one of the program's own commands, on that database."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments, "--verbosity", "0"],
        env=side_environment(url),
        check=True,
    )
