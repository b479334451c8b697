"""Simulated units in the process of the test: they sign and speak as over HTTP."""

from __future__ import annotations

import json
import time

from django.test import Client

from apps.connectivity.simulator.link import Reply, device_header
from tests.connectivity.units import RC_DATA, next_nonce


class DirectLink:
    """The link of a simulated unit, straight into the program."""

    def __init__(self) -> None:
        self.client = Client()

    def post(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        return self._send("POST", imei, key, body, content_type)

    def upload(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        """What it measured is of no interest here."""
        return Reply(200, None)

    def get(self, imei: str, key: str) -> Reply:
        return self._send("GET", imei, key, b"", "application/json")

    def _send(self, method: str, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        header = device_header(
            imei=imei,
            key=key,
            method=method,
            path=RC_DATA,
            body=body,
            at=time.time(),
            nonce=next_nonce(),
        )
        answer = self.client.generic(
            method, RC_DATA, body, content_type, headers={"Authorization": header}
        )
        return Reply(answer.status_code, json.loads(answer.content))
