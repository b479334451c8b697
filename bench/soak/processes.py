"""The program's processes as campaigns start them, kill them, and wait for them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "smartsolar" / "gunicorn.py"


class Process:
    """One of the program's processes, which dies and is started again."""

    def __init__(self, *command: str, quiet: bool = False) -> None:
        self.command = [sys.executable, *command]
        self.stderr = subprocess.DEVNULL if quiet else None
        self.start()

    def start(self) -> None:
        # A group of its own: the web server's workers die with it.
        self.running = subprocess.Popen(self.command, stderr=self.stderr, start_new_session=True)

    def kill(self) -> None:
        # One that died by itself leaves nobody to kill, and the others are still to be ended.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()


def web_server(
    port: int, *options: str, application: str = "smartsolar.wsgi", workers: int = 1
) -> Process:
    """gunicorn as the project configures it, on this port."""
    return Process(
        *("-m", "gunicorn", "--config", str(CONFIGURATION), "--workers", str(workers)),
        *("--bind", f"127.0.0.1:{port}", *options, application),
        # It writes a line for each of the many requests that it refuses with 503.
        quiet=True,
    )


def wait_until_it_answers(port: int) -> None:
    """Wait for the web server and for its database behind it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as client:
                client.request("GET", "/readyz")
                if client.getresponse().status == 200:
                    return
        except (OSError, HTTPException):
            pass
        time.sleep(0.05)
    raise AssertionError("the web server does not start, or does not find its database again")
