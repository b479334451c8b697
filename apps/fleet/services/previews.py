"""A command before it is confirmed: its units are fixed, and what is to be expected is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.connectivity.selectors import sms_cost
from apps.core.callers import Caller
from apps.core.errors import Forbidden, Invalid
from apps.core.writing import one_write
from apps.fleet import pace
from apps.fleet.commands import COMMANDS, Command
from apps.fleet.errors import NoUnits, ReferenceTaken, TooManyUnits, UnknownUnits
from apps.fleet.expectations import count_sms, note_expectations
from apps.fleet.models import FleetCommand, FleetCommandUnit, UnitOutcome
from apps.fleet.selection import Selection

# Units of one command.
MOST_UNITS = 1_000_000

_INSERT = """
INSERT INTO fleet_command_unit
    (fleet_command_id, product_imei, outcome, attempts, created_at, created_by)
SELECT %s, chosen.product_imei, %s, 0, %s, %s FROM ({chosen}) AS chosen
ORDER BY chosen.product_imei
"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A command as somebody asks for it; `parameters` are of the types of the command's body."""

    command: Command
    selection: Selection
    parameters: dict[str, Any] = field(default_factory=dict)
    note: str | None = None
    reference: str | None = None
    per_minute: int | None = None

    @property
    def digest(self) -> str:
        """What tells a repeated request from another one with the same reference."""
        said = [
            self.command.name.value,
            self.parameters,
            self.selection.text,
            self.selection.imeis,
            self.note,
            self.per_minute,
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def may_give(caller: Caller, command: str) -> bool:
    """Whether the caller's level allows the command, as it allows the action on one unit."""
    return caller.level >= COMMANDS[command].level


def preview(*, wanted: Wanted, caller: Caller) -> tuple[FleetCommand, bool]:
    """Fix the units of a command and write what is to be expected of each; nothing is done yet.

    Returns the command, and whether it is new: a request with a reference that the caller gave
    before is answered with the command of then. Raises Forbidden below the command's level, Invalid
    for what is wrong with the parameters or the selection, ReferenceTaken for another request with
    a known reference; nothing is written then.
    """
    if not may_give(caller, wanted.command.name):
        raise Forbidden
    known = _known(wanted, caller)
    if known is not None:
        return known, False
    parameters = wanted.command.prepare(wanted.parameters, caller)
    try:
        with one_write():
            return _write(wanted, parameters, caller), True
    except Invalid:
        # The same request, sent twice at once: whichever comes second is answered with the first.
        known = _known(wanted, caller)
        if known is None:
            raise
        return known, False


def _known(wanted: Wanted, caller: Caller) -> FleetCommand | None:
    if wanted.reference is None:
        return None
    found = FleetCommand.objects.filter(user_id=caller.user_id, reference=wanted.reference).first()
    if found is not None and found.digest != wanted.digest:
        raise ReferenceTaken(found.pk)
    return found


def _write(wanted: Wanted, parameters: dict[str, Any], caller: Caller) -> FleetCommand:
    command = wanted.command
    row = FleetCommand(
        command=command.name,
        parameters=parameters,
        note=wanted.note,
        query=wanted.selection.text,
        reference=wanted.reference,
        digest=wanted.digest,
        user_id=caller.user_id,
        entity_id=caller.entity_id,
        per_minute=wanted.per_minute or command.per_minute or pace.default_per_minute(),
        created_by=caller.username,
    )
    row.save(force_insert=True)
    count = _choose_units(row, wanted.selection)
    row.units_total = row.units_pending = count
    note_expectations(row, command)
    if command.sends_sms:
        row.sms_expected = count_sms(row)
        row.sms_cost = float(row.sms_expected * sms_cost())
        row.sms_currency = settings.SMS_CURRENCY
    row.save(force_update=True)
    return row


def _choose_units(row: FleetCommand, selection: Selection) -> int:
    """Write a row for each unit of the selection; returns how many there are."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    count = 0
    with connection.cursor() as cursor:
        for sql, params in selection.statements:
            cursor.execute(
                _INSERT.format(chosen=sql),
                [row.pk, UnitOutcome.PENDING.value, now, row.created_by, *params],
            )
            count += cursor.rowcount
    if count > MOST_UNITS:
        raise TooManyUnits(selection.part, MOST_UNITS)
    if count < len(selection.imeis):
        raise UnknownUnits(_missing(row, selection))
    if not count:
        raise NoUnits(selection.part)
    return count


def _missing(row: FleetCommand, selection: Selection) -> list[str]:
    found = set(
        FleetCommandUnit.objects.filter(fleet_command=row).values_list("product_id", flat=True)
    )
    return [imei for imei in selection.imeis if imei not in found]
