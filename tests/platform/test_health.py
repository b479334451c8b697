"""/healthz tells that the process serves, /readyz that it can serve requests that matter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from smartsolar import health

ROOT = Path(__file__).resolve().parents[2]


def answers_without_database(tmp_path: Path, database_url: str) -> dict[str, list[object]]:
    """Ask both probes in a process whose database is not what it should be."""
    program = (
        "import django, json; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(headers={'host': 'localhost'})\n"
        "answers = {path: client.get(path) for path in ('/healthz', '/readyz')}\n"
        "print(json.dumps({path: [a.status_code, a.json(), a.headers.get('Retry-After')]"
        " for path, a in answers.items()}))"
    )
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "smartsolar.settings",
        "SMARTSOLAR_DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
    }
    output = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, check=True
    ).stdout
    answers: dict[str, list[object]] = json.loads(output.splitlines()[-1])
    return answers


@pytest.mark.django_db
def test_both_probes_answer_200_when_all_is_well(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_healthz_never_asks_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_readyz_asks_for_migrations_only_until_they_are_applied(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    assert client.get("/readyz").status_code == 200
    with django_assert_num_queries(1):
        assert client.get("/readyz").status_code == 200


def test_without_a_database_server_only_healthz_answers_200(tmp_path: Path) -> None:
    answers = answers_without_database(tmp_path, "postgres://nobody@127.0.0.1:1/nothing")
    assert answers["/healthz"] == [200, {"status": "ok"}, None]
    assert answers["/readyz"] == [
        503,
        {"status": "error", "message": "the database does not answer"},
        "5",
    ]


def test_a_database_without_its_tables_is_not_ready(tmp_path: Path) -> None:
    answers = answers_without_database(tmp_path, "")
    assert answers["/readyz"] == [
        503,
        {"status": "error", "message": "the database waits for its migrations"},
        "5",
    ]


@pytest.mark.django_db
def test_probes_are_read_only(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
    assert connection.is_usable()
