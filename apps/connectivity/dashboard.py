"""What there is to know of a unit at a glance, for many units. Reference: "/dashboard2".

One statement reads the units with whatever each has one of; then there is one for each kind of
thing that a unit may have several of, however many units are on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from apps.alerts.selectors import open_alert_names
from apps.connectivity.dashboard_queries import translated
from apps.core.callers import Caller
from apps.core.columns import RENDERERS, Kind
from apps.core.cursors import row_cursor
from apps.core.errors import Invalid, NotFound
from apps.core.operands import BIGGEST
from apps.core.q import Query, compile_query
from apps.core.reader import Rows, page_and_size, total_rows
from apps.core.tables import table_of
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.products.models import Product

# Each field with its SQL, in the order of the answer; NULL where a statement of its own fills it.
_FIELDS: Final[Mapping[str, str]] = {
    "product_imei": "t.product_imei",
    "serial_number": "t.serial_number",
    "imsi": "t.imsi",
    "hardware_type": "y.name",
    "entities": "NULL",
    "hub_id": "t.hub_id",
    "shop_id": "t.shop_id",
    "location_date": "g.date",
    "alerts": "NULL",
    "software_lock": "t.software_lock",
    "pending_software_created_at": "NULL",
    "state": "LOWER(w.name)",
    "state_date": "h.created_at",
    "recent_connection": "d.date",
    "latitude": "g.latitude",
    "longitude": "g.longitude",
    "error_radius": "g.error_radius",
    "capacity_limit": "t.capacity_limit",
    "current_enable_flag": "t.current_enable_flag",
    "desired_enable_flag": "t.desired_enable_flag",
    "current_tamper_flag": "t.current_tamper_flag",
    "desired_tamper_flag": "t.desired_tamper_flag",
    "notes": "NULL",
    "software": "NULL",
    "pending_software": "NULL",
    "created_at": "t.created_at",
    "created_by": "t.created_by",
    "modified_at": "t.modified_at",
}
_TIMES: Final = ("location_date", "state_date", "recent_connection", "created_at", "modified_at")
# The units of the page are picked before anything is joined to them.
_UNITS: Final = (
    f"SELECT {', '.join(_FIELDS.values())}"
    " FROM (SELECT t.product_imei FROM product t{condition}{order} LIMIT {limit} OFFSET {offset}) p"
    " JOIN product t ON t.product_imei = p.product_imei"
    " JOIN product_type y ON y.product_type_id = t.product_type_id"
    " LEFT JOIN state h ON h.state_id = t.latest_state_id"
    " LEFT JOIN state_type w ON w.state_type_id = h.current_state_type"
    " LEFT JOIN connection d ON d.connection_id = t.latest_connection_id"
    " LEFT JOIN connection g ON g.connection_id = t.latest_connection_location_id{order}"
)
_ENTITY_FIELDS: Final = (
    *("entity_id", "name", "bboxx_company_flag", "financier", "tariff"),
    *("created_at", "created_by", "modified_at"),
)
_ENTITIES: Final = (
    f"SELECT l.product_imei, {', '.join(f'e.{name}' for name in _ENTITY_FIELDS)}"
    " FROM product_entity_linker l JOIN entity e ON e.entity_id = l.entity_id"
    " WHERE l.date_removed IS NULL AND l.product_imei IN ({imeis}){within}"
    " ORDER BY l.product_entity_linker_id"
)
_NOTES: Final = (
    "SELECT product_imei, note_text FROM product_note WHERE product_imei IN ({imeis})"
    " ORDER BY product_note_id"
)
# A version that waits was asked for and not yet added.
_SOFTWARE: Final = (
    "SELECT l.product_imei, v.name, l.date_added IS NULL, l.created_at"
    " FROM product_software_linker l"
    " JOIN software_version_type v ON v.software_version_type_id = l.software_version_type_id"
    " WHERE l.date_removed IS NULL AND l.product_imei IN ({imeis})"
    " ORDER BY l.date_added, l.product_software_linker_id"
)
# As the reference shows what a unit has none of.
_NONE: Final = [None]

Row = dict[str, Any]


def dashboard(caller: Caller, params: Mapping[str, str]) -> tuple[list[Row], int]:
    """One page of units as `q` asks for them, and how many there are in all.

    Raises Invalid for a wrong `q` or page; where `q` wants a single unit, also for several, and
    NotFound for none.
    """
    table = table_of(Product)
    query = compile_query(table, caller, translated(params.get("q")))
    page, size = page_and_size(params)
    skip = (page - 1) * size
    window = size if query.limit is None else max(min(size, query.limit - skip), 0)
    rows = _units(query, window, min(query.offset + skip, BIGGEST)) if window else []
    total = total_rows(table, query, Rows(len(rows), b""), window, skip)
    if query.single and not total:
        raise NotFound(_("No result found"))
    if query.single and total > 1:
        raise Invalid(_("Multiple results found"))
    if rows:
        _fill(caller, {row["product_imei"]: row for row in rows})
    return rows, total


def _units(query: Query, limit: int, offset: int) -> list[Row]:
    sql = _UNITS.format(condition=query.condition, order=query.order, limit=limit, offset=offset)
    with row_cursor() as cursor:
        cursor.execute(sql, [*query.params, *query.order_params, *query.order_params])
        found = [dict(zip(_FIELDS, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        _render(row, _TIMES)
    return found


def _fill(caller: Caller, units: Mapping[str, Row]) -> None:
    """Add what a unit may have several of."""
    imeis = list(units)
    entities, alerts, notes = _entities(caller, imeis), open_alert_names(imeis), _notes(imeis)
    for imei, row in units.items():
        row["entities"] = entities.get(imei, [])
        row["alerts"] = alerts.get(imei, _NONE)
        row["notes"] = notes.get(imei, _NONE)
    _add_software(units)


def _entities(caller: Caller, imeis: Sequence[str]) -> dict[str, list[Row]]:
    """The owners of each unit; whoever sees one entity is told of that and of Unknown Entity."""
    within = "" if caller.is_global else " AND l.entity_id IN (%s, %s)"
    params = [] if caller.is_global else [caller.entity_id, UNKNOWN_ENTITY_ID]
    found: dict[str, list[Row]] = defaultdict(list)
    for imei, *values in _about(_ENTITIES, imeis, within, params):
        entity = dict(zip(_ENTITY_FIELDS, values, strict=True))
        _render(entity, ("created_at", "modified_at"))
        found[imei].append(entity)
    return found


def _notes(imeis: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for imei, text in _about(_NOTES, imeis):
        found[imei].append(text)
    return found


def _add_software(units: Mapping[str, Row]) -> None:
    """The version each unit runs and the one it is to load: the newest, of several."""
    for imei, name, waits, created_at in _about(_SOFTWARE, list(units)):
        if waits:
            units[imei]["pending_software"] = name
            units[imei]["pending_software_created_at"] = created_at
            _render(units[imei], ("pending_software_created_at",))
        else:
            units[imei]["software"] = name


def _about(
    sql: str, imeis: Sequence[str], within: str = "", params: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    marks = ", ".join(["%s"] * len(imeis))
    with row_cursor() as cursor:
        cursor.execute(sql.format(imeis=marks, within=within), [*imeis, *params])
        return cursor.fetchall()


def _render(row: Row, times: Sequence[str]) -> None:
    render = RENDERERS[connection.vendor].get(Kind.TIME)
    if render:
        for name in times:
            row[name] = render(row[name])
