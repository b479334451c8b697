"""Waking many units up by text message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from apps.connectivity.selectors import why_not_woken
from apps.connectivity.services.sms import send_wakeups
from apps.core.errors import DomainError
from apps.core.levels import Level
from apps.fleet import reasons
from apps.fleet.commands.command import Command, Order, Parameters
from apps.fleet.models import CommandName
from apps.products.models import Product


def _skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    return ()


def _judge(imeis: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(why_not_woken(imeis), reasons.NOT_WAKEABLE)


def _run(imeis: Sequence[str], order: Order) -> dict[str, Any]:
    """None where a message that the unit may yet receive is on its way: no other is paid for."""
    before = timezone.now()
    came = send_wakeups(imeis=imeis, by=order.by)
    return {
        imei: sms if isinstance(sms, DomainError) or sms.sent_time >= before else None
        for imei, sms in came.items()
    }


COMMANDS = (
    Command(
        name=CommandName.SEND_WAKEUP,
        level=Level.ADMIN,
        title=lazy("Wake up by SMS"),
        icon="notifications_active",
        consequence=lazy(
            "Each unit gets a text message, which is paid for, and connects at once where it"
            " receives it."
        ),
        run=_run,
        skips=_skips,
        judge=_judge,
        per_minute=600,
        sends_sms=True,
    ),
)
