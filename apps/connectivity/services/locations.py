"""Finding where units were, from the cells they saw: after their contact, never during it.

A connection without a position waits until its cells have been looked up: it has neither a place
nor `location_failed_flag`. Then it has one or the other.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from apps.connectivity.models import Connection
from apps.connectivity.positions import HeardCell, Position, position_from
from apps.connectivity.services.contacts import degrees_text
from apps.connectivity.statements import MAX_CELLS
from apps.products.models import Product

SYSTEM: Final = "system"
BATCH: Final = 500
# How long one run goes on before the next one takes over.
RUN_SECONDS: Final = 60.0
# Units looked through in one transaction when all are to be looked for again.
_UNITS_AT_ONCE = 5_000

_WAITING = Q(latitude__isnull=True, location_failed_flag=False)

# Every cell that a connection saw and whose place is known, one after the other. Where two radios
# use the same numbers, the cell that was measured more often counts.
_HEARD = " UNION ALL ".join(
    f"SELECT c.connection_id, {n}, c.cell_{n}_signal, k.latitude, k.longitude, k.reach, k.samples,"
    f" k.mcc, k.mnc, k.lac, k.cid FROM connection c JOIN cell k ON k.mcc = c.cell_{n}_mcc"
    f" AND k.mnc = c.cell_{n}_mnc AND k.lac = c.cell_{n}_lac AND k.cid = c.cell_{n}_cid"
    " WHERE c.connection_id IN ({ids})"
    for n in range(1, MAX_CELLS + 1)
)
_PLACE = (
    "UPDATE connection SET latitude = v.column2, longitude = v.column3, error_radius = v.column4,"
    " modified_at = %s, modified_by = %s FROM (VALUES {rows}) v"
    " WHERE connection_id = v.column1 AND latitude IS NULL AND NOT location_failed_flag"
)
_POINT = (
    "UPDATE product SET latest_connection_location_id = v.column2, modified_at = %s,"
    " modified_by = %s FROM (VALUES {rows}) v WHERE product_imei = v.column1"
)


class Waiting(NamedTuple):
    """A connection whose cells are to be looked up."""

    connection_id: int
    product_imei: str | None
    date: datetime


def locate_connections() -> int:
    """Look up the cells of the connections that wait, oldest first; returns how many were.

    Any number of workers may do so at once: units that one of them is at, or that are reporting,
    are left for the next turn.
    """
    found = 0
    until = time.monotonic() + RUN_SECONDS
    while time.monotonic() < until:
        count, more = _locate_some()
        found += count
        if not (count and more):
            break
    return found


@transaction.atomic
def _locate_some() -> tuple[int, bool]:
    """Look up one batch; returns how many connections it was and whether more may wait."""
    mine, more = _claim()
    if not mine:
        return 0, more
    places = _places([row.connection_id for row in mine])
    now = timezone.now()
    _write_places(places, now)
    Connection.objects.filter(
        _WAITING, pk__in=[row.connection_id for row in mine if row.connection_id not in places]
    ).update(location_failed_flag=True, modified_at=now, modified_by=SYSTEM)
    _move_pointers([row for row in mine if row.connection_id in places], now)
    return len(mine), more


def _claim() -> tuple[list[Waiting], bool]:
    """Connections that wait, the oldest first, of units whose rows are locked from now on.

    And whether there may be more than were looked at.
    """
    rows = Connection.objects.filter(_WAITING).order_by("connection_id")
    owners = dict(rows.values_list("connection_id", "product_id")[:BATCH])
    held = _hold({imei for imei in owners.values() if imei})
    keys = [key for key, imei in owners.items() if imei is None or imei in held]
    # Read again: whoever held a unit before may have done its work.
    found = rows.filter(pk__in=keys).values_list("connection_id", "product_id", "date")
    return [Waiting(*row) for row in found], len(owners) == BATCH


def _hold(imeis: set[str]) -> set[str]:
    """Lock the rows of these units in order of their keys; returns those that nobody else holds."""
    rows = Product.objects.filter(pk__in=imeis).order_by("pk").values_list("pk", flat=True)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return set(rows)


def _places(connection_ids: list[int]) -> dict[int, Position]:
    """The place of each connection that has one."""
    heard: dict[int, dict[Any, tuple[int, HeardCell]]] = defaultdict(dict)
    marks = ", ".join(["%s"] * len(connection_ids))
    with connection.cursor() as cursor:
        cursor.execute(_HEARD.format(ids=marks), connection_ids * MAX_CELLS)
        for connection_id, number, signal, lat, lon, reach, samples, *key in cursor.fetchall():
            cells = heard[connection_id]
            known = cells.get(tuple(key))
            cell = HeardCell(number, signal, lat, lon, reach)
            if known is None or _counts_more(samples, cell, *known):
                cells[tuple(key)] = (samples, cell)
    return {
        connection_id: position
        for connection_id, cells in heard.items()
        if (position := position_from(sorted_by_number(cell for _n, cell in cells.values())))
    }


def _counts_more(samples: int, cell: HeardCell, other_samples: int, other: HeardCell) -> bool:
    """Whether a cell stands for its numbers: the first a unit named it as, measured most often."""
    return (-cell.number, samples) > (-other.number, other_samples)


def sorted_by_number(cells: Iterable[HeardCell]) -> list[HeardCell]:
    return sorted(cells, key=lambda cell: cell.number)


def _write_places(places: Mapping[int, Position], now: datetime) -> None:
    if not places:
        return
    values: list[Any] = []
    for connection_id, place in places.items():
        values += (connection_id, degrees_text(place.latitude))
        values += (degrees_text(place.longitude), place.error_radius)
    _update_from(_PLACE, values, width=4, now=now)


def _move_pointers(located: list[Waiting], now: datetime) -> None:
    """Point each unit to its newest place, never to one older than it points to already."""
    newest: dict[str, Waiting] = {}
    for row in sorted(located, key=lambda row: (row.date, row.connection_id)):
        if row.product_imei:
            newest[row.product_imei] = row
    current = dict(
        Product.objects.filter(pk__in=newest).values_list("pk", "latest_connection_location__date")
    )
    values: list[Any] = []
    for imei, row in newest.items():
        known = current.get(imei)
        if known is None or known <= row.date:
            values += (imei, row.connection_id)
    if values:
        _update_from(_POINT, values, width=2, now=now)


def _update_from(sql: str, values: list[Any], *, width: int, now: datetime) -> None:
    """Run an UPDATE ... FROM (VALUES ...) with `values`, `width` of them to a row."""
    row = f"({', '.join(['%s'] * width)})"
    rows = ", ".join([row] * (len(values) // width))
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(rows=rows), [at, SYSTEM, *values])


def look_again() -> int:
    """Let the newest connection of each unit wait again where no place was found for it.

    For after more cells became known; returns how many wait. Each few thousand units commit by
    themselves.
    """
    found, after = 0, ""
    while True:
        units = list(
            Product.objects.filter(pk__gt=after)
            .order_by("pk")
            .values_list("pk", "latest_connection_id")[:_UNITS_AT_ONCE]
        )
        if not units:
            return found
        after = units[-1][0]
        found += Connection.objects.filter(
            pk__in=[key for _imei, key in units if key],
            location_failed_flag=True,
            latitude__isnull=True,
            cell_1_cid__isnull=False,
        ).update(location_failed_flag=False, modified_at=timezone.now(), modified_by=SYSTEM)
