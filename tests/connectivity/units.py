"""A unit as tests see it: it signs like a real one, over Django's test client."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import time
from typing import Any

from django.test import Client

from apps.connectivity.signatures import sign
from apps.products.models import Product

RC_DATA = "/v1/rc_data"
CELL = {"mcc": 635, "mnc": 10, "lac": 4021, "cid": 27113, "signal": -71}
_counter = itertools.count(1)


def next_nonce() -> str:
    """A nonce nobody used before, without chance."""
    return f"{next(_counter):016x}"


def body(**changes: Any) -> dict[str, Any]:
    """A plain report made now: everything off, one cell, no position."""
    report = {
        "time": dt.datetime.now(dt.UTC).isoformat(),
        "enabled": False,
        "tamper_enabled": False,
        "software": "3.6a",
        "cells": [CELL],
    }
    return {name: value for name, value in (report | changes).items() if value is not ...}


class UnitSession:
    """One unit that speaks rc_data; `key`, `ts` and `nonce` may be forged for each request."""

    def __init__(self, product: Product | None = None, *, imei: str = "", key: str = "") -> None:
        self.imei = product.pk if product else imei
        self.key = (product.device_key if product else key) or ""
        self.client = Client()

    def header(
        self,
        method: str,
        path: str,
        content: bytes,
        *,
        ts: int | None = None,
        nonce: str | None = None,
        key: str | None = None,
    ) -> str:
        ts = int(time.time()) if ts is None else ts
        nonce = next_nonce() if nonce is None else nonce
        sig = sign(
            key=self.key if key is None else key,
            method=method,
            path=path,
            ts=ts,
            nonce=nonce,
            body=content,
        )
        return f"Device imei={self.imei}, ts={ts}, nonce={nonce}, sig={sig}"

    def send(
        self,
        method: str,
        content: bytes = b"",
        *,
        path: str = RC_DATA,
        content_type: str = "application/json",
        header: str | None = None,
        headers: dict[str, str] | None = None,
        **forged: Any,
    ) -> Any:
        """Send exactly this; `header` replaces the whole Authorization header."""
        authorization = self.header(method, path, content, **forged) if header is None else header
        return self.client.generic(
            method,
            path,
            content,
            content_type,
            headers={"Authorization": authorization, **(headers or {})},
        )

    def post(self, report: Any = None, **more: Any) -> Any:
        """POST rc_data with this report, or a plain one."""
        content = json.dumps(body() if report is None else report).encode()
        return self.send("POST", content, **more)

    def get(self, **more: Any) -> Any:
        """GET rc_data."""
        return self.send("GET", **more)

    def wishes(self) -> dict[str, Any]:
        """What the unit is told to do."""
        answer = self.get()
        assert answer.status_code == 200, answer.content
        return answer.json()["data"]

    def report(self, **changes: Any) -> None:
        """Report, and be heard."""
        answer = self.post(body(**changes))
        assert answer.status_code == 200, answer.content
