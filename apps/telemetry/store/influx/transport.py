"""Speaking to InfluxDB: the two paths that 1.x and, for compatibility, 2.x serve alike.

influxdb-client brings the transport. Its write and query interfaces know 2.x alone, so requests go
out on its connections themselves.
"""

from __future__ import annotations

import atexit
import os
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

import msgpack
import orjson
from influxdb_client import InfluxDBClient
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from apps.telemetry.errors import StoreAway

# In seconds; whoever sent the points is waiting, too.
_TIMEOUT = Timeout(connect=3, read=30)
_CONNECTIONS = 16
_ANSWER_SHOWN = 500
_CHUNK = "50000"
_LARGEST_ANSWER = 2**31 - 1
# Longer ones do not fit into the first line of a request everywhere.
_LONGEST_IN_URL = 4_000
_TEXT = "text/plain; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
# Errors of statements that pass by themselves; the last two are of shards between open and closed.
_PASSING = (
    "timeout",
    "timed out",
    "shutdown",
    "interrupted",
    "max-concurrent-queries",
    "engine is closed",
    "shard is disabled",
)


class Rejected(Exception):
    """InfluxDB read the request and refuses it (400, 422): `message` is its own."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooLarge(Rejected):
    """The request is larger than InfluxDB, or a proxy before it, takes (413): send it in parts."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an InfluxDB is, and which database in it is ours.

    `org` and `token` are for 2.x; with a token, `user` and `password` do not count.
    """

    url: str
    database: str
    user: str = ""
    password: str = ""
    token: str = ""
    org: str = ""

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, url: str, *, token: str = "", org: str = "") -> Address:
        """From `http://user:password@host:8086/database`; raises ValueError for anything else."""
        parts = urlsplit(url)
        database = unquote(parts.path).strip("/")
        if parts.scheme not in ("http", "https") or not parts.hostname or not database:
            raise ValueError(
                "An InfluxDB URL has the form http://user:password@host:8086/database."
            )
        if "/" in database:
            raise ValueError(
                "After the host an InfluxDB URL has the name of a database and no more."
            )
        host = parts.netloc.rpartition("@")[2]
        return cls(
            url=urlunsplit((parts.scheme, host, "", "", "")),
            database=database,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            token=token,
            org=org,
        )

    @property
    def headers(self) -> dict[str, str]:
        if self.token:
            return {"Authorization": f"Token {self.token}"}
        if self.user:
            pair = b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")
            return {"Authorization": f"Basic {pair}"}
        return {}


@lru_cache(maxsize=8)
def _client(url: str, _process: int) -> tuple[InfluxDBClient, HTTPConnectionPool]:
    client = InfluxDBClient(url=url, token="", connection_pool_maxsize=_CONNECTIONS)
    return client, client.api_client.rest_client.pool_manager.connection_from_url(url)


# While the modules it needs to say good-bye are still there.
atexit.register(_client.cache_clear)


class Transport:
    """Requests to one InfluxDB. Every method raises StoreAway when it cannot be asked now."""

    def __init__(self, address: Address) -> None:
        self.address = address

    @property
    def pool(self) -> HTTPConnectionPool:
        """The connections of this process; they must not outlive a fork."""
        _client_of_it, pool = _client(self.address.url, os.getpid())
        return pool

    def write(self, retention: str, lines: bytes) -> None:
        """Send points in line protocol, with nanoseconds.

        Raises Rejected if any was refused, and TooLarge if there are too many for one request.
        """
        query = {"db": self.address.database, "rp": retention, "precision": "ns"}
        self._call("/write", "POST", query, body=lines)

    def query(self, statement: str, *, change: bool = False) -> list[dict[str, Any]]:
        """The series that one statement of InfluxQL answers, times in nanoseconds.

        Statements that change something are sent as POST. A missing database or retention policy is
        StoreAway: the program is right and the InfluxDB is not made ready for it.
        """
        query = {"db": self.address.database, "epoch": "ns", "q": statement}
        if change:
            return _series(self._call("/query", "POST", query))
        return self.queries([statement])[0]

    def queries(self, statements: Iterable[str]) -> list[list[dict[str, Any]]]:
        """What several statements that only read answer, in one request."""
        asked = list(statements)
        if not asked:
            return []
        query = {"db": self.address.database, "epoch": "ns"}
        # In chunks: the server's own limit on rows would cut a single answer off unseen.
        query |= {"chunked": "true", "chunk_size": _CHUNK}
        text = {"q": "; ".join(asked)}
        if len(text["q"]) > _LONGEST_IN_URL:
            documents = self._call("/query", "POST", query, urlencode(text).encode(), kind=_FORM)
        else:
            documents = self._call("/query", "GET", {**query, **text})
        by_statement: dict[int, list[Any]] = {number: [] for number in range(len(asked))}
        for document in documents:
            for result in document.get("results") or [document]:
                by_statement[result.get("statement_id", 0)].append({"results": [result]})
        return [_series(parts) for parts in by_statement.values()]

    def version(self) -> str:
        """The version the server says it is, such as `1.6.7` or `v2.7.1`."""
        response = self._response("/ping", "GET", {})
        return str(response.headers.get("X-Influxdb-Version", ""))

    def is_second(self) -> bool:
        """Whether the server is an InfluxDB 2.x."""
        return self.version().lstrip("v").startswith("2.")

    def _call(
        self,
        path: str,
        method: str,
        query: dict[str, str],
        body: bytes | None = None,
        *,
        kind: str = _TEXT,
    ) -> list[dict[str, Any]]:
        """The documents of an answer; none if it is empty."""
        response = self._response(path, method, query, body, kind)
        data = response.data
        if "msgpack" in response.headers.get("Content-Type", ""):
            # Tuples of numbers are nothing to the garbage collector.
            unpacker = msgpack.Unpacker(max_buffer_size=_LARGEST_ANSWER, use_list=False)
            unpacker.feed(data)
            return list(unpacker)
        documents = [orjson.loads(line) for line in data.splitlines() if line]
        for document in documents:
            for result in document.get("results", ()):
                for one in result.get("series") or ():
                    # In JSON 12.0 is 12: a column may hold both.
                    one["loose"] = True
        return documents

    def _response(
        self,
        path: str,
        method: str,
        query: dict[str, str],
        body: bytes | None = None,
        kind: str = _TEXT,
    ) -> BaseHTTPResponse:
        """An answer that says that all is well."""
        try:
            response = self.pool.urlopen(
                method,
                f"{path}?{urlencode(query)}",
                body=body,
                # In msgpack doubles are neither printed nor parsed; 2.x does without.
                headers={
                    "Accept": "application/x-msgpack, application/json;q=0.9",
                    "Content-Type": kind,
                    **self.address.headers,
                },
                timeout=_TIMEOUT,
                retries=False,
            )
        except HTTPError as error:
            raise StoreAway(str(error)) from error
        _check(response)
        return response


def _check(response: BaseHTTPResponse) -> None:
    """Raise what an answer means that does not say that all is well."""
    if 200 <= response.status < 300:
        return
    message = _message(response)
    if response.status == 413:
        raise TooLarge(message)
    # The first 2.x say 500 where some points were dropped and the others are stored.
    if response.status in (400, 422) or "dropped=" in message:
        raise Rejected(message)
    raise StoreAway(message)


def _series(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The series that one statement answers in one or more documents; or the error it answers."""
    found: list[dict[str, Any]] = []
    for document in documents:
        for result in document.get("results") or [document]:
            if error := result.get("error"):
                raise _fault(error)
            for one in result.get("series") or ():
                if found and found[-1].get("partial") and _key(found[-1]) == _key(one):
                    found[-1]["values"] += one["values"]
                    found[-1]["partial"] = one.get("partial", False)
                else:
                    found.append(one)
    if found and found[-1].get("partial"):
        raise StoreAway("The InfluxDB broke off in the middle of its answer")
    return found


def _key(series: dict[str, Any]) -> tuple[Any, Any]:
    return series.get("name"), series.get("tags")


def _fault(error: str) -> Exception:
    if "not found" in error:
        return StoreAway(f"{error}: run manage.py provision_telemetry")
    if any(word in error for word in _PASSING):
        return StoreAway(error)
    return Rejected(error)


def _message(response: BaseHTTPResponse) -> str:
    """What the server says is wrong, from its header, its JSON or its text."""
    text = response.data.decode("utf-8", "replace")
    try:
        said = orjson.loads(text)
        text = str(said.get("error") or said.get("message") or text)
    except (orjson.JSONDecodeError, AttributeError):
        text = response.headers.get("X-Influxdb-Error", text)
    return f"{text[:_ANSWER_SHOWN].strip()} ({response.status})"
