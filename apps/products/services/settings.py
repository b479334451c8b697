"""Parameters that staff set on a unit.

A value that is sent to the unit is `pending` until the unit confirms it
(`apps.products.services.parameters`), `expired` where another overtook it before or it was taken
back; any other value is `active` at once. Reference: "/products/<imei>/parameters/history".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.audit import note_made
from apps.core.errors import DomainError, Invalid, NotFound, only
from apps.products.errors import UnitTerminated, UnknownProduct
from apps.products.models import ParameterStatus, ParameterType, Product, ProductParameter
from apps.products.services.units import hold_unit, hold_units, terminated_among
from apps.products.values import text_of

# A row of a table of parameters: a unit's, or that of something in it.
R = TypeVar("R", bound=models.Model)


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
    return only(
        set_on_units(imeis=[product_imei], parameter_type=parameter_type, value=value, by=by)
    )


@transaction.atomic
def set_on_units(
    *, imeis: Sequence[str], parameter_type: ParameterType, value: Any, by: str
) -> dict[str, ProductParameter | DomainError]:
    """`set_parameter` for many units, each named once: what it would return, or raise, for each."""
    held = hold_units(imeis)
    prefetch_related_objects(list(held.values()), "product_type")
    ended = terminated_among(held) if parameter_type.setting else set()
    came: dict[str, ProductParameter | DomainError] = {}
    takers: list[Product] = []
    for imei in imeis:
        product = held.get(imei)
        if product is None:
            came[imei] = UnknownProduct()
        elif not takes(product, parameter_type):
            text = _("Units of the type {type} have no parameter {name}")
            wrong = text.format(type=product.product_type, name=parameter_type)
            came[imei] = Invalid({"parameter_type_id": wrong})
        elif imei in ended:
            came[imei] = UnitTerminated(imei)
        else:
            takers.append(product)
    try:
        put = put_values(
            ProductParameter, "product", takers, parameter_type=parameter_type, value=value, by=by
        )
    except Invalid as error:
        return came | {product.pk: error for product in takers}
    return came | put


def write_parameter(values: Mapping[str, Any], by: str) -> ProductParameter:
    """`set_parameter`, as a new row of the table asks for it: by its columns."""
    return set_parameter(
        product_imei=values["product_imei"],
        parameter_type=ParameterType.objects.get(pk=values["parameter_type_id"]),
        value=values["value"],
        by=by,
    )


@transaction.atomic
def withdraw_parameter(*, product_imei: str, parameter_id: int, by: str) -> ProductParameter | None:
    """Take back a value that a unit was asked for and did not confirm: its row is `expired`.

    `parameter_id` is the row's key. None where it waits no more, with nothing written: the unit
    has it by now, or it was taken back already. A unit that has heard of the value may take it all
    the same. Raises UnknownProduct, and NotFound for a row of another unit.
    """
    hold_unit(product_imei)
    rows = ProductParameter.objects.filter(pk=parameter_id, product=product_imei)
    if not rows.exists():
        raise NotFound
    if not expire_values(rows, now=timezone.now(), by=by):
        return None
    return rows.select_related("parameter_type").get()


def takes(product: Product, kind: ParameterType) -> bool:
    """Whether units of its kind have the parameter; a product type that lists none takes all."""
    allowed = product.product_type.parameter_types
    return not allowed or kind.pk in allowed


def put_values(
    model: type[R],
    holder: str,
    holders: Sequence[models.Model],
    *,
    parameter_type: ParameterType,
    value: Any,
    by: str,
) -> dict[Any, R]:
    """Make a value the one that is asked for, or set where nothing is sent, for each of `holders`.

    They are the units or parts that rows of `model` are of by their column `holder`, under locks
    that the caller holds. Returns the row of the value by the holder's key. Raises Invalid where
    the type does not take the value, with nothing written.
    """
    text = text_of(parameter_type, value)
    now = timezone.now()
    rows = model._default_manager.filter(
        **{f"{holder}__in": holders, "parameter_type": parameter_type}
    )
    overtaken: set[Any] = set()
    if holders and not parameter_type.repeatable:
        waiting = rows.filter(status=ParameterStatus.PENDING).exclude(value=text)
        overtaken = set(waiting.values_list(holder, flat=True))
        if overtaken:
            expire_values(waiting, now=now, by=by)
    put = _standing(rows, holder, text, overtaken) if holders else {}
    lacking = [one for one in holders if one.pk not in put]
    status, since = ParameterStatus.PENDING, None
    if not parameter_type.setting:
        status, since = ParameterStatus.ACTIVE, now
        if lacking and not parameter_type.repeatable:
            _remove(rows.filter(**{f"{holder}__in": lacking}), now, by)
    new = [
        model(
            **{holder: one},
            parameter_type=parameter_type,
            value=text,
            status=status,
            date_added=since,
            created_by=by,
        )
        for one in lacking
    ]
    note_made(model._default_manager.bulk_create(new))
    return put | {one.pk: row for one, row in zip(lacking, new, strict=True)}


def expire_values(rows: QuerySet[Any], *, now: datetime, by: str) -> int:
    """End values that wait: they begin and end at once, the unit never had them. How many."""
    return rows.filter(status=ParameterStatus.PENDING).update(
        status=ParameterStatus.EXPIRED,
        date_added=now,
        date_removed=now,
        modified_at=now,
        modified_by=by,
    )


def _standing(rows: QuerySet[R], holder: str, text: str, overtaken: set[Any]) -> dict[Any, R]:
    """By holder the newest row that makes a new one with this value needless.

    A value that is set does not, where another was asked for in between.
    """
    states = (ParameterStatus.PENDING, ParameterStatus.ACTIVE)
    found: dict[Any, R] = {}
    row: Any  # of either table of parameters
    for row in rows.filter(value=text, status__in=states).order_by("pk"):
        of = getattr(row, f"{holder}_id")
        if row.status == ParameterStatus.PENDING or of not in overtaken:
            found[of] = row
    return found


def _remove(rows: QuerySet[Any], now: datetime, by: str) -> None:
    """End those of the values that are set; one may carry a date in the future, written by hand."""
    begun = Coalesce(F("date_added"), Value(now))
    rows.filter(status=ParameterStatus.ACTIVE).update(
        status=ParameterStatus.REMOVED,
        date_added=begun,
        date_removed=Greatest(begun, Value(now)),
        modified_at=now,
        modified_by=by,
    )
