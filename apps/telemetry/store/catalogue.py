"""The catalogue: which series and fields there are, whichever store holds their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.core.prepared import Prepared
from apps.telemetry.models import TelemetryField, TelemetrySeries
from apps.telemetry.store.fields import DOCUMENTED
from apps.telemetry.store.series import HOURLY, Kind, Series

MOST_TAGS = 8
# For each unit.
MOST_SERIES = 50
# For each unit and measurement.
MOST_FIELDS = 200

Rows: TypeAlias = dict[Series, TelemetrySeries]
Reasons: TypeAlias = dict[tuple[Series, str], str]


def enter(
    wanted: Mapping[Series, Mapping[str, Kind]], known: Rows | None = None
) -> tuple[Rows, Reasons]:
    """The rows of the series, with all fields entered that could be, and why others could not.

    A field that is known with another kind keeps that one. One query where nothing is new, none
    where the rows are `known`.
    """
    rows = rows_of(wanted) if known is None else known
    if all(
        series in rows and kinds.keys() <= rows[series].fields.keys()
        for series, kinds in wanted.items()
    ):
        return rows, {}
    with transaction.atomic():
        return _enter_new(wanted)


def rows_of(wanted: Iterable[Series], *, lock: bool = False) -> Rows:
    """The rows of those series that are known."""
    series = list(wanted)
    if not series:
        return {}
    if len(series) == 1 and not lock:
        return _row_of(series[0])
    found = TelemetrySeries.objects.filter(
        imei__in={one.imei for one in series},
        measurement__in={one.measurement for one in series},
        tags__in={TelemetrySeries.text_of(one.tags) for one in series},
    ).order_by("pk")
    rows = {_series_of(row): row for row in (found.select_for_update() if lock else found)}
    return {one: rows[one] for one in series if one in rows}


# What a unit uploads is of one series: asked with every upload.
_ROW = Prepared(
    "telemetry_series",
    "SELECT id, fields FROM telemetry_series WHERE imei = %s AND measurement = %s AND tags = %s",
)


def key_of(series: Series) -> tuple[str, str, str]:
    """The imei, measurement and tags under which a row has the series."""
    return series.imei, series.measurement, TelemetrySeries.text_of(series.tags)


def row_of(series: Series, key: int | None, fields: str) -> Rows:
    """The row of a series from its id and fields as a cursor has them; none without an id."""
    if key is None:
        return {}
    imei, measurement, tags = key_of(series)
    # Neither database decodes JSON for a statement of one's own.
    kinds = orjson.loads(fields)
    row = TelemetrySeries(id=key, imei=imei, measurement=measurement, tags=tags, fields=kinds)
    return {series: row}


def _row_of(series: Series) -> Rows:
    with connection.cursor() as cursor:
        _ROW.run(cursor, list(key_of(series)))
        found = cursor.fetchone()
    return {} if found is None else row_of(series, *found)


def of_unit(imei: str, measurement: str) -> list[TelemetrySeries]:
    """The series of a unit's measurement, in the order of their tags."""
    found = TelemetrySeries.objects.filter(imei=imei, measurement=measurement)
    # Not by the database, whose order of texts is its own.
    return sorted(found, key=lambda row: TelemetrySeries.tags_of(row.tags))


def every_series() -> Iterator[Series]:
    """All series ever written."""
    for row in TelemetrySeries.objects.order_by("pk").iterator():
        yield _series_of(row)


def kinds_of(measurement: str, names: Iterable[str]) -> dict[str, Kind]:
    """What the fields of a measurement hold, in any unit; fields never written are left out."""
    wanted = set(names)
    known = {
        name: DOCUMENTED[measurement, name] for name in wanted if (measurement, name) in DOCUMENTED
    }
    if others := wanted - known.keys():
        found = TelemetryField.objects.filter(measurement=measurement, name__in=others)
        known |= {row.name: Kind(row.kind) for row in found}
    return known


def _series_of(row: TelemetrySeries) -> Series:
    return Series(row.measurement, row.imei, TelemetrySeries.tags_of(row.tags))


def _enter_new(wanted: Mapping[Series, Mapping[str, Kind]]) -> tuple[Rows, Reasons]:
    reasons: Reasons = {}
    # In one order everywhere, so that two writers never wait for each other.
    ordered = sorted(wanted, key=lambda one: (one.imei, one.measurement, one.tags))
    room = _Room({series.imei for series in ordered})
    taken = []
    for series in ordered:
        if reason := room.refuses_series(series):
            reasons.update({(series, name): reason for name in wanted[series]})
        else:
            taken.append(series)
    TelemetrySeries.objects.bulk_create(
        [
            TelemetrySeries(
                imei=series.imei,
                measurement=series.measurement,
                tags=TelemetrySeries.text_of(series.tags),
            )
            for series in taken
        ],
        ignore_conflicts=True,
    )
    rows = rows_of(taken, lock=True)
    kinds = _settled(
        {(s.measurement, name): kind for s in taken for name, kind in wanted[s].items()}
    )
    for series in taken:
        fields = dict(rows[series].fields)
        for name, kind in wanted[series].items():
            if name in fields or kinds[series.measurement, name] != kind:
                continue
            if reason := room.refuses_field(series, name):
                reasons[series, name] = reason
            else:
                fields[name] = kind.value
        if fields != rows[series].fields:
            rows[series].fields = fields
            rows[series].save(update_fields=["fields"])
    return rows, reasons


def _settled(wanted: Mapping[tuple[str, str], Kind]) -> dict[tuple[str, str], Kind]:
    """The kinds of (measurement, field), those asked for where nothing was settled before."""
    new = sorted(key for key in wanted if key not in DOCUMENTED)
    TelemetryField.objects.bulk_create(
        [TelemetryField(measurement=m, name=name, kind=wanted[m, name]) for m, name in new],
        ignore_conflicts=True,
    )
    settled = {}
    for measurement in {measurement for measurement, _name in wanted}:
        names = [name for other, name in wanted if other == measurement]
        found = kinds_of(measurement, names)
        settled.update({(measurement, name): kind for name, kind in found.items()})
    return settled


class _Room:
    """How much the units concerned may still add."""

    def __init__(self, imeis: set[str]) -> None:
        self.series: dict[str, set[Series]] = {imei: set() for imei in imeis}
        self.fields: dict[tuple[str, str], set[str]] = {}
        for row in TelemetrySeries.objects.filter(imei__in=imeis).exclude(measurement=HOURLY):
            self.series[row.imei].add(_series_of(row))
            self.fields.setdefault((row.imei, row.measurement), set()).update(row.fields)

    def refuses_series(self, series: Series) -> str | None:
        known = self.series[series.imei]
        # What is kept of old points must not fail for want of room: theirs bounds it.
        if series in known or series.measurement == HOURLY:
            return None
        if len(series.tags) > MOST_TAGS:
            return _("A point has at most %(n)s tags.") % {"n": MOST_TAGS}
        if len(known) >= MOST_SERIES:
            return _("A unit has at most %(n)s sets of tags.") % {"n": MOST_SERIES}
        known.add(series)
        return None

    def refuses_field(self, series: Series, name: str) -> str | None:
        known = self.fields.setdefault((series.imei, series.measurement), set())
        if series.measurement == HOURLY:
            return None
        if name not in known and len(known) >= MOST_FIELDS:
            return _("A measurement of a unit has at most %(n)s fields.") % {"n": MOST_FIELDS}
        if any(name == tag for tag, _value in series.tags):
            return _("%(name)s is a tag and cannot be a field too.") % {"name": name}
        known.add(name)
        return None
