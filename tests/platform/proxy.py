"""A link to a server that can be made to freeze: connections stay open, nothing passes any more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Link:
    """A port of its own, from which everything goes on to `target` until it freezes."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.flowing = threading.Event()
        self.flowing.set()
        self.ends: list[socket.socket] = [self.listener]
        self.start(self.accept)

    def start(self, what: object, *args: object) -> None:
        threading.Thread(target=what, args=args, daemon=True).start()  # type: ignore[arg-type]

    def accept(self) -> None:
        with suppress(OSError):  # the listener is closed in the end
            while True:
                near, _address = self.listener.accept()
                far = socket.create_connection(self.target)
                self.ends += [near, far]
                self.start(self.carry, near, far)
                self.start(self.carry, far, near)

    def carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # either end may go
            while data := source.recv(65_536):
                self.flowing.wait()
                sink.sendall(data)
            self.flowing.wait()
            sink.shutdown(socket.SHUT_WR)

    def freeze(self) -> None:
        self.flowing.clear()

    def thaw(self) -> None:
        self.flowing.set()

    def cut(self) -> None:
        """Drop every connection there is; new ones are made as before."""
        while len(self.ends) > 1:
            end = self.ends.pop()
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        self.thaw()
        self.cut()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextmanager
def link_to(host: str, port: int) -> Iterator[Link]:
    link = Link((host, port))
    try:
        yield link
    finally:
        link.close()
