"""The id of the request under way, for log lines and for the answer a person quotes to support."""

from __future__ import annotations

from contextvars import ContextVar

current_request_id: ContextVar[str] = ContextVar("request_id", default="-")
