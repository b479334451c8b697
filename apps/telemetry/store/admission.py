"""What is checked before a value is written, whatever the store: kinds, ages, bounds.

The catalogue of fields and series lies in the program's own database. It makes both stores refuse
the same values: InfluxDB alone would take the first value of a shard for the kind of a field, and
then drop whole points of every other unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from operator import lt
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.telemetry.models import TelemetrySeries
from apps.telemetry.store import catalogue
from apps.telemetry.store.series import (
    DAY,
    LAST_TIME,
    Batch,
    Column,
    Kind,
    Retention,
    Series,
    check_name,
    kind_of,
)

LONGEST_TEXT = 16_384
LARGEST_WHOLE = 2**53


class Refusal(NamedTuple):
    """Why values were dropped, and how many."""

    reason: str
    dropped: int


@dataclass(slots=True)
class Admitted:
    """A batch that may be written, and the row of its series in the catalogue."""

    batch: Batch
    row: TelemetrySeries


def kept_for(retention: Retention) -> int | None:
    """How long points are kept, in nanoseconds; None for ever."""
    return settings.TELEMETRY_RETENTION_DAYS[retention] * DAY or None


def expired_before(retention: Retention) -> int:
    """The time before which points are too old to be kept; 0 if they are kept for ever."""
    kept = kept_for(retention)
    return 0 if kept is None else max(0, now() - kept)


def now() -> int:
    return int(timezone.now().timestamp() * 1_000_000) * 1_000


def admit(
    batches: Iterable[Batch], known: catalogue.Rows | None = None
) -> tuple[list[Admitted], list[Refusal]]:
    """Sort values into those that may be written and those that never can be.

    New fields and series are entered into the catalogue. Raises Invalid for a name outside the
    allow-list, which is a mistake of the whole request.
    """
    refused: list[Refusal] = []
    checked = [batch for given in batches if (batch := _checked(given, refused)).columns]
    wanted: dict[Series, dict[str, Kind]] = {}
    for batch in checked:
        kinds = wanted.setdefault(batch.series, {})
        for name, column in batch.columns.items():
            kinds.setdefault(name, _kind(column))
    rows, reasons = catalogue.enter(wanted, known)
    admitted = []
    for batch in checked:
        taken = {}
        row = rows.get(batch.series)
        for name, column in batch.columns.items():
            if row is not None and row.fields.get(name) == _kind(column):
                taken[name] = column
            else:
                reason = reasons.get((batch.series, name)) or _other_kind(name)
                refused.append(Refusal(reason, len(column) - column.count(None)))
        if row is not None and taken:
            admitted.append(Admitted(Batch(batch.series, batch.times, taken), row))
    return admitted, refused


def _kind(column: Column) -> Kind:
    return kind_of(next(value for value in column if value is not None))


def _checked(batch: Batch, refused: list[Refusal]) -> Batch:
    """The batch in order, without what is out of the bounds of time or value."""
    if not all(map(lt, batch.times, batch.times[1:])):
        pairs = {n: zip(batch.times, c, strict=True) for n, c in batch.columns.items()}
        batch = Batch.of(batch.series, pairs)
    batch = _in_time(batch, refused)
    columns = {}
    for name, column in batch.columns.items():
        check_name(name)
        taken = _values(name, column, refused)
        if any(value is not None for value in taken):
            columns[name] = taken
    return Batch(batch.series, batch.times, columns)


def _in_time(batch: Batch, refused: list[Refusal]) -> Batch:
    times = batch.times
    oldest = expired_before(batch.series.retention)
    if not times or (times[0] >= oldest and times[-1] < LAST_TIME):
        return batch
    inside = [place for place, at in enumerate(times) if oldest <= at < LAST_TIME]
    columns = {n: [column[place] for place in inside] for n, column in batch.columns.items()}
    kept = Batch(batch.series, [times[place] for place in inside], columns)
    reason = (
        _("Values older than they are kept are not taken.")
        if times[0] < oldest
        else _("Times lie between 1970 and 2261.")
    )
    refused.append(Refusal(reason, batch.values - kept.values))
    return kept


def _values(name: str, column: Column, refused: list[Refusal]) -> Column:
    """A column with one kind of values: that of its first; numbers as floats."""
    types = set(map(type, column))
    types.discard(type(None))
    # A sum is finite only if each of its numbers is.
    if types <= {float} and isfinite(sum(filter(None, column))):  # type: ignore[arg-type]
        return column
    kind = _kind(column) if types else None
    taken: Column = []
    for value in column:
        reason = None if value is None else _fault(name, value, kind)
        if reason is not None:
            refused.append(Refusal(reason, 1))
            value = None
        taken.append(float(value) if type(value) is int else value)
    return taken


def _fault(name: str, value: object, kind: Kind | None) -> str | None:
    """What is wrong with a value, if anything."""
    if not isinstance(value, bool | int | float | str):
        return _("A value is a number, a text, true or false.")
    if kind_of(value) is not kind:
        return _other_kind(name)
    if isinstance(value, str):
        if len(value) <= LONGEST_TEXT and "\0" not in value and _encodable(value):
            return None
        return _("A text has at most %(n)s characters, and no null.") % {"n": LONGEST_TEXT}
    if isinstance(value, float):
        return None if isfinite(value) else _("A number must be finite.")
    return _("Whole numbers go up to 2^53.") if abs(value) > LARGEST_WHOLE else None


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _other_kind(name: str) -> str:
    return _("The field %(name)s holds values of another kind.") % {"name": name}
