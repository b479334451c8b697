"""What was set on a unit and on its parts, ever and at a moment.

Reference: "/products/<imei>/parameters/history". Parts are read through the relations of the unit:
the trunk's lower half knows no more of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Q

from apps.core.columns import render_time
from apps.products.models import ParameterStatus, ParameterType, Product, ProductParameter

_COLUMNS = (
    "parameter_type_id",
    "value",
    "status",
    "date_added",
    "date_removed",
    "created_at",
    "created_by",
    "modified_at",
    "modified_by",
)
# Values that the unit had at some time; the others were only asked for.
_HELD = (ParameterStatus.ACTIVE, ParameterStatus.REMOVED)
_LINK = "part_product_linker__"
_PART = "part_parameters__"

Rows = list[dict[str, Any]]


class ParameterHistory(TypedDict):
    """The parameters of a unit, and those of its parts by part_id."""

    part_parameters: dict[str, Rows]
    product_parameters: Rows


def parameter_history(product_imei: str) -> ParameterHistory:
    """Every parameter of a unit and of each part that is or was in it, oldest first."""
    return _history(product_imei, parts=Q(), own=Q(), of_parts=Q())


def parameters_at(product_imei: str, moment: datetime) -> ParameterHistory:
    """The parameters a unit and the parts then in it had at a moment, each shown as active then.

    A value is had from `date_added` on and up to, not including, `date_removed`; a pending or
    expired one never is. The dates stay as they are known now.
    """
    found = _history(
        product_imei,
        parts=_span(_LINK, moment),
        own=_span("", moment) & Q(status__in=_HELD),
        of_parts=_span(_PART, moment) & Q(part_parameters__status__in=_HELD),
    )
    for rows in (found["product_parameters"], *found["part_parameters"].values()):
        for row in rows:
            row["status"] = ParameterStatus.ACTIVE.value
    return found


def _span(prefix: str, moment: datetime) -> Q:
    """What began by a moment and had not ended."""
    unended = Q(**{f"{prefix}date_removed__isnull": True})
    return Q(**{f"{prefix}date_added__lte": moment}) & (
        unended | Q(**{f"{prefix}date_removed__gt": moment})
    )


def _history(product_imei: str, *, parts: Q, own: Q, of_parts: Q) -> ParameterHistory:
    """One filter holds all that is asked of a relation: a second would join it once more."""
    units = Product.objects.filter(
        parts, pk=product_imei, part_product_linker__isnull=False
    ).order_by("part_product_linker__part_id")
    part_ids = list(units.values_list("part_product_linker__part_id", flat=True).distinct())
    found: dict[str, Rows] = {str(part_id): [] for part_id in part_ids}
    for row in _part_rows(of_parts & Q(part_parameters__part__in=part_ids)) if part_ids else ():
        found[str(row["part_id"])].append(row)
    return {"part_parameters": found, "product_parameters": _own_rows(product_imei, own)}


def _own_rows(product_imei: str, condition: Q) -> Rows:
    rows = ProductParameter.objects.filter(condition, product=product_imei)
    columns = ("product_parameter_id", *_COLUMNS)
    by_age = rows.order_by("product_parameter_id").values_list(*columns)
    return [{"product_imei": product_imei, **_plain(columns, row)} for row in by_age]


def _part_rows(condition: Q) -> Rows:
    columns = ("part_parameter_id", "part_id", *_COLUMNS)
    rows = (
        ParameterType.objects.filter(condition)
        .order_by("part_parameters__part_parameter_id")
        .values_list(*(f"{_PART}{column}" for column in columns))
    )
    return [_plain(columns, row) for row in rows]


def _plain(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return {
        column: render_time(value) if isinstance(value, datetime) else value
        for column, value in zip(columns, row, strict=True)
    }
