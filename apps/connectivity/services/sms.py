"""Asking a unit to connect at once, by a text message. Reference: "SMS and WAKEUP".

What is asked for is a row of sms_history, written in the transaction of the request; a worker sends
it afterwards (`services.sms_sending`).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.connectivity.errors import CannotBeWoken
from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.selectors import can_wake, why_not_woken
from apps.connectivity.sms.turns import ask_for_turn
from apps.connectivity.wakeups import WAKEUP_TIMEOUT, Trigger
from apps.products.errors import UnknownProduct
from apps.products.models import EnableHistory, Product


@transaction.atomic
def send_wakeup(
    *,
    product_imei: str,
    by: str,
    enable_history_id: int | None = None,
    trigger: str = Trigger.WAKEUP,
) -> SmsHistory:
    """Have a unit sent a wake-up; returns its row of sms_history, whose status is yet None.

    While a wake-up of the unit is on its way and may still be heard, no other is paid for: its row
    is returned instead. One that stands for a wish (`enable_history_id`) is always sent.
    Raises UnknownProduct, and CannotBeWoken for a unit that would not hear or understand it.
    """
    if not Product.objects.select_for_update().filter(pk=product_imei).exists():
        raise UnknownProduct
    reasons = why_not_woken([product_imei])
    if reasons:
        raise CannotBeWoken(reasons[product_imei])
    now = timezone.now()
    if enable_history_id is None:
        standing = _on_its_way(product_imei, now)
        if standing is not None:
            return standing
    reference = _new_reference()
    sms = SmsHistory.objects.create(
        product_id=product_imei,
        attempted_retries=0,
        enable_history_id=enable_history_id,
        message_reference=reference,
        sent_time=now,
        sms_timeout=WAKEUP_TIMEOUT,
        trigger=str(trigger),
        created_by=by,
    )
    SmsDispatch.objects.create(sms=sms, reference=reference, due_at=now)
    transaction.on_commit(ask_for_turn, robust=True)
    return sms


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
    return send_wakeup(
        product_imei=product_imei,
        by=by,
        enable_history_id=enable_history_id,
        trigger=Trigger.ENABLE if on else Trigger.DISABLE,
    )


def _on_its_way(product_imei: str, now: datetime) -> SmsHistory | None:
    """A wake-up that the unit may yet receive: it has neither arrived nor expired.

    A unit that reported since was awake, whether or not anybody confirmed the delivery.
    """
    return (
        SmsHistory.objects.filter(
            product_id=product_imei,
            status__isnull=True,
            dispatch__isnull=False,
            sent_time__gt=now - WAKEUP_TIMEOUT,
        )
        .exclude(product__latest_connection__created_at__gte=F("sent_time"))
        .order_by("-sent_time", "-pk")
        .first()
    )


def _new_reference() -> str:
    """A reference that no other message has, in the form the reference documentation shows."""
    return f"/{secrets.token_hex(8)}/{secrets.randbelow(10**17):017d}"
