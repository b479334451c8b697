"""The environment decides how the program runs, and what is missing is said clearly."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from smartsolar import env

NAMES = [
    "SECRET_KEY",
    "DEBUG",
    "HTTPS",
    "ALLOWED_HOSTS",
    "PORT",
    "WEB_WORKERS",
    "WEB_THREADS",
    "LOG_LEVEL",
    "SMARTSOLAR_DATA_DIR",
    "DATABASE_URL",
    "BROKER_URL",
    "INFLUXDB_URL",
]


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start each test from nothing but a data directory and a key."""
    for name in NAMES:
        # Set first, so that whatever a test or a .env file leaves is undone afterwards.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("SMARTSOLAR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SECRET_KEY", "a key")


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_secret_key_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    if value is not None:
        monkeypatch.setenv("SECRET_KEY", value)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        env.load(dotenv=None)


def test_development_needs_no_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("DEBUG", "true")
    assert env.load(dotenv=None).secret_key


def test_nothing_set_means_sqlite_and_files_in_the_data_directory(tmp_path: Path) -> None:
    loaded = env.load(dotenv=None)
    assert loaded.data_dir == tmp_path / "data"
    assert loaded.data_dir.is_dir()
    assert loaded.database["ENGINE"] == "django.db.backends.sqlite3"
    assert loaded.database["NAME"] == str(tmp_path / "data" / "db.sqlite3")
    assert loaded.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert loaded.broker_url == "filesystem://"
    assert loaded.influxdb_url == ""
    assert loaded.port == 8000
    assert not loaded.debug


def test_a_database_url_names_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://solar:s%40fe@db.example:5433/fleet")
    database = env.load(dotenv=None).database
    assert database["ENGINE"] == "smartsolar.postgresql"
    assert (database["HOST"], database["PORT"]) == ("db.example", 5433)
    assert (database["USER"], database["PASSWORD"]) == ("solar", "s@fe")
    assert database["NAME"] == "fleet"
    assert database["CONN_MAX_AGE"] is None
    assert database["CONN_HEALTH_CHECKS"] is True


def test_a_sqlite_url_gets_the_same_options_as_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    database = env.load(dotenv=None).database
    assert database["NAME"] == f"{tmp_path}/other.sqlite3"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PORT=8100\nALLOWED_HOSTS=solar.example,www.solar.example\n")
    monkeypatch.setenv("PORT", "8200")
    loaded = env.load(dotenv=dotenv)
    assert loaded.port == 8200
    assert loaded.allowed_hosts == ["solar.example", "www.solar.example"]
