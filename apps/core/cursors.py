"""Cursors for the read path: rows arrive ready for JSON.

Parsing a timestamp into a datetime only to print it again is the largest single cost of a list on
PostgreSQL, so the cursor hands timestamps over as text, already in the API's form.
"""

from __future__ import annotations

from typing import Any

import psycopg2.extensions
from django.db import connection
from django.db.backends.utils import CursorWrapper

_TIMESTAMP_OIDS = (1114, 1184)
_FULL = 29  # len("2016-08-08 16:34:56.860081+00")
_WHOLE = 22  # len("2016-08-08 16:34:56+00")


def _time_text(value: str | None, cursor: Any) -> str | None:
    """PostgreSQL's ISO output as the API writes it, which keeps trailing zeros."""
    if value is None:
        return None
    size = len(value)
    if size == _FULL:
        return value[:26].replace(" ", "T")
    if size == _WHOLE:
        return f"{value[:10]}T{value[11:19]}.000000"
    if _WHOLE < size < _FULL and value[19] == ".":
        return f"{value[:10]}T{value[11:-3]:0<15}"
    stamp = value.split("+")[0]
    day, _, clock = stamp.partition(" ")
    seconds, _, fraction = clock.partition(".")
    return f"{day}T{seconds}.{fraction:0<6}"


_TIME_TEXT = psycopg2.extensions.new_type(_TIMESTAMP_OIDS, "TIME_TEXT", _time_text)


def row_cursor() -> CursorWrapper:
    """A cursor of the default connection whose rows need no further date handling on PostgreSQL.

    To be used in a `with` statement, which closes it.
    """
    cursor = connection.cursor()
    if cursor.db.vendor == "postgresql":
        psycopg2.extensions.register_type(_TIME_TEXT, cursor.cursor)
    return cursor
