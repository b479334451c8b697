"""How a unit sends a request: it signs it, and a mobile network carries it over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

try:
    import msgpack
except ImportError:  # units then speak JSON only
    msgpack = None

RC_DATA = "/v1/rc_data"
RM_DATA = "/v1/rm_data"
TIMEOUT = 20.0
JSON = "application/json"
MESSAGEPACK = "application/msgpack"


class NoAnswerError(Exception):
    """The server could not be reached, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status and, where there is any, the decoded body."""

    status: int
    body: Any

    @property
    def accepted(self) -> bool:
        return self.status == 200

    @property
    def busy(self) -> bool:
        """Whether the server asks to come back later: nothing was taken in."""
        return self.status == 429 or self.status >= 500


def device_header(
    *, imei: str, key: str, method: str, path: str, body: bytes, at: float, nonce: str
) -> str:
    """The Authorization header of one request: a signature that holds once and for five minutes."""
    ts = int(at)
    text = f"{method}\n{path}\n{ts}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    sig = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"Device imei={imei}, ts={ts}, nonce={nonce}, sig={sig}"


def encode(value: Any, *, compact: bool) -> tuple[bytes, str]:
    """A body and its Content-Type: MessagePack for units that have it, JSON for the others."""
    if compact and msgpack is not None:
        return msgpack.packb(value), MESSAGEPACK
    return json.dumps(value, separators=(",", ":")).encode(), JSON


class Link:
    """The connection of one contact to the server, kept open between its requests."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an HTTP address: {url}")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._below = parts.path.rstrip("/")
        self._connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)

    def post(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        """Send a report. Raises NoAnswerError."""
        return self._send("POST", imei, key, body, {"Content-Type": content_type})

    def upload(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        """Send measurements. Raises NoAnswerError."""
        return self._send("POST", imei, key, body, {"Content-Type": content_type}, path=RM_DATA)

    def get(self, imei: str, key: str) -> Reply:
        """Ask what to do. Raises NoAnswerError."""
        return self._send("GET", imei, key, b"", {})

    def reachable(self) -> bool:
        """Whether anything answers at the address, whatever it says."""
        try:
            self._connection.connect()
        except OSError:
            return False
        finally:
            self.close()
        return True

    def close(self) -> None:
        self._connection.close()

    def _send(
        self,
        method: str,
        imei: str,
        key: str,
        body: bytes,
        headers: dict[str, str],
        *,
        path: str = RC_DATA,
    ) -> Reply:
        path = self._below + path
        headers["Authorization"] = device_header(
            imei=imei,
            key=key,
            method=method,
            path=path,
            body=body,
            at=time.time(),
            nonce=secrets.token_hex(8),
        )
        try:
            self._connection.request(method, path, body or None, headers)
            response = self._connection.getresponse()
            return Reply(response.status, _decoded(response.read()))
        except (OSError, http.client.HTTPException) as error:
            # The connection may be half used; the next request opens a new one.
            self.close()
            raise NoAnswerError(str(error)) from error


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
