"""What can be wrong with a request to make parts or units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Forbidden, Invalid
from apps.products.models import Product


class NotForOneEntity(Forbidden):
    """A user who sees the units of one entity asks to make some."""

    def __init__(self) -> None:
        super().__init__(
            _("New parts and units belong to no entity yet: only users who see all units make them")
        )


class Taken(Invalid):
    """These fields hold numbers that another part or unit has already."""

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(fields, _("This value is already taken")))


class WrongPartType(Invalid):
    """No such part type, or one of another kind or for other units: the same words for all."""

    def __init__(self, *path: str) -> None:
        super().__init__(_at(path, _("No part type that fits here has this key")))


class SameNumbers(Invalid):
    """A modem cannot have the number of its SIM."""

    def __init__(self, field: str) -> None:
        super().__init__({field: _("The IMEI is the number of the modem, not of its SIM")})


class UnfitPcb(Invalid):
    """No unit can be made from this PCB, and why."""

    def __init__(self, why: str) -> None:
        super().__init__({"pcb_imei": why})


class BatteryTaken(Invalid):
    """A part has this serial number already."""

    def __init__(self) -> None:
        super().__init__(_at(("battery", "serial_number"), _("This value is already taken")))


class UnfitWattage(Invalid):
    """The power of the panels is not what the parameter takes."""

    def __init__(self, why: Invalid) -> None:
        super().__init__({"solar_panel_wattage": " ".join(map(str, (why.errors or {}).values()))})


def _at(path: tuple[str, ...], text: str) -> dict[str, Any]:
    """What is wrong, at the place in the body where it is: {"battery": {"serial_number": ...}}."""
    found: Any = text
    for name in reversed(path):
        found = {name: found}
    return dict(found)


class InvalidToolLog(Invalid):
    """An entry is refused; the message itself says why (reference: "/upload_tool_log")."""

    def __init__(self, wrong: Mapping[str, Any]) -> None:
        super().__init__(wrong)
        self.message = "; ".join(f"{name}: {text}" for name, text in wrong.items())


class NotAHome2(Invalid):
    """A unit of another type stands where a Home 2 belongs."""

    def __init__(self, unit: Product) -> None:
        text = _("{unit} is a {product_type}: only Home 2 units are prepared here.")
        super().__init__(text.format(unit=unit, product_type=unit.product_type))
