"""The driver of an SMS gateway that is spoken to over HTTPS; docs/sms.md describes the requests."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from functools import cache
from http import HTTPStatus
from typing import Any

import orjson
import urllib3
from urllib3.exceptions import HTTPError

from apps.connectivity.sms.providers import Message, MessageRefused, ProviderAway, Receipt

# Seconds to reach the gateway, for it to answer, and to read what it answered.
CONNECT, ANSWER, READ = 3.0, 10.0, 5.0
_LARGEST_ANSWER = 64 * 1024
_CHUNK = 8 * 1024
_LONGEST_WAIT = 600
_TEXT_KEPT = 300

# The gateway has a message of this reference: an earlier answer was lost.
_HAS_IT = HTTPStatus.CONFLICT
# Not the message is at fault but the moment, the token or the address; operators can mend these
# before the message is of no more use.
_PASSING = {401, 403, 404, 407, 408, 425, 429}


class Gateway:
    """One gateway, by its URL, with the token that it gave us."""

    name = "gateway"

    def __init__(self, *, url: str, token: str, sender: str) -> None:
        self.url = url
        self.token = token
        self.sender = sender

    def send(self, message: Message) -> Receipt:
        try:
            answer = self._post(message)
        except HTTPError as error:
            raise ProviderAway(f"{type(error).__name__}: {error}"[:_TEXT_KEPT]) from error
        try:
            return _judge(answer)
        finally:
            # What was not read of an answer must not be taken for the next one's.
            answer.close()

    def _post(self, message: Message) -> urllib3.BaseHTTPResponse:
        body = {
            "reference": message.reference,
            "to": {"imsi": message.imsi, "iccid": message.iccid},
            "from": self.sender,
            "text": message.text,
            "valid_seconds": message.valid_seconds,
        }
        return _pool().request(
            "POST",
            self.url,
            body=orjson.dumps(body),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                # Where an answer was lost, the gateway knows the message by this.
                "Idempotency-Key": message.reference,
            },
            # A redirect would carry the token to wherever it points.
            redirect=False,
            preload_content=False,
        )


@cache
def _pool() -> urllib3.PoolManager:
    """Connections of this process, kept from one message to the next."""
    return urllib3.PoolManager(
        retries=False, timeout=urllib3.Timeout(connect=CONNECT, read=ANSWER), maxsize=8
    )


def _judge(answer: urllib3.BaseHTTPResponse) -> Receipt:
    status = answer.status
    if 200 <= status < 300:
        return _receipt(_read(answer))
    if status == _HAS_IT:
        return Receipt()
    reason = f"HTTP {status}: {_plain(_read(answer).decode('utf-8', 'replace'))}"
    if 400 <= status < 500 and status not in _PASSING:
        raise MessageRefused(reason)
    raise ProviderAway(reason, wait=_wait(answer.headers.get("Retry-After", "")))


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The beginning of an answer: as much of it as came in time and as anybody needs."""
    found = bytearray()
    until = time.monotonic() + READ
    # The status has been said: it decides what becomes of the message, whatever comes after it.
    with suppress(HTTPError):
        while len(found) < _LARGEST_ANSWER and time.monotonic() < until:
            chunk = answer.read1(_CHUNK)
            if not chunk:
                break
            found += chunk
    return bytes(found)


def _receipt(body: bytes) -> Receipt:
    """What the gateway told of a message it took; it is taken, whatever the text looks like."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Receipt()
    if not isinstance(told, dict):
        return Receipt()
    cost = _money(told.get("cost"))
    currency = told.get("currency")
    # A price without its currency says nothing.
    priced = cost is not None and isinstance(currency, str) and len(currency) == 3
    name = told.get("id")
    return Receipt(
        _plain(str(name))[:255] if isinstance(name, str | int) else "",
        cost if priced else None,
        str(currency).upper() if priced else "",
    )


def _money(value: Any) -> Decimal | None:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 1_000 else None


def _wait(text: str) -> int:
    return min(int(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else 0


def _plain(text: str) -> str:
    """Text from outside, on one line and fit to be stored."""
    return "".join(c if c.isprintable() else " " for c in text)[:_TEXT_KEPT].strip()
