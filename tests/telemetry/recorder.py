"""A server for tests to speak to: it stands where an InfluxDB would."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any, dict[str, str]]


class Recorder:
    """A server that answers as it is told and remembers what it was asked.

    Several documents, as a list of them, answer in chunks: a line for each.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, list[str]], bytes, dict[str, str]]] = []
        self.answers: dict[tuple[str, str], Any] = {}
        self.default: Answer = (204, None, {})
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = (
                    self.command, parts.path, parse_qs(parts.query), body, dict(self.headers)
                )  # fmt: skip
                recorder.asked.append(request)
                status, content, headers = recorder.reply(*request)
                several = content if isinstance(content, list) else [content]
                data = b"\n".join(json.dumps(one).encode() for one in several if one is not None)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815  the names http.server calls

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reply(
        self, method: str, path: str, query: dict[str, list[str]], body: bytes,
        headers: dict[str, str],
    ) -> Answer:  # fmt: skip
        found = self.answers.get((method, path), self.default)
        return found() if callable(found) else found

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def sent(self, method: str, path: str) -> list[Any]:
        return [json.loads(body) for m, p, _q, body, _h in self.asked if (m, p) == (method, path)]
