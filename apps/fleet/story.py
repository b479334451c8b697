"""What commands to many units add to the page of a unit: which touched it, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.stories import Event, events, rows_of
from apps.fleet import reasons
from apps.fleet.commands import COMMANDS
from apps.fleet.models import FleetCommandUnit, UnitOutcome


@events(order=90, kind="fleet", label=lazy("Commands to many units"), table="fleet_command_unit")
def commands(imei: str, limit: int) -> list[Event]:
    """What was done to the unit with many others, or could not be.

    The link leads to the unit's own rows: a command itself may be another entity's.
    """
    touched = FleetCommandUnit.objects.filter(
        product=imei, outcome__in=(UnitOutcome.DONE, UnitOutcome.FAILED)
    ).select_related("fleet_command")
    told: dict[str, str] = {}
    return [_event(imei, unit, told) for unit in touched.order_by("-done_at", "-pk")[:limit]]


def _event(imei: str, unit: FleetCommandUnit, told: dict[str, str]) -> Event:
    """`told` keeps parameters in words: commands that were given often are looked up once."""
    row = unit.fleet_command
    command = COMMANDS[row.command]
    failed = unit.outcome == UnitOutcome.FAILED
    text = _("{title} failed, in command {n}") if failed else _("{title}, in command {n}")
    why = (unit.message or reasons.meaning(unit.reason)) if failed else ""
    same = f"{row.command} {sorted(row.parameters.items())}"
    if same not in told:
        told[same] = command.told(row.parameters)
    return Event(
        when=unit.done_at or unit.created_at,
        title=text.format(title=command.title, n=row.pk),
        detail=". ".join(part for part in (why, told[same], row.note or "") if part),
        by=row.created_by or "",
        icon=command.icon,
        tone="bad" if failed else "",
        url=rows_of(FleetCommandUnit, imei),
    )
