"""PCBs in stock, looked at before a unit is made from one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.factory.errors import UnfitPcb
from apps.factory.lines import Line
from apps.factory.services.pcbs import Modem
from apps.factory.services.serials import claim_serial_number
from apps.parts.categories import PartCategory
from apps.parts.models import Part, PartProductLinker
from apps.parts.selectors import part_types_of
from apps.products import validators
from apps.products.models import Product, ProductType

_NUMBERS: dict[str, Callable[[str], Any]] = {
    "imsi": validators.validate_imsi,
    "device_key": validators.validate_device_key,
    "iccid": validators.validate_iccid,
    "serial_number": MaxLengthValidator(255),
}
# The SIM may be known by its IMSI; the serial number may still be to come.
_OPTIONAL = ("iccid", "serial_number")


@dataclass(frozen=True)
class BoardInStock:
    """A PCB with its SIM, both in no unit and held until the end of the transaction."""

    pcb: Part
    sim: Part
    modem: Modem
    serial_number: str


def hold_board(*, pcb_imei: str, line: Line, by: str) -> BoardInStock:
    """Lock a PCB and its SIM for a unit of a line; UnfitPcb says why none can be made from them.

    A PCB that was made without a serial number for its unit is given one.
    """
    sim_numbers = _sim_numbers(_modem_of(_pcb(pcb_imei, line)))
    held = _held(pcb_imei, *sim_numbers)
    # Looked at again: while this request waited for the lock the PCB may have been used.
    pcb = held.get((PartCategory.PCB, pcb_imei))
    if pcb is None or Product.objects.filter(pk=pcb_imei).exists() or _is_in_a_unit(pcb):
        raise UnfitPcb(_("This PCB is in a product already"))
    modem = _modem_of(pcb)
    _refuse_shared(modem)
    found = (held.get((PartCategory.SIM, number)) for number in sim_numbers)
    sim = _in_stock(next(filter(None, found), None), modem)
    _require_type(sim, line)
    return BoardInStock(pcb, sim, modem, _serial_number(pcb, line, by))


def _pcb(pcb_imei: str, line: Line) -> Part:
    """The PCB, not locked yet: which parts are to be locked is read from it."""
    pcb = Part.objects.filter(
        serial_number=pcb_imei, part_type__part_type_category_id=PartCategory.PCB
    ).first()
    if pcb is None:
        raise UnfitPcb(_("No PCB has this IMEI"))
    _require_type(pcb, line)
    return pcb


def _sim_numbers(modem: Modem) -> tuple[str, str]:
    """What the SIM may be known by, the likelier number first."""
    return modem.sim_serial_number, modem.imsi


def _held(*serial_numbers: str) -> dict[tuple[int, str], Part]:
    """The parts with these numbers by category and number, locked in the order of their keys."""
    rows = (
        Part.objects.select_for_update(of=("self",), no_key=True)
        .select_related("part_type")
        .filter(serial_number__in=serial_numbers)
        .order_by("part_id")
    )
    return {(row.part_type.part_type_category_id, str(row.serial_number)): row for row in rows}


def _in_stock(sim: Part | None, modem: Modem) -> Part:
    if sim is not None and not _is_in_a_unit(sim):
        return sim
    text = (
        _("The SIM of this PCB, {number}, is not in stock")
        if sim is None
        else _("The SIM of this PCB, {number}, is in a product already")
    )
    raise UnfitPcb(text.format(number=modem.sim_serial_number))


def _is_in_a_unit(part: Part) -> bool:
    return PartProductLinker.objects.filter(part=part, date_removed__isnull=True).exists()


def _require_type(part: Part, line: Line) -> None:
    if part.part_type_id in part_types_of(line.product_type_id):
        return
    product_type = ProductType.objects.filter(pk=line.product_type_id).first()
    text = _("No {product_type} is made with a “{part_type}”")
    raise UnfitPcb(text.format(product_type=product_type, part_type=part.part_type))


def _modem_of(pcb: Part) -> Modem:
    """What the PCB says of its modem; parts can also be made without, or with anything at all."""
    properties = pcb.properties if isinstance(pcb.properties, dict) else {}
    wrong = [name for name in _NUMBERS if not _holds(name, properties.get(name))]
    if wrong:
        text = _("The properties of this PCB lack a valid {numbers}")
        raise UnfitPcb(text.format(numbers=", ".join(wrong)))
    return Modem(
        imei=str(pcb.serial_number),
        imsi=properties["imsi"],
        device_key=properties["device_key"],
        iccid=properties.get("iccid"),
    )


def _holds(name: str, value: Any) -> bool:
    if value is None:
        return name in _OPTIONAL
    if not isinstance(value, str) or not value:
        return False
    try:
        _NUMBERS[name](value)
    except ValidationError:
        return False
    return True


def _refuse_shared(modem: Modem) -> None:
    """A unit may have got a number of this PCB since, by a repair or by hand."""
    shared = Q(imsi=modem.imsi) | Q(device_key=modem.device_key)
    if modem.iccid:
        shared |= Q(iccid=modem.iccid)
    other = Product.objects.filter(shared).first()
    if other is not None:
        text = _("Product #{imei} has the IMSI, ICCID or device key of this PCB")
        raise UnfitPcb(text.format(imei=other.pk))


def _serial_number(pcb: Part, line: Line, by: str) -> str:
    """The serial number that the PCB keeps for its unit, or a new one, kept from now on."""
    properties: dict[str, Any] = pcb.properties or {}
    number = properties.get("serial_number")
    if number is None:
        number = claim_serial_number(prefix=line.board.prefix, by=by)
        pcb.properties = {**properties, "serial_number": number}
        pcb.modified_by = by
        pcb.modified_at = timezone.now()
        pcb.save(update_fields=["properties", "modified_by", "modified_at"])
    elif Product.objects.filter(serial_number=number).exists():
        text = _("Another product has the serial number of this PCB, {number}")
        raise UnfitPcb(text.format(number=number))
    return str(number)
