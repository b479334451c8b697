"""What the page of a command shows, in words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.wording import length
from apps.fleet import reasons
from apps.fleet.commands import COMMANDS
from apps.fleet.models import CommandStatus, FleetCommand, UnitOutcome
from apps.fleet.selectors import expected, progress

_MOST_FAILURES = 10
_TONES = {
    CommandStatus.PREVIEW: "warn",
    CommandStatus.RUNNING: "info",
    CommandStatus.FINISHED: "good",
    CommandStatus.STOPPED: "bad",
}


def tone_of(row: FleetCommand) -> str:
    """The colour of a command's status."""
    return _TONES.get(CommandStatus(row.status), "plain")


def grouped(number: float) -> str:
    """A number with its thousands apart."""
    return str(formats.number_format(number, use_l10n=True, force_grouping=True))


def units_url(row: FleetCommand, **more: str) -> str:
    """The list of a command's units."""
    page = reverse("admin:fleet_fleetcommandunit_changelist")
    query = {"fleet_command__fleet_command_id__exact": row.pk, **more}
    return f"{page}?{urlencode(query)}"


def progress_of(row: FleetCommand) -> dict[str, Any]:
    """How far the command is: texts for the page, which its script replaces as they change."""
    how = progress(row)
    rate = ends = ""
    if how.per_minute:
        rate = _("{count} units a minute").format(count=grouped(round(how.per_minute)))
    if how.ends_at:
        left = max((how.ends_at - timezone.now()).total_seconds(), 1)
        ends = _("about {length} to go").format(length=length(left))
    return {
        "status": row.status,
        "status_text": str(row.get_status_display()),
        "tone": tone_of(row),
        "over": how.is_over,
        "percent": how.settled * 100 // how.total if how.total else 0,
        "settled": _("{settled} of {total}").format(
            settled=grouped(how.settled), total=grouped(how.total)
        ),
        "pending": grouped(how.pending),
        "done": grouped(how.done),
        "skipped": grouped(how.skipped),
        "failed": grouped(how.failed),
        "cancelled": grouped(how.cancelled),
        "rate": " · ".join(text for text in (rate, ends) if text),
        "trouble": row.trouble or "",
        "can_retry": how.is_over and how.failed > 0,
    }


def page_of(row: FleetCommand) -> dict[str, Any]:
    """All that the page of a command shows beyond its columns."""
    command = COMMANDS[row.command]
    what = expected(row) if row.status == CommandStatus.PREVIEW else None
    return {
        "title": _("{title}: {count}").format(title=command.title, count=_units(row.units_total)),
        "row": row,
        "command": command,
        "told": command.told(row.parameters),
        "list_url": _list_of(row),
        "units_url": units_url(row),
        "expected": what,
        "is_old": what is not None and what.until < timezone.now(),
        "to_do": _units(what.to_do) if what else "",
        "takes": length(what.seconds) if what else "",
        "cost": _cost(row),
        "skips": [
            (skip.meaning, grouped(skip.count), units_url(row, expected_reason__exact=skip.reason))
            for skip in (what.skips if what else ())
        ],
        "progress": progress_of(row),
        "tiles": _tiles(row),
        "failures": _failures(row),
    }


def _units(number: int) -> str:
    return ngettext("{n} unit", "{n} units", number).format(n=grouped(number))


def _cost(row: FleetCommand) -> str:
    if not row.sms_cost:
        return ""
    return f"{formats.number_format(row.sms_cost, 2, use_l10n=True)} {row.sms_currency or ''}"


def _list_of(row: FleetCommand) -> str:
    """The list that the units were chosen from, where they were."""
    page = reverse("admin:products_product_changelist")
    return f"{page}{row.query}" if row.query and row.query.startswith("?") else ""


def _tiles(row: FleetCommand) -> list[tuple[str, Any, str, str]]:
    """(key, label, tone, list of the units) of each outcome."""
    tones = {UnitOutcome.DONE: "good", UnitOutcome.FAILED: "bad", UnitOutcome.SKIPPED: "warn"}
    return [
        (
            outcome.value,
            outcome.label,
            tones.get(outcome, "info" if outcome == UnitOutcome.PENDING else ""),
            units_url(row, outcome__exact=outcome.value),
        )
        for outcome in UnitOutcome
    ]


def _failures(row: FleetCommand) -> list[dict[str, Any]]:
    """The first units that failed, each with why."""
    if not row.units_failed:
        return []
    failed = row.units.filter(outcome=UnitOutcome.FAILED).order_by("product_id")
    columns = ("product_id", "product__serial_number", "reason", "message")
    return [
        {
            "url": reverse("admin:products_product_change", args=(imei,)),
            "serial": serial,
            "why": message or reasons.meaning(reason),
        }
        for imei, serial, reason, message in failed.values_list(*columns)[:_MOST_FAILURES]
    ]
