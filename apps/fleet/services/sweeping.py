"""What happens to commands by the clock: those left lying go on, those forgotten are dropped."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.fleet.models import CommandStatus, FleetCommand, FleetCommandUnit
from apps.fleet.services import steps

# Longer than a batch takes: whoever had the command in hand has died.
_LEFT_LYING: Final = dt.timedelta(seconds=30)
# A preview that nobody confirmed keeps its units this long.
_FORGOTTEN: Final = dt.timedelta(days=1)
_FEW: Final = 20


def left_lying() -> list[int]:
    """Running commands that nobody has worked on although their pace would have allowed it."""
    since = timezone.now() - _LEFT_LYING
    rows = FleetCommand.objects.filter(
        Q(paced_until__isnull=True) | Q(paced_until__lt=since), status=CommandStatus.RUNNING
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def settle_ended() -> int:
    """Finish what ended commands left half done; returns how many units that were."""
    ended = FleetCommand.objects.filter(
        status__in=(CommandStatus.CANCELLED, CommandStatus.STOPPED), units_pending__gt=0
    )
    return sum(steps.settle(command_id=key) for key in ended.values_list("pk", flat=True))


def forget_previews() -> int:
    """Drop the units of previews that nobody confirmed within a day; returns how many previews."""
    since = timezone.now() - _FORGOTTEN
    old = FleetCommand.objects.filter(status=CommandStatus.PREVIEW, created_at__lt=since)
    forgotten = 0
    for key in old.order_by("pk").values_list("pk", flat=True)[:_FEW]:
        with transaction.atomic():
            row = FleetCommand.objects.select_for_update().get(pk=key)
            if row.status == CommandStatus.PREVIEW:
                steps.end(row, CommandStatus.EXPIRED, by=None)
                FleetCommandUnit.objects.filter(fleet_command=row)._raw_delete(using="default")
                FleetCommand.objects.filter(pk=key).update(units_pending=0)
                forgotten += 1
    return forgotten
