"""Whether every unit is on, as sales systems sweep it. Reference: "/v1/current_enable_status"."""

from __future__ import annotations

from typing import Final

from apps.core.columns import Kind
from apps.core.sweeps import Field, Sweep
from apps.core.tables import table_of
from apps.products.models import EnableState, ParameterStatus, Product

# A unit with several owners is told once, with the owner it has had longest; whoever sees one
# entity is told of that one.
_OWNER = (
    "(SELECT MIN(o.product_entity_linker_id) FROM product_entity_linker o"
    " WHERE o.product_imei = t.product_imei AND o.date_removed IS NULL{within})"
)
_JOINS = (
    "JOIN product_type y ON y.product_type_id = t.product_type_id"
    " LEFT JOIN enable_history h ON h.enable_history_id = t.latest_enable_history_id"
    " LEFT JOIN state s ON s.state_id = t.latest_state_id"
    " LEFT JOIN product_entity_linker l ON l.product_entity_linker_id = {owner}"
    " LEFT JOIN entity e ON e.entity_id = l.entity_id"
)
_ACCESSORY_ENERGY = (
    "(SELECT MAX(p.value) FROM product_parameter p WHERE p.product_imei = t.product_imei"
    f" AND p.status = '{ParameterStatus.ACTIVE}' AND p.parameter_type_id ="
    " (SELECT k.parameter_type_id FROM parameter_type k WHERE k.name = 'total_accessory_energy'))"
)

# A unit nobody ever switched has no row of history: it is new, since no date, by nobody.
ENABLE_STATUS: Final = Sweep(
    name="enable_status",
    table=lambda: table_of(Product),
    fields=(
        Field("current_enable_state", f"COALESCE(h.current_enable_state, '{EnableState.INIT}')"),
        Field("current_state_type", "s.current_state_type"),
        Field("date", "h.date", Kind.TIME),
        Field("dcm_enabled_flag", "t.dcm_enabled_flag"),
        Field("entity", "e.name"),
        Field("entity_id", "e.entity_id"),
        Field("hardware_type", "y.name"),
        Field("prev_enable_state", "h.prev_enable_state"),
        Field("product_imei", "t.product_imei"),
        Field("product_type_id", "t.product_type_id"),
        Field("serial_number", "t.serial_number"),
        Field("total_accessory_energy", _ACCESSORY_ENERGY),
        Field("user", 'h."user"'),
    ),
    joins=_JOINS.format(owner=_OWNER.format(within="")),
    scoped_joins=_JOINS.format(owner=_OWNER.format(within=" AND o.entity_id = %s")),
)
