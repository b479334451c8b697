"""What the gateway reports of a message. Reference: "Delivery Notifications".

Reports come late, twice and in any order. That a message was delivered is the last word, also on
one that had expired; nothing else changes a message that has been judged.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.connectivity.errors import UnknownMessage
from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.selectors import sms_cost
from apps.connectivity.wakeups import SYSTEM, SmsStatus


class Outcome(StrEnum):
    """What a report says of a message; `accepted` is that it is on its way."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"


@transaction.atomic
def record_report(
    *, reference: str, outcome: Outcome, at: datetime | None = None, reason: str = ""
) -> None:
    """Take in one report; `at` is when it came to be so, and becomes the message's modified_at.

    A time before the message or after now is not believed: now stands for it. Raises
    UnknownMessage for a reference that was never used here.
    """
    dispatch = SmsDispatch.objects.select_for_update().filter(reference=reference).first()
    if dispatch is None:
        raise UnknownMessage
    now = timezone.now()
    # The gateway has the message, so there is nothing left to hand over.
    columns: dict[str, object] = {"due_at": None}
    if dispatch.handed_over_at is None:
        # The worker died before it could note as much.
        columns |= {"handed_over_at": now, "cost": sms_cost(), "currency": settings.SMS_CURRENCY}
    if outcome is not Outcome.ACCEPTED:
        moment = at if at and _sent_time(dispatch) <= at <= now else now
        if _judge(dispatch, outcome, moment):
            columns["last_error"] = "" if outcome is Outcome.DELIVERED else _told(outcome, reason)
    SmsDispatch.objects.filter(pk=dispatch.pk).update(**columns)


def _told(outcome: Outcome, reason: str) -> str:
    return f"{outcome.value}: {reason}" if reason else outcome.value


def _sent_time(dispatch: SmsDispatch) -> datetime:
    return SmsHistory.objects.values_list("sent_time", flat=True).get(pk=dispatch.pk)


def _judge(dispatch: SmsDispatch, outcome: Outcome, moment: datetime) -> bool:
    """Set the status that follows; returns whether that changed anything."""
    rows = SmsHistory.objects.filter(pk=dispatch.pk)
    if outcome is Outcome.DELIVERED:
        status = SmsStatus.DELIVERED
        rows = rows.exclude(status=status)
    else:
        status = SmsStatus.EXPIRED
        rows = rows.filter(status__isnull=True)
    return bool(rows.update(status=status, modified_at=moment, modified_by=SYSTEM))
