"""Commands to many units: preview, confirm, watch, try again, cancel."""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actions import ActionView, Answer, Call, operation, require_visible
from apps.core.adminpages.export import csv_response
from apps.core.errors import Invalid
from apps.core.filtersets import plain_filters
from apps.core.handlers import json_response
from apps.core.levels import Level
from apps.core.q import compile_query
from apps.core.reader import list_bytes, row_bytes
from apps.core.tables import quoted, table_of
from apps.core.viewsets import json_bytes
from apps.fleet import bodies, tasks
from apps.fleet.models import CommandStatus, FleetCommand, FleetCommandUnit
from apps.fleet.selectors import expected_data, progress_data
from apps.fleet.services import steps
from apps.fleet.services.previews import preview


class FleetCommands(ActionView):
    """Ask many units for the same thing.

    The units are chosen by a `q` on products or named one by one, and are fixed from then on. The
    answer is a preview: how many units there are, which of them would be skipped and why, how many
    text messages are sent and what they cost. Nothing happens before it is confirmed, within an
    hour. Each command asks for the level of the action on one unit.
    """

    path = "fleet_commands"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("Commands to many units"),
        response=bodies.RowsPage,
    )
    def get(self, call: Call) -> HttpResponse:
        table = table_of(FleetCommand)
        params = plain_filters(table, call.request.GET.dict())
        return json_bytes(list_bytes(table, call.caller, params))

    @operation(
        level=Level.TECHNICAL,
        summary=gettext_lazy("Prepare a command to many units"),
        body=bodies.NewFleetCommand,
        status=201,
    )
    def post(self, call: Call) -> Answer | HttpResponse:
        wanted = bodies.wanted_by(call.data, call.caller)
        row, is_new = preview(wanted=wanted, caller=call.caller)
        if not is_new:
            text = _("You gave this command before")
            said = {"status": "success", "message": text, "data": told(row, call)}
            return json_response(said)
        if call.data["confirm"]:
            row, _begins = steps.confirm(command_id=row.pk, caller=call.caller)
            tasks.start(row.pk)
            return Answer(_("The command has begun"), told(row, call))
        return Answer(
            _("This is a preview: nothing happens before it is confirmed"), told(row, call)
        )


class OneFleetCommand(ActionView):
    """What every path below one command has in common."""

    def find(self, call: Call) -> None:
        require_visible("fleet_command", call.path["fleet_command_id"], call.caller)

    @staticmethod
    def number(call: Call) -> int:
        return int(call.path["fleet_command_id"])


class FleetCommandProgress(OneFleetCommand):
    """One command: what was expected of it and how far it is."""

    path = "fleet_commands/<fleet_command_id>"

    @operation(level=Level.OVERVIEW, summary=gettext_lazy("How far a command to many units is"))
    def get(self, call: Call) -> Answer:
        row = FleetCommand.objects.get(pk=self.number(call))
        return Answer(_("This is how far the command is"), told(row, call))


class Confirm(OneFleetCommand):
    """Let a command begin. Its units stay those of the preview; confirming twice is harmless."""

    path = "fleet_commands/<fleet_command_id>/confirm"

    @operation(level=Level.TECHNICAL, summary=gettext_lazy("Begin a command to many units"))
    def put(self, call: Call) -> Answer:
        row, begins = steps.confirm(command_id=self.number(call), caller=call.caller)
        if begins:
            tasks.start(row.pk)
        text = _("The command has begun") if begins else _("The command had begun before")
        return Answer(text, told(row, call))


class Retry(OneFleetCommand):
    """Let the units that failed have another turn, once the command has ended."""

    path = "fleet_commands/<fleet_command_id>/retry"

    @operation(level=Level.TECHNICAL, summary=gettext_lazy("Try a command's failures again"))
    def put(self, call: Call) -> Answer:
        row, count = steps.retry(command_id=self.number(call), caller=call.caller)
        tasks.start(row.pk)
        return Answer(_("{count} units are tried again").format(count=count), told(row, call))


class Cancel(OneFleetCommand):
    """End a command: what has not begun never will; what was done stays done."""

    path = "fleet_commands/<fleet_command_id>/cancel"

    @operation(level=Level.TECHNICAL, summary=gettext_lazy("Cancel what has not begun"))
    def put(self, call: Call) -> Answer:
        row, _is_new = steps.cancel(command_id=self.number(call), caller=call.caller)
        text = _("Cancelled: {done} units were done before, {cancelled} had not begun")
        return Answer(
            text.format(done=row.units_done, cancelled=row.units_cancelled), told(row, call)
        )


class Units(OneFleetCommand):
    """What came of a command for each unit: with `q`, filters and pages as in every list.

    `format=csv` gives all of them as a file.
    """

    path = "fleet_commands/<fleet_command_id>/units"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("What a command did to each unit"),
        response=bodies.RowsPage,
    )
    def get(self, call: Call) -> Any:
        params = call.request.GET.dict()
        form = params.pop("format", "json")
        if form not in ("json", "csv"):
            raise Invalid({"format": _("json or csv is expected")})
        table = table_of(FleetCommandUnit)
        params = plain_filters(table, params)
        params["fleet_command_id"] = call.path["fleet_command_id"]
        if form == "json":
            return json_bytes(list_bytes(table, call.caller, params))
        text = params.pop("q", None)
        plain = {k: v for k, v in params.items() if k not in ("page", "results_per_page")}
        query = compile_query(table, call.caller, text, plain)
        keys = f"SELECT t.{quoted(table.key.column)} FROM {quoted(table.name)} t{query.condition}"
        rows = FleetCommandUnit.objects.filter(pk__in=RawSQL(keys, query.params))
        return csv_response(table, rows.order_by("product_id"), call.caller.level)


ACTIONS = (FleetCommands, FleetCommandProgress, Confirm, Retry, Cancel, Units)


def told(row: FleetCommand, call: Call) -> dict[str, Any]:
    """A command as every answer tells it: its record, what was expected, and how far it is."""
    record = orjson.loads(row_bytes(table_of(FleetCommand), call.caller, str(row.pk)))
    expects = row.status == CommandStatus.PREVIEW
    return {
        "fleet_command": record,
        "preview": expected_data(row) if expects else None,
        "progress": progress_data(row),
    }
