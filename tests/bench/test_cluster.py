"""The PostgreSQL that a campaign may kill."""

from __future__ import annotations

import psycopg2
import pytest

from bench.soak.cluster import binaries, is_alive, own_cluster

pytestmark = pytest.mark.skipif(binaries() is None, reason="no initdb: no PostgreSQL to kill")


def test_what_was_committed_outlives_a_kill_and_nothing_else_does() -> None:
    with own_cluster() as cluster:
        assert cluster is not None
        first = cluster.running.pid
        connection = psycopg2.connect(cluster.url)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE ledger (amount integer)")
            cursor.execute("INSERT INTO ledger VALUES (1)")
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger VALUES (2)")
            cursor.execute("SHOW fsync")
            assert cursor.fetchone() == ("on",)
            cluster.kill()
            assert not is_alive(first)
            with pytest.raises(psycopg2.OperationalError):
                cursor.execute("SELECT 1")
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(cluster.url)
        cluster.start()
        again = psycopg2.connect(cluster.url)
        with again.cursor() as cursor:
            cursor.execute("SELECT amount FROM ledger")
            assert cursor.fetchall() == [(1,)]
        again.close()
        directory = cluster.directory
    assert not is_alive(cluster.running.pid)
    assert not directory.exists()
