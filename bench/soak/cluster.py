"""A PostgreSQL of a campaign's own, which may be killed: initdb, start, kill -9, start again.

It writes as in production (fsync and synchronous_commit on). A killed process leaves to the kernel
what it has written, so this tests the program and PostgreSQL's recovery, not the disk.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connections

from bench.soak.ports import free_port

USER = "postgres"
_LONGEST_START = 60


def binaries() -> Path | None:
    """Where initdb and postgres are; None where PostgreSQL's server is not installed."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve())
    return next((path.parent for path in found if (path.parent / "postgres").exists()), None)


class Cluster:
    """One server in a directory of its own, on a port of its own; it dies whole."""

    def __init__(self, programs: Path, directory: Path) -> None:
        self.programs, self.directory = programs, directory
        self.data = directory / "data"
        self.port = free_port()
        self.url = f"postgres://{USER}@127.0.0.1:{self.port}/postgres"
        # PostgreSQL does not run as root.
        self.as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(directory, owner.pw_uid, owner.pw_gid)
            self.as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self.run("initdb", "--username", USER, "--auth", "trust", "--no-sync").wait()
        self.start()

    def run(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        # What it says matters only where it does not start.
        with (self.directory / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self.programs / program), "-D", str(self.data), *options],
                cwd=self.directory,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.as_user,
            )

    def start(self) -> None:
        """Start, and return once it answers: after a kill, once it has recovered."""
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self.running = self.run("postgres", *options)
        deadline = time.monotonic() + _LONGEST_START
        while time.monotonic() < deadline and self.running.poll() is None:
            with contextlib.suppress(psycopg2.OperationalError):
                psycopg2.connect(self.url).close()
                return
            time.sleep(0.05)
        raise AssertionError(f"PostgreSQL does not start: {self.said()}")

    def said(self) -> str:
        return (self.directory / "log").read_text(errors="replace")[-1_000:]

    def kill(self) -> None:
        """kill -9 of the server and of every process it made, all by their ids."""
        # It stands still meanwhile: it makes no more of them, and no id goes to somebody else.
        os.kill(self.running.pid, signal.SIGSTOP)
        made = children(self.running.pid)
        for pid in [*made, self.running.pid]:
            os.kill(pid, signal.SIGKILL)
        self.running.wait()
        deadline = time.monotonic() + _LONGEST_START
        while any(is_alive(pid) for pid in made):
            assert time.monotonic() < deadline, "a killed process of PostgreSQL lives on"
            time.sleep(0.01)


def children(pid: int) -> list[int]:
    """The processes that this one made, by what the kernel says."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether it still runs; one that nobody has buried yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster | None]:
    """A cluster that is gone in the end; None where there is no PostgreSQL to make one of."""
    programs = binaries()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="smartsolar-cluster-") as directory:
        cluster = Cluster(programs, Path(directory))
        try:
            yield cluster
        finally:
            cluster.kill()


@contextlib.contextmanager
def moved_to(cluster: Cluster) -> Iterator[None]:
    """Work in this cluster's database: this process, and those it starts."""
    settings = connections["default"].settings_dict
    place = {"NAME": "postgres", "USER": USER, "PASSWORD": "", "HOST": "127.0.0.1"}
    before, url = dict(settings), os.environ.get("DATABASE_URL", "")
    connections.close_all()
    settings |= {**place, "PORT": cluster.port}
    os.environ["DATABASE_URL"] = cluster.url
    try:
        yield
    finally:
        connections.close_all()
        settings |= before
        os.environ["DATABASE_URL"] = url
