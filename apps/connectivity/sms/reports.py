"""How the gateway shows that a delivery report is its own.

    webhook-id: <any>
    webhook-timestamp: <unix seconds>
    webhook-signature: v1,<base64 HMAC-SHA256> [v1,<another, while the secret is being changed>]

The signature is over id, timestamp and body, joined by dots: the form of the Standard Webhooks
specification.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping

from apps.connectivity.errors import ReportRefused

# How far the clock of the gateway may be from ours, in seconds. A report sent again within it is
# taken again, and changes nothing.
TIME_WINDOW = 300

_ID = re.compile(r"[!-~]{1,255}")
_TIME = re.compile(r"[0-9]{1,12}")
# Each costs a comparison.
_MOST_SIGNATURES = 8


def verify_report(headers: Mapping[str, str], body: bytes, *, secret: bytes, now: float) -> None:
    """Raise ReportRefused unless the holder of `secret` signed this body near `now` (Unix time)."""
    name = headers.get("webhook-id", "")
    moment = headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "").split()
    if not (secret and _ID.fullmatch(name) and _TIME.fullmatch(moment) and signatures):
        raise ReportRefused("it is not signed, or no secret is set")
    if abs(now - int(moment)) > TIME_WINDOW:
        raise ReportRefused(f"it was signed at {moment}, out of the window")
    expected = sign_report(secret=secret, name=name, moment=int(moment), body=body).encode()
    if not any(
        hmac.compare_digest(expected, signature.encode())
        for signature in signatures[:_MOST_SIGNATURES]
    ):
        raise ReportRefused("its signature is wrong")


def sign_report(*, secret: bytes, name: str, moment: int, body: bytes) -> str:
    """The signature of a report as it stands in `webhook-signature`."""
    content = f"{name}.{moment}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(secret, content, 'sha256')).decode()}"
