"""Everything the program reads from its environment, in one place.

A `.env` file beside manage.py is read if it is there; real environment variables win over it.
`.env.example` lists the same variables for operators and a test keeps the two lists equal.
"""

import base64
import binascii
import ipaddress
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
class Sms:
    """The gateway that text messages to units go through; no `url`: they are only logged.

    `secret` signs its delivery reports; `cost` is what one message costs, in `currency` (ISO 4217).
    """

    url: str
    token: str
    secret: bytes
    sender: str
    cost: Decimal
    currency: str


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
    influxdb_token: str
    influxdb_org: str
    telemetry_retention_days: int
    analysis_retention_days: int
    telemetry_spool_mb: int
    sms: Sms
    fleet_per_minute: int
    credit_sms_after_hours: int
    credit_drift_tolerance_minutes: int


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
        influxdb_token=env.str("INFLUXDB_TOKEN", ""),
        influxdb_org=env.str("INFLUXDB_ORG", ""),
        telemetry_retention_days=env.int("TELEMETRY_RETENTION_DAYS", 0),
        analysis_retention_days=env.int("ANALYSIS_RETENTION_DAYS", 0),
        telemetry_spool_mb=max(0, env.int("TELEMETRY_SPOOL_MB", 2_000)),
        sms=_sms(env, debug=debug),
        fleet_per_minute=env.int("FLEET_PER_MINUTE", 30_000),
        credit_sms_after_hours=max(1, env.int("CREDIT_SMS_AFTER_HOURS", 12)),
        credit_drift_tolerance_minutes=max(0, env.int("CREDIT_DRIFT_TOLERANCE_MINUTES", 60)),
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


def _sms(env: Env, *, debug: bool) -> Sms:
    sms = Sms(
        url=env.str("SMS_GATEWAY_URL", ""),
        token=env.str("SMS_GATEWAY_TOKEN", ""),
        secret=_webhook_secret(env.str("SMS_GATEWAY_SECRET", "")),
        sender=env.str("SMS_SENDER", "SMARTSolar"),
        cost=env.decimal("SMS_COST", Decimal("0.05")),
        currency=env.str("SMS_CURRENCY", "USD").upper(),
    )
    if not 0 <= sms.cost < 1000:
        raise ImproperlyConfigured("SMS_COST is the price of one message, such as 0.05.")
    if len(sms.currency) != 3:
        raise ImproperlyConfigured("SMS_CURRENCY is a code of three letters, such as USD.")
    if sms.url:
        parts = urlsplit(sms.url)
        plain = parts.scheme == "http" and (debug or _is_loopback(parts.hostname or ""))
        if not (parts.hostname and (parts.scheme == "https" or plain)):
            raise ImproperlyConfigured("SMS_GATEWAY_URL must begin with https://.")
        if not (sms.token.isascii() and sms.token.isprintable() and sms.token.strip()):
            raise ImproperlyConfigured("SMS_GATEWAY_TOKEN is the token that the gateway gave you.")
    return sms


def _webhook_secret(text: str) -> bytes:
    """A secret as text, or in base64 after `whsec_`, as the Standard Webhooks write it."""
    if not text.startswith("whsec_"):
        return text.encode()
    try:
        return base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured("SMS_GATEWAY_SECRET is not base64 after whsec_.") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
