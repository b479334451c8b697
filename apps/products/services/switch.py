"""The two switches of a unit: the unit itself and its tamper switch.

A change is asked for by staff, heard by the unit at its next connection and confirmed by its
report; until then it is pending. `desired_*` on the product is the wish, `current_*` what the unit
last said, and each change of state is a row of the switch's history. Reference:
"/products/<imei>/enable", "Pending Status and Enable History",
"/products/<imei>/enable_tamper_switch".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.core.events import publish
from apps.core.writes import Writes, Written
from apps.products.errors import UnitTerminated, UnknownProduct
from apps.products.models import EnableHistory, EnableState, Product, TamperEnableHistory
from apps.products.selectors import TERMINATED, life_stage

# Stands as the user of history rows that a unit caused by itself.
UNIT = "unit"

# A unit's clock may be this far from ours; its signature is refused beyond.
CLOCK_TOLERANCE = timedelta(seconds=300)

Transitions = Mapping[tuple[EnableState, bool], EnableState]

_S = EnableState

# What asking for on (True) or off (False) leads to. A pair that is absent changes nothing: the unit
# is there already or has been asked already. Asking back before the unit heard is a change like any
# other, because nobody knows whether it heard.
ASKED: Transitions = {
    (_S.INIT, True): _S.PENDING_ENABLED,
    (_S.INIT, False): _S.PENDING_DISABLED,
    (_S.ENABLED, False): _S.PENDING_DISABLED,
    (_S.DISABLED, True): _S.PENDING_ENABLED,
    (_S.PENDING_ENABLED, False): _S.PENDING_DISABLED,
    (_S.PENDING_DISABLED, True): _S.PENDING_ENABLED,
}

# What a unit's report of on or off leads to. From a pending state only the wish itself leads on: a
# report of the contrary was made before the unit heard, or confirms an older wish.
REPORTED: Transitions = {
    (_S.INIT, True): _S.ENABLED,
    (_S.INIT, False): _S.DISABLED,
    (_S.PENDING_ENABLED, True): _S.ENABLED,
    (_S.PENDING_DISABLED, False): _S.DISABLED,
    # Nobody asked: the unit was rebooted, ran out of credit or was switched by hand.
    (_S.ENABLED, False): _S.DISABLED,
    (_S.DISABLED, True): _S.ENABLED,
}


@dataclass(frozen=True)
class Switch:
    """Where one switch is kept: the product's columns, the history with its columns, the event."""

    event: str
    current: str
    desired: str
    history: type[EnableHistory] | type[TamperEnableHistory]
    prev_state: str
    current_state: str
    latest: str | None = None


MAIN = Switch(
    event="enable_state_changed",
    current="current_enable_flag",
    desired="desired_enable_flag",
    history=EnableHistory,
    prev_state="prev_enable_state",
    current_state="current_enable_state",
    latest="latest_enable_history_id",
)
TAMPER = Switch(
    event="tamper_state_changed",
    current="current_tamper_flag",
    desired="desired_tamper_flag",
    history=TamperEnableHistory,
    prev_state="prev_tamper_enable_state",
    current_state="current_tamper_enable_state",
)


@dataclass(frozen=True, slots=True)
class SwitchStanding:
    """One switch of one unit, read while the unit's row is locked.

    `state` and `since` are those of the newest history row; INIT and None where there is none.
    """

    current: bool
    state: EnableState
    since: datetime | None


def enable_product(*, product_imei: str, by: str) -> EnableHistory | None:
    """Ask a unit to switch on; it stays `pending_enabled` until the unit confirms.

    Returns the history row, or None where the unit is on or asked already (a success all the same).
    Raises UnknownProduct, and UnitTerminated for a unit at the end of its life.
    """
    return _ask(MAIN, product_imei=product_imei, on=True, by=by)


def disable_product(*, product_imei: str, by: str) -> EnableHistory | None:
    """Ask a unit to switch off; it stays `pending_disabled` until the unit confirms.

    `disable_date` becomes the moment of the first request. Returns and raises as `enable_product`,
    except that a terminated unit may be switched off.
    """
    return _ask(MAIN, product_imei=product_imei, on=False, by=by)


def enable_tamper_switch(*, product_imei: str, by: str) -> TamperEnableHistory | None:
    """Ask a unit to watch for tampering. Returns as `enable_product`; no stage of life matters."""
    return _ask(TAMPER, product_imei=product_imei, on=True, by=by)


def disable_tamper_switch(*, product_imei: str, by: str) -> TamperEnableHistory | None:
    """Ask a unit to stop watching for tampering, e.g. for transport. Returns as the other three."""
    return _ask(TAMPER, product_imei=product_imei, on=False, by=by)


@transaction.atomic
def _ask(switch: Switch, *, product_imei: str, on: bool, by: str) -> Any:
    product = Product.objects.select_for_update().filter(pk=product_imei).first()
    if product is None:
        raise UnknownProduct
    if switch is MAIN and on and life_stage(product_imei) == TERMINATED:
        raise UnitTerminated(product_imei)
    state, since = _newest(switch, product_imei)
    following = ASKED.get((state, on))
    if following is None and getattr(product, switch.desired) == on:
        return None
    now = timezone.now()
    saved: dict[str, Any] = {switch.desired: on, "modified_at": now, "modified_by": by}
    row = None
    if following is not None:
        row = _write_history(
            switch, product_imei, prev=state, current=following, date=_after(since, now), by=by
        )
        if switch.latest:
            saved[switch.latest] = row.pk
        if switch is MAIN:
            asked = {"history_id": row.pk, "on": on, "by": by}
            publish("switch_asked", subject=product_imei, data=asked)
    if switch is MAIN:
        saved["disable_date"] = None if on else now
    for column, value in saved.items():
        setattr(product, column, value)
    product.save(update_fields=list(saved))
    return row


def withdraw_enable(*, product: Product, by: str) -> EnableHistory | None:
    """Take back a wish to switch a unit on that the unit did not confirm.

    What it last said stands, as its state and as the wish. The caller holds the lock on the unit's
    row. Returns the history row, or None where no such wish was open.
    """
    state, since = _newest(MAIN, product.pk)
    if state is not EnableState.PENDING_ENABLED:
        return None
    now = timezone.now()
    row = _write_history(
        MAIN,
        product.pk,
        prev=state,
        current=EnableState.ENABLED if product.current_enable_flag else EnableState.DISABLED,
        date=_after(since, now),
        by=by,
    )
    product.desired_enable_flag = product.current_enable_flag
    product.latest_enable_history = row
    product.modified_at, product.modified_by = now, by
    product.save(
        update_fields=["desired_enable_flag", "latest_enable_history", "modified_at", "modified_by"]
    )
    return row


def confirm_switch(
    *,
    switch: Switch,
    product_imei: str,
    standing: SwitchStanding,
    reported: bool,
    made_at: datetime,
    now: datetime,
    writes: Writes,
) -> dict[str, Any]:
    """Take in what a unit says of one switch and return the product's columns to save for it.

    The caller holds the lock on the unit's row, under which `standing` was read, and sends the
    columns with `writes`, to which the history row is added. What the unit says is what is current;
    the wish is never touched, so a wish the unit does not follow is offered to it again. A report
    made before the wish does not confirm it: the unit cannot have heard. An unchanged report writes
    nothing.
    """
    columns: dict[str, Any] = {}
    differs = reported != standing.current
    if differs:
        columns[switch.current] = reported
    following = REPORTED.get((standing.state, reported))
    if following is None or (standing.state is EnableState.INIT and not differs):
        return columns
    if standing.since is not None and made_at < standing.since - CLOCK_TOLERANCE:
        return columns
    row = _add_history(
        writes, switch, product_imei, standing, following, date=_after(standing.since, now), now=now
    )
    if switch.latest:
        columns[switch.latest] = row
    return columns


def _newest(switch: Switch, product_imei: str) -> tuple[EnableState, datetime | None]:
    row = (
        switch.history._default_manager.filter(product_id=product_imei)
        .order_by("-date", f"-{switch.history._meta.pk.name}")
        .values_list(switch.current_state, "date")
        .first()
    )
    return (EnableState(row[0]), row[1]) if row else (EnableState.INIT, None)


def _after(since: datetime | None, now: datetime) -> datetime:
    """The date of the next history row: the newest row must stay the newest by its date.

    `now` may be earlier than the newest row: clocks are set, servers differ, and a request may have
    waited for the unit's row longer than the one that was served first.
    """
    return now if since is None else max(now, since)


def _write_history(
    switch: Switch,
    product_imei: str,
    *,
    prev: EnableState,
    current: EnableState,
    date: datetime,
    by: str,
) -> Any:
    row = switch.history._default_manager.create(
        product_id=product_imei,
        user=by,
        date=date,
        created_by=by,
        **{switch.prev_state: prev, switch.current_state: current},
    )
    _tell(switch, product_imei, row.pk, prev, current, by)
    return row


def _add_history(
    writes: Writes,
    switch: Switch,
    product_imei: str,
    standing: SwitchStanding,
    current: EnableState,
    *,
    date: datetime,
    now: datetime,
) -> Written:
    """`_write_history` for what a unit reports, without a model: every contact may need it."""
    meta = switch.history._meta
    adapt = connection.ops.adapt_datetimefield_value
    row = writes.add(
        f"INSERT INTO {meta.db_table} (product_imei, {switch.prev_state}, {switch.current_state},"
        ' "user", date, created_at, created_by) VALUES (%s, %s, %s, %s, %s, %s, %s)',
        [product_imei, standing.state.value, current.value, UNIT, adapt(date), adapt(now), UNIT],
        returning=meta.pk.name,
    )
    writes.then(lambda: _tell(switch, product_imei, row.value, standing.state, current, UNIT))
    return row


def _tell(
    switch: Switch, product_imei: str, key: int, prev: EnableState, current: EnableState, by: str
) -> None:
    publish(
        switch.event,
        subject=product_imei,
        data={"history_id": key, "from": prev, "to": current, "by": by},
    )
