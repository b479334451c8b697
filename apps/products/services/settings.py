"""Parameters that staff set on a unit.

A value that is sent to the unit is `pending` until the unit confirms it
(`apps.products.services.parameters`), `expired` where another overtook it before; any other value
is `active` at once. Reference: "/products/<imei>/parameters/history".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.products.errors import UnknownProduct
from apps.products.models import ParameterStatus, ParameterType, Product, ProductParameter
from apps.products.values import text_of

_Rows = QuerySet[ProductParameter]


@transaction.atomic
def set_parameter(
    *, product_imei: str, parameter_type: ParameterType, value: Any, by: str
) -> ProductParameter:
    """Set a parameter on a unit; returns the row that holds the value.

    A value that is set or asked for already is not written again, unless another was asked for in
    between: nobody knows whether the unit heard of that one. Where a type is repeatable, values
    stand beside each other; otherwise one that still waits is overtaken.
    Raises UnknownProduct, and Invalid for a value the type does not take, or a type that units of
    this kind do not have.
    """
    product = Product.objects.select_for_update().filter(pk=product_imei).first()
    if product is None:
        raise UnknownProduct
    _refuse_strange_type(product, parameter_type)
    text = text_of(parameter_type, value)
    rows = ProductParameter.objects.filter(product=product, parameter_type=parameter_type)
    waiting = rows.filter(status=ParameterStatus.PENDING)
    now = timezone.now()
    overtaken = 0
    if not parameter_type.repeatable:
        overtaken = _end(waiting.exclude(value=text), ParameterStatus.EXPIRED, now, by)
    standing = _standing(rows, text, overtaken=bool(overtaken))
    if standing is not None:
        return standing
    if parameter_type.setting:
        return _write(product, parameter_type, text, by, ParameterStatus.PENDING, None)
    if not parameter_type.repeatable:
        _end(rows.filter(status=ParameterStatus.ACTIVE), ParameterStatus.REMOVED, now, by)
    return _write(product, parameter_type, text, by, ParameterStatus.ACTIVE, now)


def _refuse_strange_type(product: Product, kind: ParameterType) -> None:
    """Invalid where the product type lists what may be set on its units, and this is not in it."""
    allowed = product.product_type.parameter_types
    if allowed and kind.pk not in allowed:
        text = _("Units of the type {type} have no parameter {name}")
        raise Invalid({"parameter_type_id": text.format(type=product.product_type, name=kind)})


def _standing(rows: _Rows, text: str, *, overtaken: bool) -> ProductParameter | None:
    """The row that makes a new one with this value needless."""
    states = [ParameterStatus.PENDING]
    if not overtaken:
        states.append(ParameterStatus.ACTIVE)
    return rows.filter(value=text, status__in=states).order_by("-product_parameter_id").first()


def _end(rows: _Rows, status: ParameterStatus, now: datetime, by: str) -> int:
    """Give rows their end: overtaken ones begin and end at once, the unit never had them."""
    begun = (
        Value(now) if status is ParameterStatus.EXPIRED else Coalesce(F("date_added"), Value(now))
    )
    ended = Value(now) if status is ParameterStatus.EXPIRED else Greatest(begun, Value(now))
    return rows.update(
        status=status, date_added=begun, date_removed=ended, modified_at=now, modified_by=by
    )


def _write(
    product: Product,
    kind: ParameterType,
    text: str,
    by: str,
    status: ParameterStatus,
    since: datetime | None,
) -> ProductParameter:
    return ProductParameter.objects.create(
        product=product,
        parameter_type=kind,
        value=text,
        status=status,
        date_added=since,
        created_by=by,
    )
