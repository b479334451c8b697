"""An InfluxDB of a campaign's own, which may be stopped, killed and started again on its data."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.test import override_settings

from bench.soak.ports import free_port

DATABASE = "smartsolar"
MISSING = "left out: there is no influxd on this machine"
_LONGEST_START = 60.0

# As scripts/with_influxdb.sh writes it.
_CONFIGURATION = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{http}"
  log-enabled = false
[logging]
  level = "warn"
"""


class Influxd:
    """One server in a directory of its own, always on the same port."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.port, rpc = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}/{DATABASE}"
        text = _CONFIGURATION.format(folder=folder, http=self.port, rpc=rpc)
        (folder / "influxdb.conf").write_text(text)
        self.start()

    def start(self) -> None:
        """Start, and return once it answers: after a kill, once it has read its log."""
        deadline = time.monotonic() + _LONGEST_START
        self._spawn()
        while time.monotonic() < deadline:
            if self.running.poll() is not None:
                # Whoever connected to somewhere had its port for a moment.
                time.sleep(0.2)
                self._spawn()
            if self.answers():
                return
            time.sleep(0.02)
        raise AssertionError(f"InfluxDB does not start: {self.said()}")

    def _spawn(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(
                [self.program, "-config", str(self.folder / "influxdb.conf")],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-1_000:]

    def answers(self) -> bool:
        try:
            return self._ask("GET", "/ping")[0] == 204
        except (OSError, HTTPException):
            return False

    def stop(self) -> None:
        """SIGTERM, and wait until it has gone."""
        self.running.terminate()
        self.running.wait(_LONGEST_START)

    def kill(self) -> None:
        """SIGKILL, wherever it is."""
        self.running.kill()
        self.running.wait()

    def query(self, statement: str) -> list[dict[str, Any]]:
        """The series that one statement answers, times in nanoseconds: past the program's code."""
        asked = urlencode({"db": DATABASE, "epoch": "ns", "q": statement})
        status, body = self._ask("GET", f"/query?{asked}")
        assert status == 200, body
        [result] = json.loads(body)["results"]
        assert "error" not in result, result
        return list(result.get("series", ()))

    def write(self, lines: str, retention: str) -> None:
        """Write points in line protocol as somebody else would."""
        asked = urlencode({"db": DATABASE, "rp": retention})
        status, body = self._ask("POST", f"/write?{asked}", lines.encode())
        assert status == 204, body

    def _ask(self, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as client:
            client.request(method, target, body)
            answer = client.getresponse()
            return answer.status, answer.read()


@contextlib.contextmanager
def own_influxd() -> Iterator[Influxd | None]:
    """A server made ready for the program, which writes to it meanwhile, and the processes that it
    starts too; gone in the end. None where there is no influxd to make one of.
    """
    program = shutil.which("influxd")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="smartsolar-influxdb-") as folder:
        server = Influxd(program, Path(folder))
        before = os.environ.get("INFLUXDB_URL", "")
        os.environ["INFLUXDB_URL"] = server.url
        try:
            with override_settings(INFLUXDB_URL=server.url):
                call_command("provision_telemetry", verbosity=0)
                yield server
        finally:
            os.environ["INFLUXDB_URL"] = before
            server.kill()
