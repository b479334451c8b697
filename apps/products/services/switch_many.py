"""The switches of many units in a few statements, by the rules of one unit.

What each unit gets is, row by row, what `apps.products.services.switch` would write for it: tests
hold the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.events import publish_many
from apps.products.errors import UnitTerminated, UnknownProduct
from apps.products.models import EnableState, Product
from apps.products.selectors import TERMINATED
from apps.products.services.switch import ASKED, MAIN, Switch

# The key of each unit's new history row, None where there was nothing to do, or why it is refused.
Asked = dict[str, int | DomainError | None]


@transaction.atomic
def ask_units(*, switch: Switch, imeis: Sequence[str], on: bool, by: str) -> Asked:
    """Ask many units to switch on or off, as `enable_product` and its like ask one.

    Their rows are locked in the order of their keys. A unit that is refused is left as it is; the
    others are not held up.
    """
    held = Product.objects.select_for_update().filter(pk__in=imeis).order_by("pk")
    list(held.values_list("pk"))
    found: Asked = {imei: UnknownProduct() for imei in imeis}
    now = timezone.now()
    moved: dict[str, Move] = {}
    wished = []
    # Read once the locks are held: whoever had them may have written another row.
    for imei, wish, stage, state, since in _standings(switch, imeis):
        if switch is MAIN and on and stage == TERMINATED:
            found[imei] = UnitTerminated(imei)
            continue
        state = EnableState(state) if state else EnableState.INIT
        following = ASKED.get((state, on))
        found[imei] = None
        if following is not None:
            date = now if since is None else max(now, since)
            moved[imei] = Move(state, following, date)
        elif wish != on:
            wished.append(imei)
    found |= _write(switch, moved, on=on, now=now, by=by)
    saved = _columns(switch, on=on, now=now, by=by)
    Product.objects.filter(pk__in=wished).update(**saved)
    return found


def _standings(switch: Switch, imeis: Sequence[str]) -> Any:
    """(IMEI, wish, stage of life, state of the switch, since when) of each unit there is."""
    newest = switch.history._default_manager.filter(product=OuterRef("pk")).order_by("-date", "-pk")
    return (
        Product.objects.filter(pk__in=imeis)
        .order_by("pk")
        .values_list(
            "pk",
            switch.desired,
            "latest_state__current_state_type__name",
            Subquery(newest.values(switch.current_state)[:1]),
            Subquery(newest.values("date")[:1]),
        )
    )


class Move(NamedTuple):
    """A step of a switch that is to be written; the newest row stays the newest by its date."""

    prev: EnableState
    current: EnableState
    date: datetime


def _columns(switch: Switch, *, on: bool, now: datetime, by: str) -> dict[str, Any]:
    """The columns of a unit that is asked."""
    columns: dict[str, Any] = {switch.desired: on, "modified_at": now, "modified_by": by}
    if switch is MAIN:
        columns["disable_date"] = None if on else now
    return columns


def _write(
    switch: Switch, moved: dict[str, Move], *, on: bool, now: datetime, by: str
) -> dict[str, int]:
    """Store the history rows, their events and the units that they are of; returns the rows' keys.

    Steps that are alike are one statement: rows that never pass through the program are several
    times as cheap as those that do.
    """
    if not moved:
        return {}
    alike: dict[Move, list[str]] = defaultdict(list)
    for imei, move in moved.items():
        alike[move].append(imei)
    keys: dict[str, int] = {}
    for move, imeis in alike.items():
        keys |= _insert(switch, move, imeis, now=now, by=by)
    _point(switch, keys, on=on, now=now, by=by)
    publish_many(
        switch.event,
        {
            imei: {"history_id": key, "from": moved[imei].prev, "to": moved[imei].current, "by": by}
            for imei, key in keys.items()
        },
    )
    if switch is MAIN:
        asked = {imei: {"history_id": key, "on": on, "by": by} for imei, key in keys.items()}
        publish_many("switch_asked", asked)
    return keys


def _insert(
    switch: Switch, move: Move, imeis: list[str], *, now: datetime, by: str
) -> dict[str, int]:
    """A history row for each of these units; returns the keys of the rows by IMEI."""
    quote, meta = connection.ops.quote_name, switch.history._meta
    key: Any = meta.pk
    values: dict[str, Any] = {
        switch.prev_state: move.prev.value,
        switch.current_state: move.current.value,
        "user": by,
        "date": move.date,
        "created_at": now,
        "created_by": by,
    }
    fields: list[Any] = [meta.get_field(name) for name in values]
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(values))
    chosen, params = (
        Product.objects.filter(pk__in=imeis)
        .order_by("pk")
        .values("product_imei")
        .query.sql_with_params()
    )
    sql = (
        f"INSERT INTO {quote(meta.db_table)} (product_imei, {names})"
        f" SELECT chosen.product_imei, {places} FROM ({chosen}) AS chosen"
        f" RETURNING product_imei, {quote(key.column)}"
    )
    stored = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(fields, values.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*stored, *params])
        return dict(cursor.fetchall())


def _point(switch: Switch, keys: dict[str, int], *, on: bool, now: datetime, by: str) -> None:
    """Let the units say what they are asked, and which row of the history is their newest."""
    columns = _columns(switch, on=on, now=now, by=by)
    if switch.latest:
        ours = switch.history._default_manager.filter(
            pk__in=list(keys.values()), product=OuterRef("pk")
        )
        columns[switch.latest] = Subquery(ours.values("pk")[:1])
    Product.objects.filter(pk__in=list(keys)).update(**columns)
