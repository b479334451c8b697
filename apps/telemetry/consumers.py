"""What other apps' events leave in the time series."""

from __future__ import annotations

import json
import zlib
from datetime import datetime

from apps.core.events import Event, consumer
from apps.telemetry.services.points import keep_later
from apps.telemetry.store.admission import LONGEST_TEXT
from apps.telemetry.store.series import MICROSECOND, Batch, Series, Value

# What a unit had left, in seconds, each time it said so (reference: "DCM", Balance).
BALANCE = "balance"
# Logs of tools (reference: "/upload_tool_log" and "Product Data", Measurements).
LOGGING = "logging"


@consumer("balance_reported")
def balance_was_reported(event: Event) -> None:
    """Keep the history of a unit's balance; `balance` itself is only the newest."""
    at = nanoseconds(datetime.fromisoformat(event.data["at"]))
    series = Series(BALANCE, event.subject)
    keep_later(batch=Batch.of(series, {"balance": [(at, event.data["balance"])]}))


@consumer("tool_log_uploaded")
def tool_log_was_uploaded(event: Event) -> None:
    """Keep a tool's log entry where the unit's other series are; `factory_log` has all of it."""
    told = {name: _value(value) for name, value in event.data["fields"].items()}
    # Two machines may log at the same microsecond: below it the entry itself decides.
    digest = zlib.crc32(json.dumps(told, sort_keys=True).encode()) % MICROSECOND
    at = nanoseconds(datetime.fromisoformat(event.data["time"])) + digest
    series = Series.of(LOGGING, event.subject, {"toolname": event.data["toolname"]})
    keep_later(batch=Batch.of(series, {n: [(at, v)] for n, v in told.items() if v is not None}))


def nanoseconds(moment: datetime) -> int:
    """An aware moment as the store counts."""
    return round(moment.timestamp() * 1_000_000) * MICROSECOND


def _value(value: object) -> Value | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:LONGEST_TEXT]
