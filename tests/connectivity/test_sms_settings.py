"""The environment names the SMS gateway; what cannot work is said when the program starts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import EnvError

from smartsolar import env

NAMES = ("URL", "TOKEN", "SECRET")


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    monkeypatch.setenv("SMARTSOLAR_DATA_DIR", str(tmp_path))
    for name in (*(f"SMS_GATEWAY_{name}" for name in NAMES), "SMS_SENDER", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("SMS_COST", "SMS_CURRENCY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch):
    def read(**variables: str) -> env.Sms:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return env.load(dotenv=None).sms

    return read


def test_nothing_need_be_set(read):
    assert read() == env.Sms("", "", b"", "SMARTSolar", Decimal("0.05"), "USD")


def test_a_gateway_is_named_with_its_token(read):
    found = read(
        SMS_GATEWAY_URL="https://sms.example.com/v1/messages",
        SMS_GATEWAY_TOKEN="token",
        SMS_GATEWAY_SECRET="secret",
        SMS_SENDER="+250788000000",
        SMS_COST="0.042",
        SMS_CURRENCY="rwf",
    )
    assert found == env.Sms(
        "https://sms.example.com/v1/messages",
        "token",
        b"secret",
        "+250788000000",
        Decimal("0.042"),
        "RWF",
    )


def test_a_secret_may_be_written_as_webhooks_write_it(read):
    assert read(SMS_GATEWAY_SECRET="whsec_c2VjcmV0").secret == b"secret"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/", "http://[::1]/sms", "http://localhost/sms"]
)
def test_on_this_machine_a_gateway_needs_no_encryption(read, url: str):
    assert read(SMS_GATEWAY_URL=url, SMS_GATEWAY_TOKEN="token").url == url


def test_a_developer_may_use_a_plain_gateway(read):
    url = "http://gateway:9000/"
    assert read(SMS_GATEWAY_URL=url, SMS_GATEWAY_TOKEN="token", DEBUG="1").url == url


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"SMS_GATEWAY_URL": "http://sms.example.com/"}, "SMS_GATEWAY_URL"),
        ({"SMS_GATEWAY_URL": "ftp://127.0.0.1/"}, "SMS_GATEWAY_URL"),
        ({"SMS_GATEWAY_URL": "https://"}, "SMS_GATEWAY_URL"),
        ({"SMS_GATEWAY_URL": "sms.example.com"}, "SMS_GATEWAY_URL"),
        ({"SMS_GATEWAY_URL": "https://a.example/", "SMS_GATEWAY_TOKEN": ""}, "SMS_GATEWAY_TOKEN"),
        (
            {"SMS_GATEWAY_URL": "https://a.example/", "SMS_GATEWAY_TOKEN": "a\nb"},
            "SMS_GATEWAY_TOKEN",
        ),
        ({"SMS_GATEWAY_SECRET": "whsec_?"}, "SMS_GATEWAY_SECRET"),
        ({"SMS_COST": "-0.01"}, "SMS_COST"),
        ({"SMS_COST": "NaN"}, "SMS_COST"),
        ({"SMS_COST": "1000"}, "SMS_COST"),
        ({"SMS_CURRENCY": "dollars"}, "SMS_CURRENCY"),
    ],
)
def test_what_cannot_work_is_named(read, variables: dict[str, str], named: str):
    with pytest.raises((ImproperlyConfigured, EnvError), match=named):
        read(**{"SMS_GATEWAY_TOKEN": "token"} | variables)
