"""What an attempt on the ledger may leave behind, and how the tests see what it tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.urls import URLPattern, get_resolver

from tests.dcm.ledger import GUARDED

_TABLES = "|".join(GUARDED)
_CHANGES = re.compile(
    rf'^\s*(UPDATE|DELETE FROM|TRUNCATE|REPLACE INTO|INSERT OR REPLACE INTO)\s+"?({_TABLES})\b',
    re.IGNORECASE,
)
# The two transitions, as the services write them.
_TRANSITION = re.compile(
    r"UPDATE payment_command SET (status = 'acknowledged'|void = true), modified_at = %s,"
    r" modified_by = %s\s+WHERE product_imei = %s AND "
)
_MOVES = {
    (("pending", False), ("acknowledged", False)),
    (("pending", False), ("pending", True)),
    (("pending", False), ("acknowledged", True)),
    (("acknowledged", False), ("acknowledged", True)),
}
_MOVING = ("status", "void", "modified_at", "modified_by")


def rows() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of the ledger, by table and key."""
    return {
        table: {row[model._meta.pk.attname]: row for row in model._base_manager.values()}  # type: ignore[union-attr]
        for table, model in GUARDED.items()
    }


def assert_kept(before: dict[str, dict[Any, dict[str, Any]]]) -> None:
    """What was there is there as it was, but for the two transitions; new rows may have come."""
    now = rows()
    for table, kept in before.items():
        for key, row in kept.items():
            other = now[table].get(key)
            assert other is not None, f"{table} {key} is gone"
            if other == row:
                continue
            assert table == "payment_command", f"{table} {key} was changed"
            for name in row.keys() - set(_MOVING):
                assert other[name] == row[name], f"{table} {key}: {name} was changed"
            move = ((row["status"], row["void"]), (other["status"], other["void"]))
            assert move in _MOVES, f"{table} {key}: {move}"


@contextmanager
def attempt() -> Iterator[None]:
    """Whatever is tried inside is undone; nothing but the two transitions was even asked for.

    That the database refuses it does not count: who asks for it has a way that only looks closed.
    """
    asked: list[str] = []

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        if _CHANGES.match(text) and not _TRANSITION.match(text.lstrip()):
            asked.append(text)
        return execute(sql, params, many, context)

    before = rows()
    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield
        assert_kept(before)
        transaction.set_rollback(True)
    assert not asked, asked


def every_route() -> list[str]:
    """The pattern of every route that the program answers to, with its placeholders."""

    def below(patterns: list[Any], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            here = f"{prefix}{pattern.pattern}"
            if isinstance(pattern, URLPattern):
                yield here
            else:
                yield from below(pattern.url_patterns, here)

    return list(below(get_resolver().url_patterns, "/"))
