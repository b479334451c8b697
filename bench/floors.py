"""What the bare WSGI functions share: rows as psycopg2 gives them, bytes as orjson makes them.

A floor is the least code that gives the program's own answer: the same SQL on a kept connection,
no token, no check of anything, no layers. It gets every trick the program uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson
from psycopg2.extensions import new_type, register_type

from bench.case import Application, Connection, Environ

_TIMESTAMP_OIDS = (1114, 1184)
_WITH_MICROSECONDS = 29


def _time_text(value: str | None, cursor: Any) -> str | None:
    if value is None:
        return None
    if len(value) == _WITH_MICROSECONDS:
        return f"{value[:10]}T{value[11:26]}"
    day, clock = value.split("+")[0].split(" ")
    seconds, _, fraction = clock.partition(".")
    return f"{day}T{seconds}.{fraction:0<6}"


def prepared(connection: Connection) -> None:
    """Set the connection up as the program's is: UTC, times handed over as text."""
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    register_type(new_type(_TIMESTAMP_OIDS, "TIME_TEXT", _time_text), connection)


def objects(names: Sequence[str], rows: Iterable[tuple]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=False)) for row in rows]


def answering(work: Callable[[Environ], Any]) -> Application:
    """A WSGI application that answers with what `work` returns, as JSON."""

    def application(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        body = orjson.dumps(work(environ))
        start_response(
            "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        )
        return [body]

    return application
