"""The gateway's driver against a real HTTP server, one that answers as it should and ones that
do not.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from apps.connectivity.sms import gateway
from apps.connectivity.sms.gateway import Gateway
from apps.connectivity.sms.providers import Message, MessageRefused, ProviderAway, Receipt

MESSAGE = Message("/0a1b2c3d4e5f6071/12345678901234567", "635100000000001", None, "WAKEUP", 3600)


class Server:
    """An HTTP server on the loopback interface; `answer` writes what it sends."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = plain(200, b'{"id": "gw-1"}')
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.requests.append((self.command, self.path, headers, body))
                outer.answer(self)

            do_POST = do_GET = handle_any  # noqa: N815  (the names http.server looks for)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1/messages"


def plain(status: int, body: bytes = b"", **headers: str) -> Callable[[Any], None]:
    """An answer of a status, a body and headers (underscores stand for hyphens)."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = Thread(target=server.http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_connections_of_others() -> Iterator[None]:
    gateway._pool.cache_clear()
    yield
    gateway._pool.cache_clear()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs in proportion to a test, for gateways that let us wait."""
    monkeypatch.setattr(gateway, "ANSWER", 0.4)
    monkeypatch.setattr(gateway, "READ", 0.6)


def send(server: Server) -> Receipt:
    return Gateway(url=server.url, token="secret-token", sender="SMARTSolar").send(MESSAGE)


# --- what it is sent -----------------------------------------------------------------------------


def test_a_message_is_posted_with_token_and_reference(server: Server) -> None:
    assert send(server) == Receipt("gw-1")
    ((method, path, headers, body),) = server.requests
    assert (method, path) == ("POST", "/v1/messages")
    assert headers["authorization"] == "Bearer secret-token"
    assert headers["idempotency-key"] == MESSAGE.reference
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "reference": MESSAGE.reference,
        "to": {"imsi": "635100000000001", "iccid": None},
        "from": "SMARTSolar",
        "text": "WAKEUP",
        "valid_seconds": 3600,
    }


def test_many_messages_share_a_connection(server: Server) -> None:
    for _turn in range(3):
        send(server)
    assert len(server.requests) == 3
    assert len(gateway._pool().pools) == 1


# --- taken ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"id": 77}, Receipt("77")),
        ({"id": "a\nb\x00c"}, Receipt("a b c")),
        ({"id": ["x"]}, Receipt()),
        ({"cost": "0.0312", "currency": "eur"}, Receipt("", Decimal("0.0312"), "EUR")),
        ({"cost": 0.05, "currency": "USD"}, Receipt("", Decimal("0.05"), "USD")),
        ({"cost": "0.05"}, Receipt()),
        ({"cost": "-1", "currency": "USD"}, Receipt()),
        ({"cost": "NaN", "currency": "USD"}, Receipt()),
        ({"cost": "free", "currency": "USD"}, Receipt()),
        ({"cost": True, "currency": "USD"}, Receipt()),
        ({"cost": 1e300, "currency": "USD"}, Receipt()),
        ([], Receipt()),
        (None, Receipt()),
    ],
)
def test_a_price_and_a_name_are_kept_where_they_are_some(
    server: Server, told: Any, expected: Receipt
) -> None:
    server.answer = plain(202, json.dumps(told).encode())
    assert send(server) == expected


@pytest.mark.parametrize("body", [b"", b"OK", b"{", b"\xff\xfe", b"[" * 5_000])
def test_a_message_is_taken_whatever_the_answer_looks_like(server: Server, body: bytes) -> None:
    server.answer = plain(200, body)
    assert send(server) == Receipt()


def test_a_gateway_that_has_the_message_already_took_it(server: Server) -> None:
    server.answer = plain(409, b"duplicate reference")
    assert send(server) == Receipt()


def test_an_answer_of_any_size_is_read_only_in_part(server: Server) -> None:
    written = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal written
        handler.send_response(200)
        handler.send_header("Content-Length", str(2**40))
        handler.end_headers()
        try:
            while True:
                written += handler.wfile.write(b" " * 65_536)
        except OSError:
            handler.close_connection = True

    server.answer = endless
    assert send(server) == Receipt()
    # What the sockets between hold is more than what is read.
    assert written < 64 * 2**20


@pytest.mark.usefixtures("impatient")
def test_an_answer_that_trickles_is_not_waited_for(server: Server) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _turn in range(100):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            handler.close_connection = True

    server.answer = trickle
    begin = time.monotonic()
    assert send(server) == Receipt()
    assert time.monotonic() - begin < 4


# --- not taken -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 402, 405, 410, 413, 415, 422])
def test_a_message_that_is_refused_is_refused_for_good(server: Server, status: int) -> None:
    server.answer = plain(status, b'{"error": "unknown SIM"}\n\x00')
    with pytest.raises(MessageRefused) as caught:
        send(server)
    assert str(caught.value) == f'HTTP {status}: {{"error": "unknown SIM"}}'


@pytest.mark.parametrize("status", [401, 403, 404, 408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(server: Server, status: int) -> None:
    server.answer = plain(status, b"busy")
    with pytest.raises(ProviderAway) as caught:
        send(server)
    assert (str(caught.value), caught.value.wait) == (f"HTTP {status}: busy", 0)


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("120", 120),
        ("86400", 600),
        ("-5", 0),
        ("soon", 0),
        ("Sun, 01 Mar 2026 12:00:00 GMT", 0),
    ],
)
def test_a_gateway_may_ask_to_be_left_alone(server: Server, told: str, wait: int) -> None:
    server.answer = plain(429, Retry_After=told)
    with pytest.raises(ProviderAway) as caught:
        send(server)
    assert caught.value.wait == wait


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: Server, status: int) -> None:
    server.answer = plain(status, Location=server.url.replace("messages", "elsewhere"))
    with pytest.raises(ProviderAway, match=f"HTTP {status}"):
        send(server)
    assert [path for _method, path, _headers, _body in server.requests] == ["/v1/messages"]


@pytest.mark.usefixtures("impatient")
def test_a_gateway_that_does_not_answer_is_away(server: Server) -> None:
    server.answer = lambda _handler: time.sleep(1)
    with pytest.raises(ProviderAway, match="ReadTimeoutError"):
        send(server)
    # Nothing is sent again on its own.
    assert len(server.requests) == 1


def test_a_gateway_that_hangs_up_is_away(server: Server) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    server.answer = hang_up
    with pytest.raises(ProviderAway):
        send(server)


def test_a_gateway_that_speaks_no_http_is_away(server: Server) -> None:
    def gibberish(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"220 smtp.example.com ESMTP\r\n\r\n")
        handler.close_connection = True

    server.answer = gibberish
    with pytest.raises(ProviderAway):
        send(server)


def test_a_gateway_that_is_not_there_is_away() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(ProviderAway):
        Gateway(url=f"http://127.0.0.1:{port}/", token="t", sender="s").send(MESSAGE)


@pytest.mark.usefixtures("impatient")
def test_no_reason_tells_the_token(server: Server) -> None:
    for answer in (plain(500, b"busy"), lambda _handler: time.sleep(1)):
        server.answer = answer
        with pytest.raises(ProviderAway) as caught:
            send(server)
        assert "secret-token" not in str(caught.value)
