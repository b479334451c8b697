"""RabbitMQ, asked for an answer only so long.

A broker that froze, or sits behind a link that does, keeps its connections open and says nothing.
kombu bounds the wait for a message's confirmation, and nothing else: not the opening of a channel,
not the tries that follow, and not the goodbye to the very connection that has just been given up.
Here everything that is waited for while a task is asked for shares one deadline.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from kombu.exceptions import OperationalError
from kombu.transport import pyamqp

_deadline: ContextVar[float | None] = ContextVar("broker_deadline", default=None)


@contextmanager
def answering_within(seconds: float) -> Iterator[None]:
    """Have what is waited for in here take no longer, all in all; OperationalError is then raised.

    A deadline that is nearer already stands.
    """
    until = time.monotonic() + seconds
    before = _deadline.get()
    token = _deadline.set(until if before is None else min(before, until))
    try:
        yield
    finally:
        _deadline.reset(token)


def _left() -> float | None:
    """The seconds until the deadline, zero from then on; None where there is none."""
    deadline = _deadline.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())


class Connection(pyamqp.Connection):
    """kombu's connection, which keeps to the deadline."""

    connect_timeout: float | None

    def connect(self, callback: Callable[[], Any] | None = None) -> Any:
        with self._kept_to(self.connect_timeout) as timeout:
            self.connect_timeout = timeout
            return super().connect(callback)

    def blocking_read(self, timeout: float | None = None) -> Any:
        with self._kept_to(timeout) as nearer:
            return super().blocking_read(nearer)

    @contextmanager
    def _kept_to(self, timeout: float | None) -> Iterator[float | None]:
        """The nearer of `timeout` and the deadline, which ends the connection."""
        left = _left()
        try:
            if left == 0:
                raise TimeoutError
            yield timeout if left is None else min(left, left if timeout is None else timeout)
        except TimeoutError as error:
            if _left() != 0:
                raise
            # Nobody need take leave of it, nor try once more, as kombu would for a TimeoutError.
            self.collect()
            raise OperationalError("the broker does not answer") from error


class Transport(pyamqp.Transport):
    """kombu's transport over such connections."""

    Connection = Connection
    connection_errors = (*pyamqp.Transport.connection_errors, OperationalError)


class SecureTransport(pyamqp.SSLTransport):
    """The same over TLS."""

    Connection = Connection
    connection_errors = Transport.connection_errors
