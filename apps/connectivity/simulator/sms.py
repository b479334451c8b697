"""A simulated SMS gateway: it takes messages over HTTP, units hear them, and it reports back.

It speaks the protocol that docs/sms.md describes and knows nothing else of the program.
"""

from __future__ import annotations

import base64
import heapq
import hmac
import http.client
import json
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from apps.connectivity.simulator.link import TIMEOUT
from apps.connectivity.simulator.unit import Unit

logger = logging.getLogger("smartsolar.simulator")

REPORTS = "/v1/sms_deliveries"
# Seconds from a message to the unit that hears it.
SOONEST, LATEST = 2.0, 6.0
# Bytes of the longest request that is read.
LONGEST = 64 * 1024


class SmsGateway:
    """Takes messages for these units, by IMSI, at `address`, from whoever has the token.

    `wake` is called with the number of a unit that heard a message; `url` is the server that is
    told of it, in reports signed with `secret`.
    """

    def __init__(
        self,
        units: Mapping[str, tuple[int, Unit]],
        *,
        address: tuple[str, int],
        token: str,
        secret: bytes,
        url: str,
        wake: Callable[[int], None],
    ) -> None:
        self.units = units
        self.token = token
        self.secret = secret
        self.url = urlsplit(url)
        self.wake = wake
        self._known: set[str] = set()
        self._under_way: list[tuple[float, str, str]] = []
        self._changed = threading.Condition()
        self._server = _Server(address, _handler(self))

    def run(self, stop: threading.Event) -> None:
        """Take messages and deliver them until `stop` is set."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            while not stop.is_set():
                due = self._next()
                if due:
                    self._deliver(*due)
        finally:
            self._server.shutdown()
            self._server.server_close()

    def take(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """The status and answer to one message."""
        try:
            message = json.loads(body)
            reference, imsi = str(message["reference"]), str(message["to"]["imsi"])
        except (ValueError, LookupError, TypeError):
            return 400, {"error": "not a message"}
        if imsi not in self.units:
            return 422, {"error": "no such SIM"}
        with self._changed:
            if reference in self._known:
                return 409, {"error": "this reference was used before"}
            self._known.add(reference)
            due = time.monotonic() + random.Random(reference).uniform(SOONEST, LATEST)
            heapq.heappush(self._under_way, (due, reference, imsi))
            self._changed.notify()
        return 202, {"id": f"sim-{len(self._known)}"}

    def _next(self) -> tuple[str, str] | None:
        """The message that is due, or None after half a second without one."""
        with self._changed:
            now = time.monotonic()
            if self._under_way and self._under_way[0][0] <= now:
                return heapq.heappop(self._under_way)[1:]
            until = self._under_way[0][0] - now if self._under_way else 0.5
            self._changed.wait(min(until, 0.5))
        return None

    def _deliver(self, reference: str, imsi: str) -> None:
        number, unit = self.units[imsi]
        if random.Random(reference).random() < unit.drop_rate():
            self._report({"reference": reference, "status": "failed", "reason": "no signal"})
            return
        self.wake(number)
        at = datetime.now(UTC).replace(tzinfo=None).isoformat()
        self._report({"reference": reference, "status": "delivered", "time": at})

    def _report(self, report: dict[str, Any]) -> None:
        body = json.dumps(report).encode()
        kind: type[http.client.HTTPConnection] = http.client.HTTPConnection
        if self.url.scheme == "https":
            kind = http.client.HTTPSConnection
        connection = kind(self.url.hostname or "", self.url.port, timeout=TIMEOUT)
        try:
            path = self.url.path.rstrip("/") + REPORTS
            connection.request("POST", path, body, report_headers(self.secret, body))
            status = connection.getresponse().status
            if status != 200:
                logger.warning("a delivery report was answered %d", status)
        except (OSError, http.client.HTTPException) as error:
            logger.warning("a delivery report was lost: %s", error)
        finally:
            connection.close()


def report_headers(secret: bytes, body: bytes) -> dict[str, str]:
    """The headers of a signed report."""
    name, moment = f"msg_{random.getrandbits(64):016x}", str(int(time.time()))
    signed = hmac.digest(secret, f"{name}.{moment}.".encode() + body, "sha256")
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hung up calls again."""
        logger.debug("a call to the SMS gateway broke off", exc_info=True)


def _handler(gateway: SmsGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = TIMEOUT

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length") or ""
            if not length.isdigit() or int(length) > LONGEST:
                self.close_connection = True
                self._answer(413, {"error": "too long, or of no length"})
                return
            body = self.rfile.read(int(length))
            given = self.headers.get("Authorization", "").encode()
            if hmac.compare_digest(given, f"Bearer {gateway.token}".encode()):
                self._answer(*gateway.take(body))
            else:
                self._answer(401, {"error": "wrong token"})

        def _answer(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what became of a message is in its report."""

    return Handler
