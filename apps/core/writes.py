"""Several writes sent together: one statement where the database takes them so, else one each.

A request that every unit makes pays for each statement's way to the database and back. PostgreSQL
runs any number of INSERTs and UPDATEs as parts of one (WITH); SQLite takes them one by one and has
no way to go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(eq=False)
class Written:
    """What a write will return: a parameter of later writes, and a value once all are sent."""

    column: str
    name: str
    value: Any = None


@dataclass(frozen=True)
class _Write:
    sql: str
    params: list[Any]
    returned: Written | None


class Writes:
    """Collects writes, in order, and sends them.

    No write may count on another to have been done, but for the value it returns, and no two may
    touch one row: on PostgreSQL all see the tables as they were before. The caller has a
    transaction under way.
    """

    def __init__(self) -> None:
        self._writes: list[_Write] = []
        self._then: list[Callable[[], None]] = []

    def add(self, sql: str, params: list[Any], *, returning: str = "") -> Written:
        """Add a write with %s for its parameters; `returning` is the column it is to return.

        A parameter may be what an earlier write returns.
        """
        written = Written(returning, f"w{len(self._writes)}")
        if returning:
            sql = f"{sql} RETURNING {returning}"
        self._writes.append(_Write(sql, params, written if returning else None))
        return written

    def then(self, function: Callable[[], None]) -> None:
        """Call a function once everything was written."""
        self._then.append(function)

    def send(self) -> None:
        together = connection.vendor == "postgresql" and len(self._writes) > 1
        with connection.cursor() as cursor:
            (self._send_together if together else self._send_each)(cursor)
        for function in self._then:
            function()

    def _send_each(self, cursor: Any) -> None:
        for write in self._writes:
            params = [p.value if isinstance(p, Written) else p for p in write.params]
            cursor.execute(write.sql, params)
            if write.returned is not None:
                write.returned.value = cursor.fetchone()[0]

    def _send_together(self, cursor: Any) -> None:
        parts, params = [], []
        for number, write in enumerate(self._writes):
            parts.append(f"w{number} AS ({_referring(write)})")
            params += [p for p in write.params if not isinstance(p, Written)]
        returned = [write.returned for write in self._writes if write.returned is not None]
        values = [f"(SELECT {one.column} FROM {one.name})" for one in returned]
        cursor.execute(f"WITH {', '.join(parts)} SELECT {', '.join(values) or '1'}", params)
        for one, value in zip(returned, cursor.fetchone(), strict=False):
            one.value = value


def _referring(write: _Write) -> str:
    """The SQL of a write, with what other writes return named in place of a parameter."""
    first, *rest = write.sql.split("%s")
    text = first
    for param, piece in zip(write.params, rest, strict=True):
        place = f"(SELECT {param.column} FROM {param.name})" if isinstance(param, Written) else "%s"
        text += place + piece
    return text
