"""Making units from PCBs in stock.

A new unit is STORED, belongs to Unknown Entity, is off and was never asked to be otherwise: its
first row of enable_history is written when somebody switches it on or off. Reference:
"/products/create_product/home2" and its like, "Unknown Entity", "change_state".
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core.errors import Invalid
from apps.core.writing import refused
from apps.entities.services.owners import ensure_owner
from apps.factory.errors import BatteryTaken, WrongPartType
from apps.factory.lines import Line
from apps.factory.services.settings import give_wattage
from apps.factory.services.stock import BoardInStock, hold_board
from apps.parts.categories import PartCategory
from apps.parts.models import Part, PartType
from apps.parts.selectors import default_part_types, part_type_in
from apps.parts.services.fitting import make_parts, put_in
from apps.products.lifecycle import LifeStage
from apps.products.models import LatestSoftware, Product
from apps.products.services.lifecycle import change_state
from apps.products.services.updates import update_software

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Battery:
    """The battery a unit is to get: the key of its type, and the number printed on it."""

    part_type_id: int
    serial_number: str


@dataclass(frozen=True)
class NewUnit:
    """A unit that was made, and the parts of it that answers tell of."""

    product: Product
    pcb: Part
    sim: Part
    battery: Part | None


def make_unit(
    *,
    line: Line,
    pcb_imei: str,
    battery: Battery | None = None,
    solar_panel_wattage: int | None = None,
    assembler: str | None = None,
    by: str,
) -> NewUnit:
    """Make the unit whose modem is on a PCB in stock, with its parts, software and settings.

    `battery` is given exactly for the lines that have one, `solar_panel_wattage` (W) for those that
    record it. Raises UnfitPcb, WrongPartType, BatteryTaken or UnfitWattage, and has then written
    nothing. Of two requests for one PCB or one battery one succeeds.
    """
    try:
        with transaction.atomic():
            return _make(line, pcb_imei, battery, solar_panel_wattage, assembler, by)
    except IntegrityError as error:
        # Whoever came first has committed, so that now it shows what is shared.
        if battery is not None:
            _refuse_taken_battery(battery)
        raise refused(error) from error


def _make(
    line: Line,
    pcb_imei: str,
    battery: Battery | None,
    solar_panel_wattage: int | None,
    assembler: str | None,
    by: str,
) -> NewUnit:
    board = hold_board(pcb_imei=pcb_imei, line=line, by=by)
    now = timezone.now()
    product = _product(line, board, assembler, by, now)
    built_in = None
    if battery is not None:
        built_in = _battery(line, battery, by, now)
    # What the request says of panels and what it names is not taken from the rules.
    named = {PartCategory.SIM, PartCategory.PCB, PartCategory.BATTERY}
    if line.panels:
        named.add(PartCategory.SOLAR_PANEL)
    others = default_part_types(line.product_type_id).exclude(part_type_category_id__in=named)
    parts = [board.sim, board.pcb, *([built_in] if built_in else [])]
    parts += make_parts(part_types=others, by=by, now=now)
    put_in(product_imei=product.pk, parts=parts, by=by, now=now)
    ensure_owner(product_imei=product.pk, by=by)
    change_state(product_imei=product.pk, new_state=LifeStage.STORED, by=by)
    _ask_for_latest_software(product, by)
    give_wattage(product=product, solar_panel_wattage=solar_panel_wattage, by=by)
    return NewUnit(product, board.pcb, board.sim, built_in)


def _product(
    line: Line, board: BoardInStock, assembler: str | None, by: str, now: datetime
) -> Product:
    """The unit's own row; everything else refers to it."""
    modem = board.modem
    product = Product(
        product_imei=modem.imei,
        serial_number=board.serial_number,
        product_type_id=line.product_type_id,
        imsi=modem.imsi,
        iccid=modem.iccid,
        device_key=modem.device_key,
        assembler=assembler,
        created_by=by,
        created_at=now,
    )
    product.save(force_insert=True)
    return product


def _battery(line: Line, battery: Battery, by: str, now: datetime) -> Part:
    part_type: PartType | None = part_type_in(
        PartCategory.BATTERY, battery.part_type_id, (line.product_type_id,)
    )
    if part_type is None:
        raise WrongPartType("battery", "part_type_id")
    _refuse_taken_battery(battery)
    return Part.objects.create(
        part_type=part_type, serial_number=battery.serial_number, created_by=by, created_at=now
    )


def _refuse_taken_battery(battery: Battery) -> None:
    if Part.objects.filter(serial_number=battery.serial_number).exists():
        raise BatteryTaken


def _ask_for_latest_software(product: Product, by: str) -> None:
    """Have the unit load, when it first connects, what units of its type run now.

    A unit that runs it already says so then, and the request is settled. A version that turned out
    to be bad, or is not meant for the type, holds no unit up: it is asked for later.
    """
    latest = LatestSoftware.objects.filter(
        product_type_id=product.product_type_id, date_removed__isnull=True
    ).first()
    if latest is None:
        return
    version = latest.software_version_type_id
    try:
        update_software(product_imei=product.pk, software=version, by=by)
    except Invalid as error:
        logger.warning("unit %s is made without software: %s", product.pk, error.errors)
