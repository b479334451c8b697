"""What a benchmark is: the requests it sends, what they are held against, and the limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from psycopg2.extensions import connection as Connection  # noqa: N812  a class, for all its name

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

UNITS = 100_000
FEW_UNITS = 10_000
MANY_UNITS = 1_000_000
_FIRST_IMEI = 350_000_000_000_000


@dataclass(frozen=True)
class Fleet:
    """A filled database as a case sees it: its size and how to sign in."""

    url: str
    units: int
    token: str

    def imei(self, number: int) -> str:
        """The IMEI of one of its units; any number names one, neighbours lie far apart."""
        return imei_of(number * 7_919 % self.units)


def imei_of(number: int) -> str:
    """The IMEI of unit `number` of a fleet; `bench.fleet` computes the same in SQL."""
    return str(_FIRST_IMEI + number)


def unit_of(imei: str) -> int:
    """The number of the unit with that IMEI."""
    return int(imei) - _FIRST_IMEI


@dataclass(frozen=True)
class Request:
    """One request to the API."""

    path: str
    method: str = "GET"
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def all_headers(self) -> dict[str, str]:
        """The headers, with those every client sends."""
        typed = {"Content-Type": "application/json"} if self.body else {}
        return {"Accept": "application/json", "User-Agent": "bench", **typed, **self.headers}


# The request of a given number to a given fleet; numbers count up from 0 over a run.
Requests = Callable[[Fleet, int], Request]
# The bare WSGI function of a case, on a connection of its own that commits by itself.
Floor = Callable[[Connection], Application]


@dataclass(frozen=True)
class Case:
    """A benchmark: CPU per request over the floor's, or over the program's own on a smaller fleet.

    Where `unit` is "MB" the limit is for the memory of a web worker after the requests instead.

    floor     the bare function that does the same work; None for a case of growth or memory
    against   other requests to the program itself, on the same fleet, to hold these against
    other     a WSGI module that does the same work in another way, instead of a floor
    process   a module that measures itself instead, with what it is told first: `python -m …
              enable|disable`, on its database
    identical the floor's answers must be the program's, byte for byte; else only the status counts
    units     units in the fleet; for a case of growth in the larger one, FEW_UNITS in the smaller
    """

    name: str
    limit: float
    requests: Requests
    floor: Floor | None = None
    identical: bool = True
    units: int = UNITS
    unit: str = ""
    against: Requests | None = None
    other: str = ""
    process: str = ""


def as_someone(fleet: Fleet) -> dict[str, str]:
    """The headers of a person or program that is signed in."""
    return {"Authorization": f"Token token={fleet.token}"}
