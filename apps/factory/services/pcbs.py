"""Making PCBs, each with its modem and SIM.

Reference: "/parts/create_tiger_pcb", "/parts/create_hyena_pcb", "/parts/create_koala_pcb",
"/parts/create_jackal_pcb".
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from apps.core.writing import refused
from apps.factory.errors import SameNumbers, Taken, WrongPartType
from apps.factory.lines import DEFAULT_SIM_TYPE, Board
from apps.factory.services.serials import claim_serial_number
from apps.parts.categories import PartCategory
from apps.parts.models import Part, PartType
from apps.parts.selectors import part_type_in
from apps.products.models import Product


@dataclass(frozen=True)
class Modem:
    """What one modem and its SIM are known by, each in its valid form."""

    imei: str
    imsi: str
    device_key: str
    iccid: str | None = None

    @property
    def sim_serial_number(self) -> str:
        """The serial number of the SIM as a part."""
        return self.iccid or self.imsi


@dataclass(frozen=True)
class PcbWithSim:
    """A PCB and the SIM that was put on it."""

    pcb: Part
    sim: Part


def create_pcb(
    *,
    board: Board,
    modem: Modem,
    pcb_part_type_id: int | None = None,
    sim_part_type_id: int | None = None,
    manufacturer: str | None = None,
    by: str,
) -> PcbWithSim:
    """Make a PCB of a family, and its SIM, in stock.

    The unit it will become gets its serial number here. Raises WrongPartType, SameNumbers or Taken,
    which name the fields, and has then written nothing. Of two requests that share a number one
    succeeds.
    """
    try:
        with transaction.atomic():
            return _make(board, modem, pcb_part_type_id, sim_part_type_id, manufacturer, by)
    except IntegrityError as error:
        # Whoever came first has committed, so that now it shows which number is shared.
        refuse_taken(modem, among_pcbs=True)
        raise refused(error) from error


def _make(
    board: Board,
    modem: Modem,
    pcb_part_type_id: int | None,
    sim_part_type_id: int | None,
    manufacturer: str | None,
    by: str,
) -> PcbWithSim:
    units = board.product_types
    pcb_type = part_type_in(PartCategory.PCB, pcb_part_type_id or board.part_type_id, units)
    if pcb_type is None:
        raise WrongPartType("pcb_part_type_id")
    sim_type = part_type_in(PartCategory.SIM, sim_part_type_id or DEFAULT_SIM_TYPE, units)
    if sim_type is None:
        raise WrongPartType("sim_part_type_id")
    if modem.imei == modem.sim_serial_number:
        raise SameNumbers("imsi")
    refuse_taken(modem)
    number = claim_serial_number(prefix=board.prefix, by=by)
    written = {"created_by": by, "created_at": timezone.now()}
    # Always the SIM first: requests that share both numbers wait for each other in one order.
    sim = Part.objects.create(part_type=sim_type, serial_number=modem.sim_serial_number, **written)
    pcb = Part.objects.create(
        part_type=pcb_type,
        serial_number=modem.imei,
        manufacturer=manufacturer,
        properties=_properties(board, modem, pcb_type, number),
        **written,
    )
    return PcbWithSim(pcb, sim)


def _properties(
    board: Board, modem: Modem, pcb_type: PartType, serial_number: str
) -> dict[str, str]:
    """What the PCB keeps until a unit is made from it; numbers that are not known are left out."""
    known = {**asdict(modem), "serial_number": serial_number}
    if board.states_erp:
        known["erp_code_override"] = pcb_type.erp_code
    return {name: value for name, value in sorted(known.items()) if value is not None}


def refuse_taken(modem: Modem, *, among_pcbs: bool = False) -> None:
    """Raise Taken for every number that a part or a unit has already.

    With `among_pcbs` the properties of PCBs are looked through as well; not every database has an
    index it can use for that, so it is for when the insert was refused.
    """
    numbers = {name: value for name, value in asdict(modem).items() if value is not None}
    taken = _in_units(numbers) | _in_stock(numbers)
    if among_pcbs:
        taken |= {name for name in numbers if name != "imei" and _on_a_pcb(name, numbers[name])}
    if taken:
        raise Taken(name for name in numbers if name in taken)


def _in_units(numbers: dict[str, str]) -> set[str]:
    columns = {name: "product_imei" if name == "imei" else name for name in numbers}
    shared = Q()
    for name, column in columns.items():
        shared |= Q(**{column: numbers[name]})
    rows = Product.objects.filter(shared).values(*columns.values())
    return {name for row in rows for name, c in columns.items() if row[c] == numbers[name]}


def _in_stock(numbers: dict[str, str]) -> set[str]:
    """Numbers that stand on a part: the device key never does."""
    printed = {name: value for name, value in numbers.items() if name != "device_key"}
    found = set(
        Part.objects.filter(serial_number__in=printed.values()).values_list(
            "serial_number", flat=True
        )
    )
    return {name for name, value in printed.items() if value in found}


def _on_a_pcb(name: str, value: str) -> bool:
    # As text: compared as JSON, the value would have to be JSON itself.
    number = Cast(KT(f"properties__{name}"), TextField())
    rows = Part.objects.filter(properties__isnull=False).alias(number=number)
    return rows.filter(number=value).exists()
