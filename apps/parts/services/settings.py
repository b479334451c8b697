"""Parameters that staff set on a part, e.g. the capacity of a battery.

As with those of a unit (`apps.products.services.settings`), a value that is sent waits until the
unit that the part is in confirms it. Reference: "/products/<imei>/parameters/history".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Invalid, NotFound
from apps.core.writes import Writes
from apps.parts.models import Part, PartParameter, PartProductLinker
from apps.parts.selectors import waiting_in
from apps.products.models import ParameterType
from apps.products.services.parameters import Reported, activate, confirmed
from apps.products.services.settings import put_values
from apps.products.services.units import hold_unit, refuse_terminated


@transaction.atomic
def set_part_parameter(
    *, part_id: int, parameter_type: ParameterType, value: Any, by: str
) -> PartParameter:
    """Set a parameter on a part; returns the row that holds the value. As `set_parameter`.

    A part in no unit waits for the one it will be in. Raises NotFound for the part, UnitTerminated
    for what would have to be sent to its unit, and Invalid for a value the type does not take, or a
    type that parts of this kind do not have.
    """
    product_imei = _unit_of(part_id)
    if product_imei is not None:
        hold_unit(product_imei)
    part = Part.objects.select_for_update().filter(pk=part_id).first()
    if part is None:
        raise NotFound
    allowed = part.part_type.parameter_types
    if allowed and parameter_type.pk not in allowed:
        text = _("Parts of the type {type} have no parameter {name}")
        wrong = text.format(type=part.part_type, name=parameter_type)
        raise Invalid({"parameter_type_id": wrong})
    if parameter_type.setting and product_imei is not None:
        refuse_terminated(product_imei)
    put = put_values(
        PartParameter, "part", [part], parameter_type=parameter_type, value=value, by=by
    )
    return put[part.pk]


def write_part_parameter(values: Mapping[str, Any], by: str) -> PartParameter:
    """`set_part_parameter`, as a new row of the table asks for it: by its columns."""
    return set_part_parameter(
        part_id=values["part_id"],
        parameter_type=ParameterType.objects.get(pk=values["parameter_type_id"]),
        value=values["value"],
        by=by,
    )


def confirm_part_parameters(
    *,
    product_imei: str,
    reported: Mapping[str, Reported],
    made_at: datetime,
    now: datetime,
    by: str,
    writes: Writes,
) -> None:
    """`confirm_parameters` for the parts in a unit, which speaks for them under the same names."""
    found = confirmed(waiting_in(product_imei), reported, made_at)
    activate(PartParameter, "part_id", found, now=now, by=by, writes=writes)


def _unit_of(part_id: int) -> str | None:
    """The IMEI of the unit a part is in; its row is locked before the part's."""
    rows = PartProductLinker.objects.filter(part=part_id, date_removed__isnull=True)
    return rows.values_list("product_id", flat=True).first()
