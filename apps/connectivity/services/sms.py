"""Asking a unit to connect at once, by a text message. Reference: "SMS and WAKEUP".

What is asked for is a row of sms_history, written in the transaction of the request; a worker sends
it afterwards (`services.sms_sending`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.connectivity.errors import CannotBeWoken
from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.selectors import can_wake, why_not_woken
from apps.connectivity.sms.turns import ask_for_turn
from apps.connectivity.wakeups import WAKEUP_TIMEOUT, Trigger
from apps.core.errors import DomainError, only
from apps.products.errors import UnknownProduct
from apps.products.models import EnableHistory, Product
from apps.products.services.units import hold_units


def send_wakeup(*, product_imei: str, by: str) -> SmsHistory:
    """Have a unit sent a wake-up; returns its row of sms_history, whose status is yet None.

    While a wake-up of the unit is on its way and may still be heard, no other is paid for: its row
    is returned instead. Raises UnknownProduct, and CannotBeWoken for a unit that would not hear or
    understand it.
    """
    return only(send_wakeups(imeis=[product_imei], by=by))


@transaction.atomic
def send_wakeups(*, imeis: Sequence[str], by: str) -> dict[str, SmsHistory | DomainError]:
    """`send_wakeup` for many units: what it would return, or raise, for each."""
    held = hold_units(imeis)
    reasons = why_not_woken(held)
    now = timezone.now()
    standing = _on_their_way(held, now)
    came: dict[str, SmsHistory | DomainError] = {}
    for imei in imeis:
        if imei not in held:
            came[imei] = UnknownProduct()
        elif imei in reasons:
            came[imei] = CannotBeWoken(reasons[imei])
        elif imei in standing:
            came[imei] = standing[imei]
    return came | _send([_wakeup(imei, now, by) for imei in imeis if imei not in came])


@transaction.atomic
def wake_for_wish(
    *, product_imei: str, enable_history_id: int, on: bool, by: str
) -> SmsHistory | None:
    """Have a unit woken up for a wish to switch it, which is that row of its history.

    None where it would be of no use: the unit confirmed, the wish was overtaken by another, or the
    unit cannot be woken up, and hears the wish when it connects by itself.
    """
    if not Product.objects.select_for_update().filter(pk=product_imei).exists():
        return None
    # A confirmation is a row of its own, so the newest row is a wish that is still open.
    wish = EnableHistory.objects.filter(
        pk=enable_history_id, product=product_imei, product__latest_enable_history=F("pk")
    )
    if not wish.exists() or not can_wake(product_imei):
        return None
    sms = _wakeup(product_imei, timezone.now(), by)
    sms.enable_history_id = enable_history_id
    sms.trigger = str(Trigger.ENABLE if on else Trigger.DISABLE)
    return _send([sms])[product_imei]


def _wakeup(product_imei: str, now: datetime, by: str) -> SmsHistory:
    return SmsHistory(
        product_id=product_imei,
        attempted_retries=0,
        message_reference=_new_reference(),
        sent_time=now,
        sms_timeout=WAKEUP_TIMEOUT,
        trigger=str(Trigger.WAKEUP),
        created_by=by,
    )


def _send(messages: Sequence[SmsHistory]) -> dict[str, SmsHistory]:
    """Store messages to different units, to be sent once this is committed; by IMEI."""
    if not messages:
        return {}
    stored = SmsHistory.objects.bulk_create(messages)
    SmsDispatch.objects.bulk_create(
        SmsDispatch(sms=sms, reference=str(sms.message_reference), due_at=sms.sent_time)
        for sms in stored
    )
    transaction.on_commit(ask_for_turn, robust=True)
    return {sms.product_id: sms for sms in stored}


def _on_their_way(imeis: Iterable[str], now: datetime) -> dict[str, SmsHistory]:
    """Of each unit the newest wake-up that it may yet receive: neither arrived nor expired.

    A unit that reported since was awake, whether or not anybody confirmed the delivery.
    """
    rows = SmsHistory.objects.filter(
        product__in=imeis,
        status__isnull=True,
        dispatch__isnull=False,
        sent_time__gt=now - WAKEUP_TIMEOUT,
    ).exclude(product__latest_connection__created_at__gte=F("sent_time"))
    return {sms.product_id: sms for sms in rows.order_by("sent_time", "pk")}


def _new_reference() -> str:
    """A reference that no other message has, in the form the reference documentation shows."""
    return f"/{secrets.token_hex(8)}/{secrets.randbelow(10**17):017d}"
