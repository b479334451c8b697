"""Sending the messages that were written down, and giving up those that came too late.

A worker takes one message at a time: it moves `due_at` on, which keeps others away, calls the
provider outside any transaction, and notes what came of it. If it dies in between, the message is
due again once its time is up, and the provider knows it by its reference. Order of locks: the
dispatch, then the message.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.selectors import sms_cost
from apps.connectivity.sms.choice import provider_in_use
from apps.connectivity.sms.providers import (
    Message,
    MessageRefused,
    Provider,
    ProviderAway,
    Receipt,
)
from apps.connectivity.wakeups import SYSTEM, WAKEUP_TEXT, SmsStatus

logger = logging.getLogger("smartsolar.sms")

# Longer than any attempt: the message of a worker that died is taken up after that.
LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(minutes=10)
# A task ends after that long, so that a slow gateway does not keep a worker from other tasks.
TURN = 45.0
_EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this worker has, until `until` unless another takes it up after that."""

    sms_id: int
    attempt: int
    until: datetime
    message: Message


def send_due() -> int:
    """Hand every message that is due to the provider; returns how many it took.

    Once the provider is found to be away the rest wait for the next turn. Any number of workers may
    do this at once.
    """
    provider, taken = provider_in_use(), 0
    end = time.monotonic() + TURN
    while time.monotonic() < end:
        claim = claim_next()
        if claim is None:
            break
        try:
            receipt = provider.send(claim.message)
        except MessageRefused as refused:
            _give_up(claim, str(refused))
        except ProviderAway as away:
            _put_off(claim, away)
            break
        else:
            _note_taken(claim, provider, receipt)
            taken += 1
    return taken


def claim_next() -> Claim | None:
    """Take up the message that has waited longest; None where none is due."""
    while True:
        with transaction.atomic():
            now = timezone.now()
            waiting = SmsDispatch.objects.filter(due_at__lte=now).order_by("due_at", "pk")
            if connection.features.has_select_for_update_skip_locked:
                waiting = waiting.select_for_update(skip_locked=True)
            dispatch = waiting.first()
            if dispatch is None:
                return None
            message = _message(dispatch, now)
            if message is not None:
                return _claim(dispatch, message, now)
            # Nobody waits for it any more: it was judged, or is too old to be of use.
            dispatch.due_at = None
            dispatch.save(update_fields=["due_at"])


def _message(dispatch: SmsDispatch, now: datetime) -> Message | None:
    sms = SmsHistory.objects.select_related("product").get(pk=dispatch.pk)
    left = sms.sms_timeout - (now - sms.sent_time)
    if sms.status is not None or left <= timedelta(0):
        return None
    return Message(
        reference=dispatch.reference,
        imsi=sms.product.imsi,
        iccid=sms.product.iccid,
        text=WAKEUP_TEXT,
        valid_seconds=max(int(left.total_seconds()), 1),
    )


def _claim(dispatch: SmsDispatch, message: Message, now: datetime) -> Claim:
    dispatch.attempts += 1
    dispatch.due_at = now + LEASE
    dispatch.save(update_fields=["attempts", "due_at"])
    if dispatch.attempts > 1:
        rows = SmsHistory.objects.filter(pk=dispatch.pk)
        rows.update(attempted_retries=dispatch.attempts - 1)
    return Claim(dispatch.pk, dispatch.attempts, dispatch.due_at, message)


def _note_taken(claim: Claim, provider: Provider, receipt: Receipt) -> None:
    """The provider has the message, even if another worker took it up meanwhile."""
    SmsDispatch.objects.filter(pk=claim.sms_id).update(
        due_at=None,
        # A report of its delivery may have come before the provider's answer.
        handed_over_at=Coalesce(F("handed_over_at"), timezone.now()),
        provider=provider.name,
        provider_reference=receipt.provider_reference,
        cost=sms_cost() if receipt.cost is None else receipt.cost,
        currency=receipt.currency or settings.SMS_CURRENCY,
        last_error="",
    )


def _put_off(claim: Claim, away: ProviderAway) -> None:
    pause = min(FIRST_RETRY * 2 ** min(claim.attempt - 1, 10), LONGEST_RETRY)
    pause = max(pause, timedelta(seconds=away.wait))
    logger.warning("SMS %s: attempt %d failed: %s", claim.message.reference, claim.attempt, away)
    _held(claim).update(due_at=timezone.now() + pause, last_error=str(away))


def _give_up(claim: Claim, reason: str) -> None:
    """The provider will not have the message: it ends here, and the unit is not affected."""
    logger.error("SMS %s was refused: %s", claim.message.reference, reason)
    with transaction.atomic():
        if _held(claim).update(due_at=None, last_error=reason):
            _expire([claim.sms_id], timezone.now())


def _held(claim: Claim) -> models.QuerySet[SmsDispatch]:
    """The dispatch, as long as no other worker has taken it up and no report has settled it."""
    return SmsDispatch.objects.filter(pk=claim.sms_id, due_at=claim.until)


def expire_messages() -> int:
    """Mark as Expired whatever was not delivered within its timeout; returns how many."""
    expired = 0
    while True:
        now = timezone.now()
        with transaction.atomic():
            late = _late(now)
            # In order of the key, as every lock on several rows.
            held = SmsDispatch.objects.select_for_update().filter(pk__in=late).order_by("pk")
            keys = [dispatch.pk for dispatch in held]
            SmsDispatch.objects.filter(pk__in=keys).update(due_at=None)
            expired += _expire(keys, now)
        if len(late) < _EXPIRED_AT_ONCE:
            return expired


def _late(now: datetime) -> list[int]:
    """Messages of ours on their way for longer than their timeout, the oldest first."""
    # The age is compared, not the end: a timeout of any length can be in the column.
    age = models.ExpressionWrapper(
        models.Value(now, models.DateTimeField()) - F("sent_time"), models.DurationField()
    )
    rows = SmsHistory.objects.filter(status__isnull=True, dispatch__isnull=False)
    late = rows.annotate(age=age).filter(age__gte=F("sms_timeout")).order_by("sent_time")
    return list(late.values_list("pk", flat=True)[:_EXPIRED_AT_ONCE])


def _expire(keys: list[int], now: datetime) -> int:
    """The caller holds the locks on the dispatches."""
    return SmsHistory.objects.filter(pk__in=keys, status__isnull=True).update(
        status=SmsStatus.EXPIRED, modified_at=now, modified_by=SYSTEM
    )
