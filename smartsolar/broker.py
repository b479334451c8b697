"""The broker of one machine without a server: messages are files.

kombu's own file transport writes a message in place, so a reader may take it half-written and end
the worker over it, and it lists the whole folder for each message. Here a message appears in the
queue complete, by a rename, and one listing serves until it is used up.
"""

import fcntl
import json
import logging
import os
import time
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """kombu's file channel, safe for several processes that send and receive at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: dict[str, deque[str]] = {}

    # The names of the arguments are those of the file channel; its own parent has others.
    def _put(  # type: ignore[override]
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        # Names sort by the time of sending, over restarts too.
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = os.path.join(self.processed_folder, name)
        try:
            with open(draft, "w") as file:
                json.dump(payload, file)
            os.rename(draft, os.path.join(self.data_folder_out, name))
        except OSError as error:
            raise ChannelError(f"The message could not be written: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for name in self._waiting(queue):
            taken = os.path.join(self.processed_folder, name)
            try:
                # Of several workers that saw the file, one succeeds.
                os.rename(os.path.join(self.data_folder_in, name), taken)
            except FileNotFoundError:
                continue
            try:
                with open(taken) as file:
                    payload: dict[str, Any] = json.load(file)
                return payload
            except ValueError:
                # A crash of the machine can leave a file empty.
                logger.error("dropped an unreadable message: %s", name)
            finally:
                os.remove(taken)
        raise Empty

    def _waiting(self, queue: str) -> Iterator[str]:
        listed = self._listed.setdefault(queue, deque())
        if not listed:
            names = os.listdir(self.data_folder_in)
            listed.extend(sorted(n for n in names if n.partition(".")[2] == f"{queue}.msg"))
        while listed:
            yield listed.popleft()

    def get_table(self, exchange: str) -> list[Any]:
        """Return the bindings of `exchange`, never while another process writes them."""
        with self._bindings(fcntl.LOCK_SH):
            return list(super().get_table(exchange))

    def _queue_bind(self, *args: Any) -> None:
        with self._bindings(fcntl.LOCK_EX):
            super()._queue_bind(*args)

    @contextmanager
    def _bindings(self, operation: int) -> Iterator[None]:
        with open(self.control_folder / ".lock", "a") as lock:
            fcntl.flock(lock, operation)
            yield


class Transport(filesystem.Transport):
    """kombu's file transport over the safe channel."""

    Channel = Channel
    # There is no host; kombu would warn that it assumes one.
    default_connection_params: dict[str, Any] = {}

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Wait half a second at most: between waits a worker notices that it is asked to end."""
        super().drain_events(connection, timeout=min(timeout or 0.5, 0.5))
