"""Parameters that staff set on a unit.

A value that is sent to the unit is `pending` until the unit confirms it
(`apps.products.services.parameters`), `expired` where another overtook it before; any other value
is `active` at once. Reference: "/products/<imei>/parameters/history".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.products.models import ParameterStatus, ParameterType, Product, ProductParameter
from apps.products.services.units import hold_unit, refuse_terminated
from apps.products.values import text_of

# A row of a table of parameters: a unit's, or that of something in it.
R = TypeVar("R", bound=models.Model)


@transaction.atomic
def set_parameter(
    *, product_imei: str, parameter_type: ParameterType, value: Any, by: str
) -> ProductParameter:
    """Set a parameter on a unit; returns the row that holds the value.

    A value that is set or asked for already is not written again, unless another was asked for in
    between: nobody knows whether the unit heard of that one. Where a type is repeatable, values
    stand beside each other; otherwise one that still waits is overtaken.
    Raises UnknownProduct, UnitTerminated for what would have to be sent, and Invalid for a value
    the type does not take, or a type that units of this kind do not have.
    """
    product = hold_unit(product_imei)
    if not takes(product, parameter_type):
        text = _("Units of the type {type} have no parameter {name}")
        wrong = text.format(type=product.product_type, name=parameter_type)
        raise Invalid({"parameter_type_id": wrong})
    if parameter_type.setting:
        refuse_terminated(product.pk)
    rows = ProductParameter.objects.filter(product=product, parameter_type=parameter_type)
    return put_value(
        rows,
        parameter_type=parameter_type,
        value=value,
        new={"product": product, "parameter_type": parameter_type},
        by=by,
    )


def write_parameter(values: Mapping[str, Any], by: str) -> ProductParameter:
    """`set_parameter`, as a new row of the table asks for it: by its columns."""
    return set_parameter(
        product_imei=values["product_imei"],
        parameter_type=ParameterType.objects.get(pk=values["parameter_type_id"]),
        value=values["value"],
        by=by,
    )


def takes(product: Product, kind: ParameterType) -> bool:
    """Whether units of its kind have the parameter; a product type that lists none takes all."""
    allowed = product.product_type.parameter_types
    return not allowed or kind.pk in allowed


def put_value(
    rows: QuerySet[R], *, parameter_type: ParameterType, value: Any, new: Mapping[str, Any], by: str
) -> R:
    """Make a value the one that is asked for, or set where nothing is sent, among `rows`.

    `rows` are all that one unit or part has of the type, under a lock that the caller holds; `new`
    are the columns that make a row one of them. Returns the row of the value; raises Invalid.
    """
    text = text_of(parameter_type, value)
    now = timezone.now()
    overtaken = 0
    if not parameter_type.repeatable:
        waiting = rows.filter(status=ParameterStatus.PENDING).exclude(value=text)
        overtaken = expire_values(waiting, now=now, by=by)
    standing = _standing(rows, text, overtaken=bool(overtaken))
    if standing is not None:
        return standing
    status, since = ParameterStatus.PENDING, None
    if not parameter_type.setting:
        status, since = ParameterStatus.ACTIVE, now
        if not parameter_type.repeatable:
            _remove(rows.filter(status=ParameterStatus.ACTIVE), now, by)
    return rows.model._default_manager.create(
        **new, value=text, status=status, date_added=since, created_by=by
    )


def expire_values(rows: QuerySet[Any], *, now: datetime, by: str) -> int:
    """End values that wait: they begin and end at once, the unit never had them. How many."""
    return rows.filter(status=ParameterStatus.PENDING).update(
        status=ParameterStatus.EXPIRED,
        date_added=now,
        date_removed=now,
        modified_at=now,
        modified_by=by,
    )


def _standing(rows: QuerySet[R], text: str, *, overtaken: bool) -> R | None:
    """The row that makes a new one with this value needless."""
    states = [ParameterStatus.PENDING]
    if not overtaken:
        states.append(ParameterStatus.ACTIVE)
    return rows.filter(value=text, status__in=states).order_by("-pk").first()


def _remove(rows: QuerySet[Any], now: datetime, by: str) -> None:
    """End values that were set; one may carry a date in the future, written by hand."""
    begun = Coalesce(F("date_added"), Value(now))
    rows.update(
        status=ParameterStatus.REMOVED,
        date_added=begun,
        date_removed=Greatest(begun, Value(now)),
        modified_at=now,
        modified_by=by,
    )
