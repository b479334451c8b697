"""Kept connections to PostgreSQL: lost ones are noticed, what is asked often is planned once."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import close_old_connections, connection

from apps.core.prepared import Prepared

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]

SUM = Prepared("test_sum", "SELECT %s + CAST(%s AS integer)")


@pytest.fixture(autouse=True)
def _fresh_connection() -> Iterator[None]:
    connection.close()
    yield
    connection.close()


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def total(one: int, other: int) -> int:
    with connection.cursor() as cursor:
        SUM.run(cursor, [one, other])
        return cursor.fetchone()[0]


def test_a_kept_connection_is_used_again() -> None:
    first = backend()
    close_old_connections()
    assert backend() == first


def test_a_connection_that_the_server_ended_is_replaced() -> None:
    first = backend()
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    finally:
        other.close()
    close_old_connections()
    assert backend() != first


def test_a_prepared_statement_is_planned_once_for_each_connection() -> None:
    assert total(1, 2) == 3
    assert total(3, 4) == 7
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'test_sum'")
        assert cursor.fetchone()[0] == 1
    connection.close()
    assert total(5, 6) == 11


def test_behind_a_pooler_nothing_is_prepared() -> None:
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
    try:
        assert total(1, 2) == 3
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone()[0] == 0
    finally:
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False


def test_a_plan_that_a_migration_made_obsolete_is_dropped() -> None:
    rows = Prepared("test_rows", "SELECT t.word FROM prepared_words t WHERE t.word = %s")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE prepared_words (word varchar(10))")
        try:
            cursor.execute("INSERT INTO prepared_words VALUES ('sun')")
            rows.run(cursor, ["sun"])
            cursor.execute("ALTER TABLE prepared_words ALTER COLUMN word TYPE varchar(20)")
            for _time in range(2):
                rows.run(cursor, ["sun"])
                assert cursor.fetchone() == ("sun",)
        finally:
            cursor.execute("DROP TABLE prepared_words")
