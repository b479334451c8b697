"""The steps of a command that people take: confirm it, cancel it, try the failures again."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.callers import Caller
from apps.core.errors import Forbidden, NotFound
from apps.core.scope import restrict
from apps.core.tables import table_of
from apps.fleet.errors import WrongMoment
from apps.fleet.models import CommandStatus, FleetCommand, FleetCommandUnit, UnitOutcome
from apps.fleet.services.previews import may_give

# What a preview expects is worth this long.
PREVIEW_LIFE: Final = dt.timedelta(hours=1)
# Rows that are marked in one transaction.
_CHUNK: Final = 10_000

_ENDED = (CommandStatus.FINISHED, CommandStatus.CANCELLED, CommandStatus.STOPPED)


@transaction.atomic
def confirm(*, command_id: int, caller: Caller) -> tuple[FleetCommand, bool]:
    """Let a preview begin; returns it, and whether it begins now: confirming again changes nothing.

    Raises NotFound, Forbidden below the command's level, and WrongMoment for a preview that is
    older than an hour or was cancelled.
    """
    row = _hold(command_id, caller)
    if row.status in (CommandStatus.RUNNING, CommandStatus.FINISHED):
        return row, False
    if row.status == CommandStatus.EXPIRED or (
        row.status == CommandStatus.PREVIEW and row.created_at < timezone.now() - PREVIEW_LIFE
    ):
        raise WrongMoment(
            _("This preview is older than an hour and may no longer be true; make a new one")
        )
    if row.status != CommandStatus.PREVIEW:
        raise WrongMoment(_("This command has ended; make a new one"))
    now = timezone.now()
    row.status = CommandStatus.RUNNING
    row.confirmed_at = row.paced_until = row.modified_at = now
    row.confirmed_by = row.modified_by = caller.username
    row.save(
        update_fields=[
            "status",
            "confirmed_at",
            "confirmed_by",
            "paced_until",
            "modified_at",
            "modified_by",
        ]
    )
    return row, True


def cancel(*, command_id: int, caller: Caller) -> tuple[FleetCommand, bool]:
    """End a command: what has not begun never will. Returns it, and whether that is new.

    Units that a worker has in its hands at this moment are still done; no further ones begin.
    Raises NotFound, Forbidden below the command's level, and WrongMoment for a finished one.
    """
    with transaction.atomic():
        row = _hold(command_id, caller)
        if row.status in (CommandStatus.FINISHED, CommandStatus.STOPPED, CommandStatus.EXPIRED):
            raise WrongMoment(_("This command has ended: there is nothing left to cancel"))
        is_new = row.status != CommandStatus.CANCELLED
        if is_new:
            end(row, CommandStatus.CANCELLED, by=caller.username)
    settle(command_id=command_id)
    row.refresh_from_db()
    return row, is_new


@transaction.atomic
def retry(*, command_id: int, caller: Caller) -> tuple[FleetCommand, int]:
    """Let the units that failed have another turn; returns the command and how many there are.

    Raises NotFound, Forbidden below the command's level, and WrongMoment for a command that is
    under way or has no failures.
    """
    row = _hold(command_id, caller)
    if row.status not in _ENDED:
        raise WrongMoment(_("Failures can be tried again once the command has ended"))
    failed = FleetCommandUnit.objects.filter(fleet_command=row, outcome=UnitOutcome.FAILED)
    now = timezone.now()
    count = failed.update(
        outcome=UnitOutcome.PENDING,
        reason=None,
        message=None,
        attempts=0,
        done_at=None,
        modified_at=now,
        modified_by=caller.username,
    )
    if not count:
        raise WrongMoment(_("No unit of this command has failed"))
    row.units_failed -= count
    row.units_pending += count
    row.status = CommandStatus.RUNNING
    row.paced_until = row.modified_at = now
    row.modified_by = caller.username
    row.ended_at = row.ended_by = row.end_reason = None
    row.save()
    return row, count


def end(row: FleetCommand, status: CommandStatus, *, by: str | None, reason: str = "") -> None:
    """Let no further unit begin. The caller holds the lock on the command's row."""
    row.status = status
    row.ended_at = row.modified_at = timezone.now()
    row.ended_by = row.modified_by = by
    row.end_reason = reason or None
    row.save(
        update_fields=[
            "status",
            "ended_at",
            "ended_by",
            "end_reason",
            "modified_at",
            "modified_by",
        ]
    )


def settle(*, command_id: int) -> int:
    """Mark the units that an ended command will not reach; returns how many.

    Units in the hands of a worker are left to it. Safe to repeat, and to break off anywhere.
    """
    marked = 0
    while count := _settle_some(command_id):
        marked += count
    return marked


@transaction.atomic
def _settle_some(command_id: int) -> int:
    waiting = FleetCommandUnit.objects.filter(
        fleet_command_id=command_id, outcome=UnitOutcome.PENDING
    ).order_by("product_id")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    keys = list(waiting.values_list("pk", flat=True)[:_CHUNK])
    now = timezone.now()
    count = FleetCommandUnit.objects.filter(pk__in=keys).update(
        outcome=UnitOutcome.CANCELLED, done_at=now
    )
    if count:
        FleetCommand.objects.filter(pk=command_id).update(
            units_pending=F("units_pending") - count, units_cancelled=F("units_cancelled") + count
        )
    return count


def _hold(command_id: int, caller: Caller) -> FleetCommand:
    """The command, its row locked, if the caller may know of it and give it."""
    scope = table_of(FleetCommand).resource.scope
    rows = restrict(FleetCommand.objects.all(), caller, scope)
    row = rows.select_for_update(of=("self",)).filter(pk=command_id).first()
    if row is None:
        raise NotFound
    if not may_give(caller, row.command):
        raise Forbidden
    return row
