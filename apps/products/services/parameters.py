"""Parameters of a unit, as far as the unit itself confirms them.

`pending` values wait for the unit, `active` ones are set on it, `removed` ones were. Reference:
"/products/<imei>/parameters/history".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from apps.products.models import DataType, ParameterStatus, ProductParameter

Reported = bool | int | float | str

_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no"})


def confirm_parameters(
    *, product_imei: str, reported: Mapping[str, Reported], now: datetime, by: str
) -> None:
    """Make active what is pending and what the unit reports with just that value.

    The value that was active before is removed, unless its type may be set several times. Values
    nobody asked for are left alone. The caller holds the lock on the unit's row.
    """
    pending = ProductParameter.objects.filter(
        product_id=product_imei, status=ParameterStatus.PENDING, parameter_type__name__in=reported
    ).select_related("parameter_type")
    confirmed = [
        row
        for row in pending
        if means_same(row.value, reported[row.parameter_type.name], row.parameter_type.data_type)
    ]
    if not confirmed:
        return
    activated = [row.pk for row in confirmed]
    replaced = Q(
        product_id=product_imei,
        status=ParameterStatus.ACTIVE,
        parameter_type__in={
            row.parameter_type_id for row in confirmed if not row.parameter_type.repeatable
        },
    )
    fresh = {"pk__in": activated}
    ProductParameter.objects.filter(Q(**fresh) | replaced).update(
        status=Case(
            When(**fresh, then=Value(ParameterStatus.ACTIVE)),
            default=Value(ParameterStatus.REMOVED),
        ),
        date_removed=Case(
            When(**fresh, then=None),
            default=Greatest(Coalesce(F("date_added"), Value(now)), Value(now)),
        ),
        date_added=Case(When(**fresh, then=Value(now)), default=F("date_added")),
        modified_at=now,
        modified_by=by,
    )


def means_same(text: str, reported: Reported, data_type: str) -> bool:
    """Whether a value a unit reports is the value that is stored as text.

    A unit may send the text itself or what it stands for: 12 for "12", 12.0 for "12", true for
    "True".
    """
    if isinstance(reported, str) and reported == text:
        return True
    if data_type == DataType.BOOL:
        wanted, found = text.lower(), str(reported).lower()
        return (wanted in _TRUE and found in _TRUE) or (wanted in _FALSE and found in _FALSE)
    if data_type in (DataType.INT, DataType.FLOAT) and not isinstance(reported, bool):
        try:
            return float(text) == float(reported)
        except (ValueError, OverflowError):
            return False
    return False
