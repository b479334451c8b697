"""Everything the program reads from its environment, in one place.

A `.env` file beside manage.py is read if it is there; real environment variables win over it.
`.env.example` lists the same variables for operators and a test keeps the two lists equal.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

# WAL lets readers work beside the one writer, and IMMEDIATE takes the write lock when a transaction
# begins: a transaction that starts by reading cannot be refused the upgrade to writing halfway.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
}


@dataclass(frozen=True)
class Environment:
    """One reading of the environment, checked and typed."""

    secret_key: str
    debug: bool
    https: bool
    allowed_hosts: list[str]
    port: int
    web_workers: int
    web_threads: int
    log_level: str
    data_dir: Path
    database: dict[str, Any]
    broker_url: str
    influxdb_url: str


def load(*, dotenv: Path | None = BASE_DIR / ".env") -> Environment:
    """Read the environment (and `dotenv`, if the file exists).

    Raises ImproperlyConfigured when SECRET_KEY is missing although DEBUG is off, and environs'
    EnvError when a variable cannot be understood.
    """
    env = Env()
    if dotenv is not None and dotenv.is_file():
        env.read_env(str(dotenv), recurse=False)
    debug = env.bool("DEBUG", False)
    data_dir = (BASE_DIR / env.str("SMARTSOLAR_DATA_DIR", "data")).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    return Environment(
        secret_key=_secret_key(env.str("SECRET_KEY", ""), debug=debug),
        debug=debug,
        https=env.bool("HTTPS", False),
        allowed_hosts=env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"]),
        port=env.int("PORT", 8000),
        web_workers=env.int("WEB_WORKERS", 1),
        web_threads=env.int("WEB_THREADS", 8),
        log_level=env.str("LOG_LEVEL", "INFO").upper(),
        data_dir=data_dir,
        database=_database(env.str("DATABASE_URL", ""), data_dir),
        broker_url=env.str("BROKER_URL", "") or "filesystem://",
        influxdb_url=env.str("INFLUXDB_URL", ""),
    )


def _secret_key(value: str, *, debug: bool) -> str:
    if value:
        return value
    if debug:
        # Signed values need only survive this one process while somebody develops.
        return f"insecure-development-key-{os.getpid()}"
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it in the environment or in .env "
        "(`make run` writes one there), or set DEBUG=true for development."
    )


def _database(url: str, data_dir: Path) -> dict[str, Any]:
    config: dict[str, Any] = dict(dj_database_url.parse(url or f"sqlite:///{data_dir}/db.sqlite3"))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        # A file, as in production: an in-memory database has other locking rules.
        config["TEST"] = {"NAME": str(data_dir / "test.sqlite3")}
    elif config["ENGINE"] == "django.db.backends.postgresql":
        config["ENGINE"] = "smartsolar.postgresql"
    # Connections are kept for as long as they answer; one that does not is replaced.
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = True
    return config
