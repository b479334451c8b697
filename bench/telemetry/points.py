"""The points of the benchmarks: a unit's year of ten values a minute, and the same in bare SQL."""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import sin

from apps.telemetry.models import TelemetryBlock, TelemetrySeries
from apps.telemetry.store.blocks import Points
from apps.telemetry.store.series import DAY, MINUTE, SECOND, TELEMETRY, Column
from apps.telemetry.store.sql.writing import fill
from bench.case import Connection, imei_of

FIELDS = (
    "ac_voltage", "charge_current", "current", "current_in", "current_out", "panel_voltage",
    "state_of_charge_wh", "temperature", "usb_current", "voltage",
)  # fmt: skip
UNITS, DAYS, YEAR = 1_000, 8, 365
# 2026-01-01, where days and InfluxDB's weeks begin elsewhere.
START = 1_767_225_600 * SECOND
_MINUTES = 1_440
# Days of values that all differ; the others are these again.
_PATTERNS = 7


def values(day: int, field: int) -> Column:
    """A day of one field: a curve with noise, in hundredths as units measure."""
    turn = day % _PATTERNS
    return [
        round(12 + field + 3 * sin((n + turn * 90) / 229) + (n * 7_919 + turn) % 97 / 300, 2)
        for n in range(_MINUTES)
    ]


def day_of(day: int) -> Points:
    """All points of one day of any unit."""
    first = START + day * DAY
    return Points(
        [first + n * MINUTE for n in range(_MINUTES)],
        {name: values(day, place) for place, name in enumerate(FIELDS)},
    )


def fill_embedded(*, units: int = UNITS, days: int = DAYS, year: int = YEAR) -> None:
    """A week and a day of all units, and the year of the first, in the embedded store."""
    blocks = []
    for day in range(year):
        block = TelemetryBlock(starts_at=(START + day * DAY) // SECOND, span=DAY // SECOND)
        fill(block, day_of(day))
        blocks.append(block)
    series = TelemetrySeries.objects.bulk_create(
        TelemetrySeries(
            imei=imei_of(n), measurement=TELEMETRY, fields=dict.fromkeys(FIELDS, "number")
        )
        for n in range(units)
    )
    for number, row in enumerate(series):
        TelemetryBlock.objects.bulk_create(
            [_of(row, block) for block in blocks[: year if number == 0 else days]], batch_size=100
        )


def _of(series: TelemetrySeries, block: TelemetryBlock) -> TelemetryBlock:
    columns = ("starts_at", "span", "points", "size", "summary", "hours", "data")
    return TelemetryBlock(series=series, **{name: getattr(block, name) for name in columns})


def fill_bare(connection: Connection, *, units: int = UNITS) -> None:
    """The same as rows: the year of the first unit, and a day of each of the others.

    Each unit's rows lie together, which spares the floor what a live table would cost it.
    """
    columns = ", ".join(f"{name} double precision" for name in FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare (imei text, at bigint, {columns})")
        for number in range(units):
            for day in range(YEAR if number == 0 else 1):
                cursor.copy_expert("COPY bare FROM STDIN", io.StringIO("".join(_rows(number, day))))
        cursor.execute("CREATE UNIQUE INDEX ON bare (imei, at)")
        cursor.execute("VACUUM (ANALYZE, FREEZE)")


_lines: dict[int, list[str]] = {}


def _rows(number: int, day: int) -> Iterator[str]:
    imei = imei_of(number)
    turn = day % _PATTERNS
    if turn not in _lines:
        rows = zip(*day_of(turn).columns.values(), strict=True)
        _lines[turn] = ["\t".join(map(str, row)) for row in rows]
    first = START + day * DAY
    for n, line in enumerate(_lines[turn]):
        yield f"{imei}\t{first + n * MINUTE}\t{line}\n"
