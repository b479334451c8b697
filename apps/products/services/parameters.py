"""Parameters of a unit, as far as the unit itself confirms them.

`pending` values wait for the unit, `active` ones are set on it, `removed` ones were. Reference:
"/products/<imei>/parameters/history".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models
from django.db.models import F, QuerySet

from apps.core.writes import Writes
from apps.products.models import DataType, ParameterStatus, ProductParameter
from apps.products.services.switch import CLOCK_TOLERANCE

Reported = bool | int | float | str

_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no"})


@dataclass(frozen=True, slots=True)
class WaitingValue:
    """A pending row of a table of parameters; `holder` is the unit or the part it is of."""

    key: int
    holder: str | int
    type_id: int
    name: str
    data_type: str
    repeatable: bool
    text: str
    asked_at: datetime


def waiting_values(rows: QuerySet, holder: str) -> list[WaitingValue]:
    """What waits among `rows`, oldest first; `holder` is their column for the unit or part."""
    kind = "parameter_type__"
    found = rows.filter(status=ParameterStatus.PENDING).order_by("pk")
    columns = ("parameter_type_id", f"{kind}name", f"{kind}data_type", f"{kind}repeatable")
    # The same part may be reached twice, through two rows of where it was.
    columns_of_row = found.values_list("pk", F(holder), *columns, "value", "created_at")
    return [WaitingValue(*row) for row in dict.fromkeys(columns_of_row)]


def confirm_parameters(
    *,
    product_imei: str,
    reported: Mapping[str, Reported],
    made_at: datetime,
    now: datetime,
    by: str,
    writes: Writes,
) -> None:
    """Make active what is pending and what the unit reports with just that value.

    The value that was active before is removed, unless its type may be set several times. Values
    nobody asked for are left alone. The caller holds the lock on the unit's row and sends `writes`.
    """
    waiting = waiting_values(ProductParameter.objects.filter(product=product_imei), "product_id")
    found = confirmed(waiting, reported, made_at)
    activate(ProductParameter, "product_imei", found, now=now, by=by, writes=writes)


def confirmed(
    waiting: Iterable[WaitingValue], reported: Mapping[str, Reported], made_at: datetime
) -> list[WaitingValue]:
    """The values that a report made at that moment confirms.

    One that was asked for later is not confirmed, even by its very text: the unit may have heard of
    another in between. Of several for one type that holds one value, the newest counts.
    """
    found: dict[tuple[str | int, int, int], WaitingValue] = {}
    for value in waiting:
        if (
            value.name in reported
            and made_at >= value.asked_at - CLOCK_TOLERANCE
            and means_same(value.text, reported[value.name], value.data_type)
        ):
            place = value.key if value.repeatable else 0
            found[value.holder, value.type_id, place] = value
    return list(found.values())


def activate(
    model: type[models.Model],
    holder: str,
    values: Sequence[WaitingValue],
    *,
    now: datetime,
    by: str,
    writes: Writes,
) -> None:
    """Make values active, in place of those that were, in one write; `holder` names the column."""
    if not values:
        return
    meta, at = model._meta, connection.ops.adapt_datetimefield_value(now)
    keys = [value.key for value in values]
    fresh = f"{meta.pk.column} IN ({', '.join(['%s'] * len(keys))})"
    places = [(value.holder, value.type_id) for value in values if not value.repeatable]
    replaced = " OR ".join([f"({holder} = %s AND parameter_type_id = %s)"] * len(places)) or "1 = 0"
    writes.add(
        f"UPDATE {meta.db_table} SET"
        f" status = CASE WHEN {fresh} THEN 'active' ELSE 'removed' END,"
        f" date_removed = CASE WHEN {fresh} THEN NULL"
        # One may carry a date in the future, written by hand.
        " WHEN date_added > %s THEN date_added ELSE %s END,"
        f" date_added = CASE WHEN {fresh} THEN %s ELSE date_added END,"
        " modified_at = %s, modified_by = %s"
        f" WHERE {fresh} OR (status = 'active' AND ({replaced}))",
        [*keys, *keys, at, at, *keys, at, at, by, *keys, *(c for place in places for c in place)],
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
