"""What the outside world relies on, written down apart from the program.

`tables.json` holds, for each table of the reference, and `own_tables.json` for each of ours beyond
it, its paths below /v1/, the least level for each verb and its
columns; a column reads `<type> [key] [required] [unique] [reference] [of a|b|c]`. A verb that is
not listed is refused to everybody. `actions.json` holds the other endpoints: verb, path, least
level and the status of success.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.core.columns import Kind
from apps.core.levels import Level

HERE = Path(__file__).parent

KINDS = {
    "integer": Kind.INTEGER,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "text": Kind.TEXT,
    "time": Kind.TIME,
    "date": Kind.DATE,
    "seconds": Kind.LENGTH,
    "json": Kind.JSON,
    "bytes": Kind.BYTES,
}


@dataclass(frozen=True)
class ColumnFact:
    """One column as promised: `length` and `options` where the reference gives them."""

    name: str
    kind: Kind
    length: int | None
    flags: frozenset[str]
    options: tuple[str, ...]

    @classmethod
    def read(cls, name: str, text: str) -> ColumnFact:
        text, _of, options = text.partition(" of ")
        kind, *flags = text.split()
        word, _bracket, length = kind.partition("(")
        return cls(
            name,
            KINDS[word],
            int(length.rstrip(")")) if length else None,
            frozenset(flags),
            tuple(options.split("|")) if options else (),
        )


@dataclass(frozen=True)
class TableFact:
    """One table as promised."""

    name: str
    paths: tuple[str, ...]
    levels: dict[str, Level]
    columns: tuple[ColumnFact, ...]

    @property
    def path(self) -> str:
        return self.paths[0]

    def __str__(self) -> str:
        return self.name


def _tables(file: str) -> tuple[TableFact, ...]:
    found: dict[str, dict[str, Any]] = json.loads((HERE / file).read_text())
    return tuple(
        TableFact(
            name,
            tuple(facts["paths"]),
            {verb: Level[level] for verb, level in facts["levels"].items()},
            tuple(ColumnFact.read(*item) for item in facts["columns"].items()),
        )
        for name, facts in found.items()
    )


@dataclass(frozen=True)
class ActionFact:
    """One verb of another endpoint as promised; `level` is None where no token is asked for."""

    verb: str
    path: str
    level: Level | None
    status: int

    @property
    def shape(self) -> str:
        """The path without the names of what stands in it."""
        return re.sub(r"<[^>]*>", "<>", self.path)

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


def _actions() -> tuple[ActionFact, ...]:
    found: list[tuple[str, str, str | None, int]] = json.loads((HERE / "actions.json").read_text())
    return tuple(
        ActionFact(verb, path, Level[level] if level else None, status)
        for verb, path, level, status in found
    )


REFERENCE_TABLES = _tables("tables.json")
OWN_TABLES = _tables("own_tables.json")
TABLES = REFERENCE_TABLES + OWN_TABLES
ACTIONS = _actions()
