"""Writes that succeed, which nearly all do: a send and a receive on a kept connection.

A general HTTP client takes eight times the processor time for it, a seventh of what a whole upload
costs. Any other answer is read by one.
"""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

import urllib3
from urllib3 import BaseHTTPResponse, HTTPHeaderDict

_CONNECT, _ANSWER = 3, 30  # seconds
_LONGEST_HEAD = 4_096
_KEPT = 16


class KeptWrites:
    """Connections to one InfluxDB over plain HTTP."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self.place = (parts.hostname or "", parts.port or 80)
        self.free: deque[socket.socket] = deque(maxlen=_KEPT)

    def refusal(
        self, target: str, headers: Mapping[str, str], body: bytes
    ) -> BaseHTTPResponse | None:
        """What InfluxDB answers where it does not just have taken these lines.

        Raises OSError where the connection fails, which may have been closed since its last use.
        """
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {target} HTTP/1.1\r\nHost: {self.host}\r\n{more}Content-Length: {len(body)}"
        connection = self._connection()
        try:
            connection.sendall(head.encode() + b"\r\n\r\n" + body)
            answer = connection.recv(_LONGEST_HEAD, socket.MSG_PEEK)
            if not _is_plain(answer):
                return _read(connection)
            connection.recv(len(answer))
        except BaseException:
            connection.close()
            raise
        self.free.append(connection)
        return None

    def _connection(self) -> socket.socket:
        try:
            return self.free.pop()
        except IndexError:
            made = socket.create_connection(self.place, timeout=_CONNECT)
            made.settimeout(_ANSWER)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            return made


def _is_plain(answer: bytes) -> bool:
    """Whether this is all of an answer that says no more than that all is well."""
    return (
        answer.startswith(b"HTTP/1.1 204 ")
        and answer.endswith(b"\r\n\r\n")
        and b"\r\nconnection: close" not in answer.lower()
    )


def _read(connection: socket.socket) -> BaseHTTPResponse:
    """The answer that waits on a connection, which is closed with it."""
    with connection, closing(HTTPResponse(connection, method="POST")) as response:
        try:
            response.begin()
            data = response.read()
        except HTTPException as error:
            raise ConnectionError(str(error)) from error
        headers = response.getheaders()
        return urllib3.HTTPResponse(data, HTTPHeaderDict(headers), response.status)


@lru_cache(maxsize=8)
def _kept(url: str, _process: int) -> KeptWrites:
    return KeptWrites(url)


def kept_writes(url: str) -> KeptWrites | None:
    """The connections of this process, which must not outlive a fork; none for other schemes."""
    return _kept(url, os.getpid()) if url.startswith("http://") else None
