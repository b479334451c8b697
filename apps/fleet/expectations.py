"""What is to be expected of a command for each of its units, asked for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count, QuerySet

from apps.connectivity.selectors import wakeable
from apps.fleet.commands import Command, Parameters
from apps.fleet.models import FleetCommand, FleetCommandUnit

# Units that are asked about together where they must pass through the program.
_CHUNK = 2_000


def note_expectations(fleet_command: FleetCommand, command: Command) -> None:
    """Write down for each unit why it would be skipped, one statement for each reason."""
    rows = FleetCommandUnit.objects.filter(
        fleet_command=fleet_command, expected_reason__isnull=True
    )
    for reason, units in command.skips(fleet_command.parameters):
        rows.filter(product__in=units.values("pk")).update(expected_reason=reason)
    if command.judge is None:
        return
    for imeis in _in_chunks(rows):
        by_reason = defaultdict(list)
        for imei, reason in command.judge(imeis).items():
            by_reason[reason].append(imei)
        for reason, keys in by_reason.items():
            rows.filter(product__in=keys).update(expected_reason=reason)


def count_sms(fleet_command: FleetCommand) -> int:
    """How many text messages the command will cause: one for each unit that can be woken."""
    rows = FleetCommandUnit.objects.filter(
        fleet_command=fleet_command, expected_reason__isnull=True
    )
    return sum(len(wakeable(imeis)) for imeis in _in_chunks(rows))


def _in_chunks(rows: QuerySet[FleetCommandUnit]) -> Iterator[list[str]]:
    """The IMEIs of the rows, in order, some at a time; rows may leave while they are read."""
    last = ""
    while True:
        page = rows.filter(product_id__gt=last).order_by("product_id")
        imeis = list(page.values_list("product_id", flat=True)[:_CHUNK])
        if not imeis:
            return
        yield imeis
        last = imeis[-1]


def reasons_to_skip(
    command: Command, parameters: Parameters, imeis: Sequence[str]
) -> dict[str, str]:
    """Those of these units that the command has nothing to do for, each with the reason."""
    found: dict[str, str] = {}
    for reason, units in command.skips(parameters):
        for imei in units.filter(pk__in=imeis).values_list("pk", flat=True):
            found.setdefault(imei, reason)
    if command.judge is not None:
        found = {**command.judge(imeis), **found}
    return found


def expected_skips(fleet_command: FleetCommand) -> list[tuple[str, int]]:
    """How many units are expected to be skipped for each reason, the most frequent first."""
    rows = fleet_command.units.filter(expected_reason__isnull=False).order_by()
    counted = rows.values_list("expected_reason").annotate(n=Count("pk"))
    return sorted(((str(reason), n) for reason, n in counted), key=lambda pair: (-pair[1], pair))
