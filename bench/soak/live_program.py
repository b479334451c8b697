"""The program as it runs: a web server and a worker, in processes that may be killed."""

from __future__ import annotations

import http.client
import os
import secrets
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import call_command

from bench.soak.cluster import children, is_alive
from bench.soak.ports import free_port

HOST = "127.0.0.1"
_LONGEST_START = 120.0
_WEB = "gunicorn -c smartsolar/gunicorn.py smartsolar.wsgi"
_WORKER = (
    "celery -A smartsolar --quiet worker --beat -P threads -c 4 --loglevel WARNING"
    " --without-gossip --without-mingle"
)


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the connection broke off."""

    status: int
    body: bytes = b""


@dataclass
class Program:
    """Two web workers and one worker with beat, on a database and a folder of their own."""

    folder: Path
    database: str
    port: int = field(default_factory=free_port)
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        self.web = self.run(_WEB)
        self.hire()
        until = time.monotonic() + _LONGEST_START
        while self.ask("GET", "/healthz").status != 200:
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)

    def hire(self) -> None:
        self.worker = self.run(_WORKER)

    def run(self, command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command.split()],
                env={
                    **os.environ,
                    "DATABASE_URL": self.database,
                    "SMARTSOLAR_DATA_DIR": str(self.folder),
                    "BROKER_URL": "",
                    "PORT": str(self.port),
                    "WEB_WORKERS": "2",
                    "WEB_THREADS": "8",
                    "LOG_LEVEL": "WARNING",
                    "HTTPS": "false",
                    "ALLOWED_HOSTS": HOST,
                },
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def kill_web_worker(self, number: int) -> None:
        """kill -9 of one web worker; its server makes another."""
        assert self.web is not None
        made = children(self.web.pid)
        if made:
            os.kill(made[number % len(made)], 9)

    def kill_worker(self) -> None:
        """kill -9 of the worker with its beat; another is started."""
        assert self.worker is not None
        kill_whole(self.worker)
        # Beat of a dead worker leaves its note behind.
        for note in self.folder.glob("*.pid"):
            note.unlink()
        self.hire()

    def stop(self) -> None:
        for process in (self.web, self.worker):
            if process is not None:
                kill_whole(process)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.read())
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()


def kill_whole(process: subprocess.Popen[Any]) -> None:
    """kill -9 of a process and those it made, all by their ids."""
    made = children(process.pid) if process.poll() is None else []
    for pid in [*made, process.pid]:
        with suppress(ProcessLookupError):
            os.kill(pid, 9)
    process.wait()
    while any(is_alive(pid) for pid in made):
        time.sleep(0.01)


def session_of(user: Any) -> dict[str, str]:
    """The headers of a person who is signed in to the back office, forms included."""
    from django.conf import settings
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        load_backend,
    )
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = next(
        path for path in settings.AUTHENTICATION_BACKENDS if hasattr(load_backend(path), "get_user")
    )
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    secret = secrets.token_hex(16)
    cookies = {
        settings.SESSION_COOKIE_NAME: session.session_key,
        settings.CSRF_COOKIE_NAME: secret,
    }
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": secret,
        "Content-Type": "application/x-www-form-urlencoded",
    }
