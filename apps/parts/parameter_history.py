"""What was set on a unit and on its parts, ever and at a moment.

Reference: "/products/<imei>/parameters/history".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Q

from apps.core.columns import render_time
from apps.parts.models import PartParameter, PartProductLinker
from apps.products.models import ParameterStatus, ProductParameter

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

Rows = list[dict[str, Any]]


class ParameterHistory(TypedDict):
    """The parameters of a unit, and those of its parts by part_id."""

    part_parameters: dict[str, Rows]
    product_parameters: Rows


def parameter_history(product_imei: str) -> ParameterHistory:
    """Every parameter of a unit and of each part that is or was in it, oldest first."""
    return _history(product_imei, parts=Q(), values=Q())


def parameters_at(product_imei: str, moment: datetime) -> ParameterHistory:
    """The parameters a unit and the parts then in it had at a moment, each shown as active then.

    A value is had from `date_added` on and up to, not including, `date_removed`; a pending or
    expired one never is. The dates stay as they are known now.
    """
    span = _span(moment)
    found = _history(product_imei, parts=span, values=span & Q(status__in=_HELD))
    for rows in (found["product_parameters"], *found["part_parameters"].values()):
        for row in rows:
            row["status"] = ParameterStatus.ACTIVE.value
    return found


def _span(moment: datetime) -> Q:
    """What began by a moment and had not ended."""
    unended = Q(date_removed__isnull=True) | Q(date_removed__gt=moment)
    return Q(date_added__lte=moment) & unended


def _history(product_imei: str, *, parts: Q, values: Q) -> ParameterHistory:
    links = PartProductLinker.objects.filter(parts, product=product_imei)
    part_ids = list(links.order_by("part_id").values_list("part_id", flat=True).distinct())
    found: dict[str, Rows] = {str(part_id): [] for part_id in part_ids}
    for row in _part_rows(part_ids, values) if part_ids else ():
        found[str(row["part_id"])].append(row)
    return {"part_parameters": found, "product_parameters": _own_rows(product_imei, values)}


def _own_rows(product_imei: str, condition: Q) -> Rows:
    rows = ProductParameter.objects.filter(condition, product=product_imei)
    columns = ("product_parameter_id", *_COLUMNS)
    by_age = rows.order_by("product_parameter_id").values_list(*columns)
    return [{"product_imei": product_imei, **_plain(columns, row)} for row in by_age]


def _part_rows(part_ids: Sequence[int], condition: Q) -> Rows:
    rows = PartParameter.objects.filter(condition, part__in=part_ids)
    columns = ("part_parameter_id", "part_id", *_COLUMNS)
    by_age = rows.order_by("part_parameter_id").values_list(*columns)
    return [_plain(columns, row) for row in by_age]


def _plain(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return {
        column: render_time(value) if isinstance(value, datetime) else value
        for column, value in zip(columns, row, strict=True)
    }
