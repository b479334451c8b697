"""Ports for the servers that a campaign starts."""

from __future__ import annotations

import socket
from contextlib import closing


def free_port() -> int:
    """A port on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])
