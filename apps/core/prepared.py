"""Statements that every request runs, planned once for each connection.

For a row found by its key, PostgreSQL spends three times as long on parsing and planning as on the
row. Only statements whose text never varies belong here, and few: each stays with its connection.
"""

from __future__ import annotations

from typing import Any

from django.db import NotSupportedError


class Prepared:
    """One such statement, with %s for its parameters; databases without PREPARE run it as it is."""

    def __init__(self, name: str, sql: str) -> None:
        pieces = sql.split("%s")
        self.name = name
        self.sql = sql
        numbered = (f"{piece}${n}" for n, piece in enumerate(pieces[:-1], start=1))
        self._prepare = f"PREPARE {name} AS {''.join(numbered)}{pieces[-1]}"
        places = ", ".join(["%s"] * (len(pieces) - 1))
        self._execute = f"EXECUTE {name} ({places})" if places else f"EXECUTE {name}"

    def run(self, cursor: Any, params: list[Any]) -> None:
        """Execute on a cursor of Django's."""
        prepared: set[str] | None = getattr(cursor.db, "prepared", None)
        if prepared is None:
            cursor.execute(self.sql, params)
            return
        if self.name not in prepared:
            # Below Django, which counts and logs queries; this is none.
            with cursor.db.wrap_database_errors:
                cursor.cursor.execute(self._prepare)
            prepared.add(self.name)
        try:
            cursor.execute(self._execute, params)
        except NotSupportedError:
            # A migration changed a column's type under the plan: this connection plans anew each
            # time from now on. What is asked within a transaction fails once.
            cursor.db.prepared = None
            if cursor.db.in_atomic_block:
                raise
            cursor.execute(self.sql, params)
