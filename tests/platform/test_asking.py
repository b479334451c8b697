"""Asking for a task takes no longer than a person waits, whatever the broker does."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

from apps.connectivity.sms import turns
from apps.dcm.tasks import start_credit_import
from apps.fleet.tasks import start
from smartsolar import celery as asking
from smartsolar import celery_app
from tests.platform.proxy import Link, link_to

SOON = 1.0  # seconds; instead of those that a person waits
# Retries pause for a moment each, and a busy machine is slow.
ALLOWED = SOON + 3.0
ANY_TASK = "tests.leave_trace"
QUEUE = f"tests-{uuid.uuid4().hex}"

on_rabbitmq = [
    pytest.mark.broker,
    pytest.mark.skipif(
        not settings.CELERY_BROKER_URL.startswith("amqp"),
        reason="only a broker with a server can freeze (set BROKER_URL to RabbitMQ)",
    ),
]


@contextmanager
def broker_at(url: str) -> Iterator[None]:
    """The program's Celery with its broker there, and no connection to it yet."""
    before = celery_app.conf.broker_url
    forget_connections(url)
    try:
        yield
    finally:
        forget_connections(before)


def forget_connections(url: str) -> None:
    celery_app.conf.broker_url = url
    celery_app._pool = None
    celery_app.amqp._producer_pool = None


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "CONFIRMED_WITHIN", SOON)


@pytest.fixture
def link() -> Iterator[Link]:
    """A link to the RabbitMQ of this lane, by which the program asks for tasks."""
    broker = Connection(settings.CELERY_BROKER_URL)
    with link_to(broker.hostname or "127.0.0.1", broker.port or 5672) as link:
        login = f"{broker.userid}:{broker.password}"
        with broker_at(f"amqp://{login}@127.0.0.1:{link.port}/{broker.virtual_host}"):
            yield link
            link.thaw()
            with celery_app.connection_for_write() as connection:
                connection.default_channel.queue_delete(QUEUE)
                connection.default_channel.exchange_delete(QUEUE)


def ask(**options: Any) -> None:
    celery_app.send_task(ANY_TASK, ["nowhere"], queue=QUEUE, ignore_result=True, **options)


def seconds_until_refused(**options: Any) -> float:
    began = time.monotonic()
    with pytest.raises(OperationalError):
        ask(**options)
    return time.monotonic() - began


@pytest.mark.parametrize("retry", [False, True])
def test_a_broker_that_accepts_and_says_nothing_is_given_up(*, retry: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with broker_at(f"amqp://guest:guest@127.0.0.1:{port}//"):
            assert seconds_until_refused(retry=retry) < ALLOWED


class TestFrozen:
    pytestmark = on_rabbitmq

    @pytest.mark.parametrize("retry", [False, True])
    @pytest.mark.parametrize("countdown", [None, 30])
    def test_a_connection_that_froze_is_given_up(
        self, link: Link, *, retry: bool, countdown: float | None
    ) -> None:
        ask()
        link.freeze()
        assert seconds_until_refused(retry=retry, countdown=countdown) < ALLOWED
        # The pool holds no connection that would have to be waited for again.
        assert seconds_until_refused(retry=retry) < ALLOWED

    def test_the_next_request_after_the_thaw_is_served(self, link: Link) -> None:
        ask()
        link.freeze()
        seconds_until_refused(retry=False)
        link.thaw()
        ask(retry=False)

    def test_a_connection_that_was_cut_is_made_anew(self, link: Link) -> None:
        ask()
        link.cut()
        ask()

    @pytest.mark.parametrize(
        "service",
        [lambda: start(1), lambda: start_credit_import(1), turns.ask_for_turn],
        ids=["fleet command", "credit import", "text message"],
    )
    def test_whoever_asks_is_let_go_and_told_of_no_error(
        self, link: Link, monkeypatch: pytest.MonkeyPatch, service: Callable[[], None]
    ) -> None:
        """What they confirmed is a row by then, which the sweep finds."""
        monkeypatch.setattr(turns, "_quiet_until", 0.0)
        link.freeze()
        began = time.monotonic()
        service()
        assert time.monotonic() - began < ALLOWED
