"""What the bare WSGI functions share: rows as psycopg2 gives them, bytes as orjson makes them.

A floor is the least code that gives the program's own answer: the same SQL on a kept connection,
no token, no check of anything, no layers. Rows and times are handled as cheaply as the program can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson
from psycopg2.extensions import new_type, register_type

from bench.case import Application, Connection, Environ

_TIMESTAMP_OIDS = (1114, 1184)
_WITH_MICROSECONDS = 29  # len("2016-08-08 16:34:56.860081+00")
_WHOLE_SECONDS = 22


def _time_text(value: str | None, cursor: Any) -> str | None:
    if value is None:
        return None
    size = len(value)
    if size == _WITH_MICROSECONDS:
        return value[:26].replace(" ", "T")
    if size == _WHOLE_SECONDS:
        return f"{value[:10]}T{value[11:19]}.000000"
    return f"{value[:10]}T{value[11:-3]:0<15}"


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
