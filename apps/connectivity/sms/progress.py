"""How far a text message got, in words and as a condition on its row; and what messages cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as lazy

from apps.connectivity.wakeups import SmsStatus, Trigger
from apps.core.stories import Tone


class Progress(StrEnum):
    """How far a message got. `sms_history.status` tells the last three apart from the first two."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"


@dataclass(frozen=True)
class Words:
    """What people read of a progress."""

    label: Any
    tone: Tone


WORDS = {
    Progress.WAITING: Words(lazy("waiting to be sent"), "info"),
    Progress.UNDER_WAY: Words(lazy("on its way"), "info"),
    Progress.DELIVERED: Words(lazy("delivered"), "good"),
    Progress.EXPIRED: Words(lazy("not delivered"), "warn"),
    Progress.NOT_SENT: Words(lazy("never sent"), "bad"),
}

# Why a message was sent; other programs may write other words into the column.
TRIGGERS = {
    Trigger.WAKEUP.value: lazy("by hand"),
    Trigger.ENABLE.value: lazy("to switch on"),
    Trigger.DISABLE.value: lazy("to switch off"),
}

# A message that this program did not send has no dispatch, and was handed over by whoever sent it.
_HELD = Q(dispatch__isnull=False, dispatch__handed_over_at__isnull=True)

CONDITIONS = {
    Progress.WAITING: Q(status__isnull=True) & _HELD,
    Progress.UNDER_WAY: Q(status__isnull=True) & ~_HELD,
    Progress.DELIVERED: Q(status=SmsStatus.DELIVERED),
    Progress.EXPIRED: Q(status=SmsStatus.EXPIRED) & ~_HELD,
    Progress.NOT_SENT: Q(status=SmsStatus.EXPIRED) & _HELD,
}
# By this name the list of messages is asked for those that got so far.
PROGRESS = "progress"


def progress_of(status: str | None, *, held: bool) -> Progress | None:
    """How far a message of this status got; `held` is whether we still have it, or never sent it.

    None for a status that only other programs write.
    """
    if status is None:
        return Progress.WAITING if held else Progress.UNDER_WAY
    if status == SmsStatus.DELIVERED:
        return Progress.DELIVERED
    if status == SmsStatus.EXPIRED:
        return Progress.NOT_SENT if held else Progress.EXPIRED
    return None


def price(cost: Decimal, currency: str) -> str:
    """An amount of money with at least two decimals, such as "0.05 USD" or "0.0425 USD"."""
    exact = cost.quantize(Decimal("0.0001"))
    short = exact.quantize(Decimal("0.01"))
    return f"{short if short == exact else exact.normalize():f} {currency}".strip()


def prices(sums: Iterable[tuple[Decimal, str]]) -> str:
    """Several amounts, each in its currency, rounded to two decimals."""
    return " + ".join(price(total.quantize(Decimal("0.01")), currency) for total, currency in sums)
