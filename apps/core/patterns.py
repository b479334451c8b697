"""`like` and `ilike`: raw % and _, meaning the same on both databases."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.columns import Column, Kind
from apps.core.operands import Unfit, operand

MAX_WILDCARDS = 5
MAX_PATTERN = 255

Sql = tuple[str, list[Any]]


def pattern_sql(column: Column, place: str, op: str, value: Any) -> Sql:
    """LIKE with raw % and _, a backslash before a literal one; alike on both databases."""
    if column.kind is not Kind.TEXT:
        raise Unfit(_("only text can be matched with a pattern"))
    text = operand(column, value)
    if len(text) > MAX_PATTERN or _unescaped(text).count("%") > MAX_WILDCARDS:
        raise Unfit(
            _("a pattern may have {length} characters and {count} wildcards").format(
                length=MAX_PATTERN, count=MAX_WILDCARDS
            )
        )
    if (len(text) - len(text.rstrip("\\"))) % 2:
        raise Unfit(_("a pattern may not end with a single backslash"))
    if connection.vendor == "postgresql":
        return f"{place} {'LIKE' if op == 'like' else 'ILIKE'} %s", [text]
    if op == "like":
        return f"{place} GLOB %s", [_glob(text)]
    if text.isascii():
        return f"{place} LIKE %s ESCAPE '\\'", [text]
    # SQLite's LIKE knows the case of ASCII letters only.
    return f"{place} REGEXP %s", [_regexp(text)]


def _unescaped(pattern: str) -> str:
    """The pattern without its escaped characters."""
    return "".join(char for char, escaped in _characters(pattern) if not escaped)


def _characters(pattern: str) -> list[tuple[str, bool]]:
    found, escaped = [], False
    for char in pattern:
        if char == "\\" and not escaped:
            escaped = True
            continue
        found.append((char, escaped))
        escaped = False
    return found


def _glob(pattern: str) -> str:
    """SQLite's LIKE ignores case, its GLOB does not: the pattern in GLOB's signs."""
    signs = {"%": "*", "_": "?"}
    own = {char: f"[{char}]" for char in "*?["}
    return "".join(
        signs[char] if char in signs and not escaped else own.get(char, char)
        for char, escaped in _characters(pattern)
    )


def _regexp(pattern: str) -> str:
    """The pattern as a regular expression that minds no case and never backtracks far."""
    parts = [""]
    for char, escaped in _characters(pattern):
        if char == "%" and not escaped:
            parts.append("")
        else:
            parts[-1] += "." if char == "_" and not escaped else re.escape(char)
    first, *rest = parts
    if not rest:
        return rf"(?is)\A{first}\Z"
    *middle, last = rest
    # The first place where a middle part fits is as good as any later one.
    return rf"(?is)\A{first}{''.join(f'(?>.*?{part})' for part in middle)}.*{last}\Z"
