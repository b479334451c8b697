"""How a unit shows that a request is its own.

    Authorization: Device imei=<imei>, ts=<unix seconds>, nonce=<8-32 hex>, sig=<hex HMAC-SHA256>

The signature is over METHOD, path, ts, nonce and the SHA-256 of the body, one to a line, with the
unit's device key (its 24 characters as text) as the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from apps.connectivity.errors import SignatureRefused

# How far the clock of a unit may be from ours, in seconds.
TIME_WINDOW = 300

_HEADER = re.compile(
    r"Device\s+imei=([0-9]{15})\s*,\s*ts=([0-9]{1,12})\s*,"
    r"\s*nonce=([0-9a-fA-F]{8,32})\s*,\s*sig=([0-9a-fA-F]{64})\s*"
)
# Stands in where a unit is unknown, so that its absence takes as long as a wrong signature.
_NO_KEY = "0" * 24


@dataclass(frozen=True, slots=True)
class Signature:
    """The parts of a Device header, well formed but not yet verified."""

    imei: str
    ts: int
    nonce: str
    sig: str


def read_signature(header: str, now: float) -> Signature:
    """The signature a header carries, made at a time near `now` (Unix seconds).

    Raises SignatureRefused for a header of another form and for one that is too old or from the
    future.
    """
    match = _HEADER.fullmatch(header)
    if match is None:
        raise SignatureRefused("the Device header is missing or malformed")
    signature = Signature(match[1], int(match[2]), match[3], match[4])
    if abs(now - signature.ts) > TIME_WINDOW:
        raise SignatureRefused(f"unit {signature.imei} signed at {signature.ts}, out of the window")
    return signature


def verify(signature: Signature, *, key: str | None, method: str, path: str, body: bytes) -> None:
    """Raise SignatureRefused unless the holder of `key` signed just this request."""
    expected = sign(
        key=key or _NO_KEY,
        method=method,
        path=path,
        ts=signature.ts,
        nonce=signature.nonce,
        body=body,
    )
    if not hmac.compare_digest(expected, signature.sig.lower()) or not key:
        raise SignatureRefused(f"unit {signature.imei} is unknown or its signature is wrong")


def sign(*, key: str, method: str, path: str, ts: int, nonce: str, body: bytes) -> str:
    """The signature of a request, in lower-case hexadecimal."""
    lines = f"{method}\n{path}\n{ts}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.digest(key.encode(), lines.encode(), "sha256").hex()
