"""Actions on the parts of a unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.columns import render_time
from apps.core.levels import Level
from apps.core.models import Record
from apps.parts.models import PartProductLinker, PartType
from apps.parts.parameter_api import ACTIONS as PARAMETER_ACTIONS
from apps.parts.selectors import parts_of, replacements_in


class ProductParts(ProductAction):
    """The parts that are or were in a unit, by part_id, for whoever repairs it.

    Each comes with its time in the unit, its type, and the types that may replace it.
    """

    path = "products/<imei>/parts"

    @operation(level=Level.OVERVIEW, summary=_("Parts of a unit and what may replace them"))
    def get(self, call: Call) -> Answer:
        links = parts_of(call.imei)
        replacements = replacements_in(call.imei, [link.part.part_type_id for link in links])
        found = {
            str(link.part_id): _part(link, replacements.get(link.part.part_type_id, []))
            for link in links
        }
        return Answer(_("Parts found.") if found else _("No parts found."), found)


ACTIONS = (ProductParts, *PARAMETER_ACTIONS)


def _part(link: PartProductLinker, replacements: list[PartType]) -> dict[str, Any]:
    part = link.part
    return {
        **_written(part),
        "part_id": part.part_id,
        "part_product_linker": {
            **_written(link),
            "added_repair_id": link.added_repair_id,
            "date_added": render_time(link.date_added),
            "date_removed": render_time(link.date_removed),
            "part_id": link.part_id,
            "part_product_linker_id": link.part_product_linker_id,
            "product_imei": link.product_id,
            "removed_repair_id": link.removed_repair_id,
            "replaced_part_id": link.replaced_part_id,
        },
        "part_type": _part_type(part.part_type),
        "part_type_id": part.part_type_id,
        "replacement_part_types": [_part_type(part_type) for part_type in replacements],
        "serial_number": part.serial_number,
    }


def _part_type(part_type: PartType) -> dict[str, Any]:
    return {
        **_written(part_type),
        "description": part_type.description,
        "erp_code": part_type.erp_code,
        "name": part_type.name,
        "part_type_id": part_type.part_type_id,
        "serial_number_category": part_type.serial_number_category,
    }


def _written(record: Record) -> dict[str, Any]:
    return {
        "created_at": render_time(record.created_at),
        "created_by": record.created_by,
        "modified_at": render_time(record.modified_at),
    }
