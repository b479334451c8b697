"""What InfluxDB says it dropped of a request, and what is left to send."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.telemetry.store.admission import Refusal
from apps.telemetry.store.influx.transport import Rejected
from apps.telemetry.store.series import Batch

_DROPPED = re.compile(r"dropped=(\d+)")
_CONFLICT = re.compile(r'field type conflict: input field "([^"]+)" on measurement "([^"]+)"')


class Conflict(NamedTuple):
    """A field whose values somebody else has given another kind."""

    field: str
    measurement: str


def conflict_of(error: Rejected) -> Conflict | None:
    """The conflict for which rows were dropped whole; None if it was something else."""
    found = _CONFLICT.search(error.message)
    return Conflict(found[1], found[2]) if found else None


def without(batches: list[Batch], conflicts: set[Conflict]) -> list[Batch]:
    """What is left of the batches that have any of these fields, without them."""
    left = []
    for batch in batches:
        names = {one.field for one in conflicts if one.measurement == batch.series.measurement}
        kept = {name: column for name, column in batch.columns.items() if name not in names}
        if kept and len(kept) < len(batch.columns):
            left.append(Batch(batch.series, batch.times, kept))
    return left


def refusal_of(error: Rejected, body: bytes, values: int, conflict: Conflict | None) -> Refusal:
    """What a request with so many values lost.

    InfluxDB counts rows and does not say which: values are reckoned. Of rows with a conflict one
    value each is lost, if the others are sent again.
    """
    found = _DROPPED.search(error.message)
    if found is None:
        return Refusal(error.message, values)
    reason = _("The store dropped points: %(why)s") % {"why": error.message}
    rows = int(found[1])
    lost = rows if conflict else -(-rows * values // (body.count(b"\n") + 1))
    return Refusal(reason, min(values, lost))
