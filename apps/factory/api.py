"""Actions of the factory: making PCBs and units, and the logs of its tools."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from rest_framework.exceptions import ValidationError

from apps.core.actions import ActionView, Answer, Call, Operation, operation, require_visible
from apps.core.errors import Invalid, NotFound
from apps.core.handlers import as_domain_error
from apps.core.levels import Level
from apps.factory import answers, bodies
from apps.factory.errors import InvalidToolLog, NotForOneEntity
from apps.factory.lines import HYENA, JACKAL, KOALA, LINES, TIGER, Board
from apps.factory.services.pcbs import Modem, PcbWithSim, create_pcb
from apps.factory.services.tool_logs import upload_tool_log
from apps.factory.services.units import Battery, NewUnit, make_unit

_ALWAYS_LOGGED = ("time", "message", "toolname")


class MakingAction(ActionView):
    """Makes parts or units, which belong to no entity yet: callers of ENTITY scope are refused."""

    def find(self, call: Call) -> None:
        if not call.caller.is_global:
            raise NotForOneEntity


# --- PCBs -----------------------------------------------------------------------------------------


class CreatePcb(MakingAction):
    """Base of the four families."""

    domain = "parts"
    board: ClassVar[Board]

    def create(self, call: Call) -> Answer:
        return Answer(self.board.made, answers.of_pcb(_make_pcb(self.board, call)))


class CreateTigerPcb(CreatePcb):
    """Create the PCB of a Home 2, with its SIM, in stock."""

    path = "parts/create_tiger_pcb"
    board = TIGER

    @operation(level=Level.FACTORY, summary=lazy("Create a Tiger PCB"), body=bodies.NewPcb)
    def post(self, call: Call) -> Answer:
        return self.create(call)


class CreateHyenaPcb(CreatePcb):
    """Create the PCB of a Hub 2 or Enterprise, with its SIM, in stock."""

    path = "parts/create_hyena_pcb"
    board = HYENA

    @operation(level=Level.FACTORY, summary=lazy("Create a Hyena PCB"), body=bodies.NewPcb)
    def post(self, call: Call) -> Answer:
        return self.create(call)


class CreateKoalaPcb(CreatePcb):
    """Create the control board of a BPower, with its SIM, in stock."""

    path = "parts/create_koala_pcb"
    board = KOALA

    @operation(
        level=Level.FACTORY, summary=lazy("Create a Koala PCB"), body=bodies.NewPcb, status=201
    )
    def post(self, call: Call) -> Answer:
        return self.create(call)


class CreateJackalPcb(CreatePcb):
    """Create the PCB of a Home 3, with its SIM, in stock."""

    path = "parts/create_jackal_pcb"
    board = JACKAL

    @operation(level=Level.FACTORY, summary=lazy("Create a Jackal PCB"), body=bodies.NewPcb)
    def post(self, call: Call) -> Answer:
        return self.create(call)


# --- units ----------------------------------------------------------------------------------------


class MakeUnit(MakingAction):
    """Base of the endpoints that make a unit."""

    domain = "products"

    def make(self, call: Call, line: str, pcb_imei: str) -> NewUnit:
        battery = call.data.get("battery")
        columns = call.data.get("product") or {}
        return make_unit(
            line=LINES[line],
            pcb_imei=pcb_imei,
            battery=Battery(**battery) if battery else None,
            solar_panel_wattage=call.data.get("solar_panel_wattage"),
            assembler=columns.get("assembler"),
            by=call.caller.username,
        )

    def from_pcb(self, call: Call, line: str) -> Answer:
        return _created(line, self.make(call, line, call.data["pcb_imei"]))

    def with_pcb(self, call: Call, line: str) -> Answer:
        """The PCB and the unit in one: both or neither."""
        kind = LINES[line]
        with transaction.atomic():
            # The PCB must do for this very line, not just for another of its family.
            pcb = _make_pcb(replace(kind.board, product_types=(kind.product_type_id,)), call)
            unit = self.make(call, line, str(pcb.pcb.serial_number))
        return _created(line, unit)


class CreateHome2(MakeUnit):
    """Make a Home 2 from a Tiger PCB in stock and a new battery."""

    path = "products/create_product/home2"

    @operation(level=Level.FACTORY, summary=lazy("Make a Home 2"), body=bodies.FromPcbAndBattery)
    def post(self, call: Call) -> Answer:
        return self.from_pcb(call, "home2")


class CreateHome3(MakeUnit):
    """Make a Home 3 from a Jackal PCB in stock and a new battery."""

    path = "products/create_product/home3"

    @operation(level=Level.FACTORY, summary=lazy("Make a Home 3"), body=bodies.FromPcbAndBattery)
    def post(self, call: Call) -> Answer:
        unit = self.make(call, "home3", call.data["pcb_imei"])
        return Answer(_("new Home3 product successfully created."), answers.of_home3(unit))


class CreateHub2(MakeUnit):
    """Make a Hub 2 from a Hyena PCB in stock."""

    path = "products/create_product/hub2"

    @operation(level=Level.FACTORY, summary=lazy("Make a Hub 2"), body=bodies.FromPcb)
    def post(self, call: Call) -> Answer:
        return self.from_pcb(call, "hub2")


class CreateEnterprise(MakeUnit):
    """Make an Enterprise from a Hyena PCB in stock and a new battery."""

    path = "products/create_product/enterprise"

    @operation(
        level=Level.FACTORY,
        summary=lazy("Make an Enterprise"),
        body=bodies.FromPcbBatteryAndPanels,
    )
    def post(self, call: Call) -> Answer:
        return self.from_pcb(call, "enterprise")


class CreateHub2WithPcb(MakeUnit):
    """Create a Hyena PCB and make a Hub 2 from it at once."""

    path = "products/create_hub2"

    @operation(level=Level.FACTORY, summary=lazy("Make a Hub 2 and its PCB"), body=bodies.NewHub2)
    def post(self, call: Call) -> Answer:
        return self.with_pcb(call, "hub2")


class CreateEnterpriseWithPcb(MakeUnit):
    """Create a Hyena PCB and make an Enterprise from it at once."""

    path = "products/create_enterprise"

    @operation(
        level=Level.FACTORY,
        summary=lazy("Make an Enterprise and its PCB"),
        body=bodies.NewEnterprise,
    )
    def post(self, call: Call) -> Answer:
        return self.with_pcb(call, "enterprise")


# --- tools ----------------------------------------------------------------------------------------


class UploadToolLog(ActionView):
    """Keep a log entry of a manufacturing or repair tool.

    An entry that is uploaded again, because the tool heard no answer, is kept once.
    """

    path = "upload_tool_log"

    @operation(
        level=Level.SYSTEM, summary=lazy("Upload a tool's log"), body=bodies.ToolLog, status=201
    )
    def post(self, call: Call) -> Answer:
        always = {name: call.data[name] for name in _ALWAYS_LOGGED}
        details = {name: v for name, v in call.data.items() if name not in always}
        self.require_own_unit(call, details.get("product_imei"))
        upload_tool_log(**always, details=details, by=call.caller.username)
        return Answer(_("Log uploaded successfully"))

    def parse_body(self, request: HttpRequest, spec: Operation) -> dict[str, Any]:
        try:
            return super().parse_body(request, spec)
        except (Invalid, ValidationError) as error:
            known = as_domain_error(error)
            if known is None or known.errors is None:
                raise
            raise InvalidToolLog(known.errors) from error

    def require_own_unit(self, call: Call, imei: str | None) -> None:
        """Who sees the units of one entity logs about these; others about units to come as well."""
        if not imei or call.caller.is_global:
            return
        try:
            require_visible("product", imei, call.caller)
        except NotFound:
            raise InvalidToolLog({"product_imei": _("No row with this key exists")}) from None


ACTIONS = (
    CreateTigerPcb,
    CreateHyenaPcb,
    CreateKoalaPcb,
    CreateJackalPcb,
    CreateHome2,
    CreateHome3,
    CreateHub2,
    CreateEnterprise,
    CreateHub2WithPcb,
    CreateEnterpriseWithPcb,
    UploadToolLog,
)


def _make_pcb(board: Board, call: Call) -> PcbWithSim:
    data = call.data
    return create_pcb(
        board=board,
        modem=Modem(data["imei"], data["imsi"], data["device_key"], data.get("iccid")),
        pcb_part_type_id=data.get("pcb_part_type_id"),
        sim_part_type_id=data.get("sim_part_type_id"),
        manufacturer=data.get("manufacturer"),
        by=call.caller.username,
    )


def _created(line: str, unit: NewUnit) -> Answer:
    text = _("{name}: {serial_number} - ({imei}) created.").format(
        name=LINES[line].name,
        serial_number=unit.product.serial_number,
        imei=unit.product.pk,
    )
    return Answer(text, answers.of_unit(unit))
