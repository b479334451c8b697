"""The work of a command: batch after batch, each unit once, whatever dies on the way.

A batch is one transaction: its rows are claimed, the units locked in the order of their keys, all
done by the service that the single action calls, or one by one where a unit breaks that, and the
outcomes are written with the effects. A process that dies leaves the batch undone, and its units
are taken again. Any number of workers may work on one command: they share its pace by the command's
row.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone, translation

from apps.core.errors import DomainError
from apps.fleet import pace, reasons
from apps.fleet.commands import COMMANDS, Command, Order
from apps.fleet.expectations import reasons_to_skip
from apps.fleet.models import CommandStatus, FleetCommand, FleetCommandUnit, UnitOutcome
from apps.fleet.services import authority, steps
from apps.products.models import Product

logger = logging.getLogger("smartsolar.fleet")

# Units of a batch: they are locked until its end, and those that speak meanwhile wait.
BATCH: Final = 500
# A unit that breaks the work off this often is given up.
MOST_ATTEMPTS: Final = 5
_MESSAGE = 2_000


@dataclass(frozen=True, slots=True)
class Turn:
    """What one batch came to: how many units, and how long until the next; None where none is."""

    units: int
    wait: timedelta | None


class BrokenOff(Exception):
    """Something that is not the unit's fault broke a batch off; all of it is to be done again."""

    def __init__(self, unit_id: int, cause: Exception) -> None:
        super().__init__(str(cause))
        self.unit_id = unit_id
        self.cause = cause


class Unit(NamedTuple):
    """One claimed row of a command."""

    pk: int
    product_id: str


@dataclass(slots=True)
class Settled:
    """What came of one unit."""

    row: Unit
    outcome: UnitOutcome = UnitOutcome.DONE
    reason: str | None = None
    message: str | None = None


def work_once(*, command_id: int) -> Turn:
    """Do the next batch of a command, as soon as its pace allows.

    Raises the cause where the database or something else that all units need is away: the batch is
    then undone, and to be tried again.
    """
    begun = _begin(command_id)
    if begun is None:
        steps.settle(command_id=command_id)
        return Turn(0, None)
    if isinstance(begun, Turn):
        return begun
    row, command, most = begun
    try:
        with translation.override(row.user.language), transaction.atomic():
            units = _batch(row, command, most)
    except BrokenOff as broken:
        _note_trouble(row, broken)
        raise broken.cause from broken
    if units:
        return Turn(units, timedelta(0))
    # Nothing is left, or all that is left is in the hands of other workers, who end it.
    return Turn(0, None)


@transaction.atomic
def _begin(command_id: int) -> Turn | tuple[FleetCommand, Command, int] | None:
    """The command and how many units may begin now; a Turn where none may; None if it stops."""
    rows = FleetCommand.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(pk=command_id).first()
    if row is None or row.status != CommandStatus.RUNNING:
        return Turn(0, None)
    command = COMMANDS[row.command]
    with translation.override(row.user.language):
        reason = authority.why_not(row, command)
    if reason is not None:
        steps.end(row, CommandStatus.STOPPED, by=None, reason=reason)
        return None
    now = timezone.now()
    if row.paced_until is not None and row.paced_until > now:
        return Turn(0, row.paced_until - now)
    most = pace.share(row.per_minute, BATCH)
    row.paced_until = pace.next_begin(now, min(most, row.units_pending), row.per_minute)
    row.save(update_fields=["paced_until"])
    return row, command, most


def _batch(row: FleetCommand, command: Command, most: int) -> int:
    """Settle the next units, within the transaction under way; returns how many."""
    units = _claim(row, most)
    if not units:
        return 0
    imeis = [unit.product_id for unit in units]
    # In the order of the keys, as every other service does: no two can wait for each other.
    held = Product.objects.select_for_update().filter(pk__in=imeis).order_by("pk")
    list(held.values_list("pk", flat=True))
    away = authority.left_scope(row, imeis)
    judged = reasons_to_skip(command, row.parameters, imeis)
    order = Order(by=row.created_by or "", entity_id=row.entity_id, parameters=row.parameters)
    gone = [u for u in units if u.product_id in away]
    there = [u for u in units if u.product_id not in away]
    settled = [Settled(unit, UnitOutcome.SKIPPED, reasons.OUT_OF_SCOPE) for unit in gone]
    at_once = _do_all(command, there, order, judged)
    settled += at_once or [_do_one(command, unit, order, judged) for unit in there]
    _write(row, settled)
    return len(settled)


def _claim(row: FleetCommand, most: int) -> list[Unit]:
    """The next units, locked; what another worker holds is passed over.

    SQLite needs no locks: a transaction there is the only one that writes.
    """
    waiting = FleetCommandUnit.objects.filter(
        fleet_command=row, outcome=UnitOutcome.PENDING
    ).order_by("product_id")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    return [Unit(*row) for row in waiting.values_list("pk", "product_id")[:most]]


def _do_all(
    command: Command, units: list[Unit], order: Order, judged: Mapping[str, str]
) -> list[Settled]:
    """Do it to all units in few statements; [] where that breaks.

    They are then to be done one by one, which finds the one that breaks it.
    """
    if not units:
        return []
    try:
        return _do(command, units, order, judged)
    except BrokenOff:
        raise
    except Exception as error:
        if not isinstance(error, DomainError):
            logger.exception("command %s is done unit by unit", order)
        return []


def _do_one(command: Command, unit: Unit, order: Order, judged: Mapping[str, str]) -> Settled:
    """Do it to one unit; whatever is wrong with that unit is its outcome."""
    try:
        [settled] = _do(command, [unit], order, judged)
    except BrokenOff:
        raise
    except DomainError as error:
        if error.status >= 500:
            raise BrokenOff(unit.pk, error) from error
        return _settled(command, unit, error, judged.get(unit.product_id))
    except Exception as error:
        logger.exception("command %s failed for unit %s", order, unit.product_id)
        name = type(error).__name__
        return Settled(unit, UnitOutcome.FAILED, reasons.FAULT, f"{name}: {error}"[:_MESSAGE])
    return settled


def _do(
    command: Command, units: list[Unit], order: Order, judged: Mapping[str, str]
) -> list[Settled]:
    """Do it to these units, or raise and have written nothing; BrokenOff where none is to blame."""
    try:
        with transaction.atomic():
            came = command.run([unit.product_id for unit in units], order)
    except (OperationalError, InterfaceError) as error:
        raise BrokenOff(units[0].pk, error) from error
    return [
        _settled(command, unit, came[unit.product_id], judged.get(unit.product_id))
        for unit in units
    ]


def _settled(command: Command, unit: Unit, result: Any, judged: str | None) -> Settled:
    """What a service's answer, or its refusal, means for the unit."""
    if isinstance(result, DomainError):
        if judged is not None:
            return Settled(unit, UnitOutcome.SKIPPED, judged, sentence(result))
        return Settled(unit, UnitOutcome.FAILED, reasons.REFUSED, sentence(result))
    if result is None or (command.silent and judged == reasons.ALREADY):
        return Settled(unit, UnitOutcome.SKIPPED, judged or reasons.ALREADY)
    return Settled(unit)


def sentence(error: DomainError) -> str:
    """What an error says, in one piece."""
    texts: Sequence[Any] = list(error.errors.values()) if error.errors else [error.message]
    return " ".join(str(text).strip() for text in texts)[:_MESSAGE]


def _write(row: FleetCommand, settled: list[Settled]) -> None:
    """Store the outcomes, one statement for all units alike, and count them."""
    now = timezone.now()
    alike: dict[tuple[UnitOutcome, str | None, str | None], list[int]] = defaultdict(list)
    for one in settled:
        alike[one.outcome, one.reason, one.message].append(one.row.pk)
    for (outcome, reason, message), keys in alike.items():
        FleetCommandUnit.objects.filter(pk__in=keys).update(
            outcome=outcome, reason=reason, message=message, done_at=now
        )
    _count(row.pk, Counter(one.outcome for one in settled), trouble=None)


def _count(command_id: int, settled: Counter[UnitOutcome], **more: Any) -> None:
    """Move so many units from waiting to their outcome; the command ends with its last unit."""
    now, number = timezone.now(), settled.total()
    last = {"units_pending__lte": number, "status": CommandStatus.RUNNING}
    FleetCommand.objects.filter(pk=command_id).update(
        units_pending=F("units_pending") - number,
        units_done=F("units_done") + settled[UnitOutcome.DONE],
        units_skipped=F("units_skipped") + settled[UnitOutcome.SKIPPED],
        units_failed=F("units_failed") + settled[UnitOutcome.FAILED],
        status=Case(When(**last, then=Value(CommandStatus.FINISHED)), default=F("status")),
        ended_at=Case(When(**last, then=Value(now)), default=F("ended_at")),
        **more,
    )


def _note_trouble(row: FleetCommand, broken: BrokenOff) -> None:
    """Say on the command what holds it up, and count it against the unit it happened at."""
    said = str(broken)[:_MESSAGE]
    try:
        with transaction.atomic():
            at = FleetCommandUnit.objects.filter(pk=broken.unit_id, outcome=UnitOutcome.PENDING)
            at.update(attempts=F("attempts") + 1)
            lost = at.filter(attempts__gte=MOST_ATTEMPTS).update(
                outcome=UnitOutcome.FAILED,
                reason=reasons.HELD_UP,
                message=said,
                done_at=timezone.now(),
            )
            _count(row.pk, Counter({UnitOutcome.FAILED: lost}), trouble=said)
    except Error:
        logger.exception("what holds up command %s could not be noted", row.pk)
