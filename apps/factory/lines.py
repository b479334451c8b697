"""What the factory makes: the families of PCB, and the lines of units built on them.

Reference: "Part Actions" (create_tiger_pcb and its like) and "/products/create_product/...".
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

# The type of SIM that a request means if it names none.
DEFAULT_SIM_TYPE = 43

HOME_2, HOME_3, HUB_2, ENTERPRISE, BPOWER20, BPOWER50 = 6, 10, 7, 4, 8, 9


@dataclass(frozen=True)
class Board:
    """One family of PCB.

    part_type_id   the type of PCB that a request means if it names none
    prefix         how the serial numbers of its units begin
    product_types  the units it is made for: a PCB type of the family may be in one of them
    made           what is answered when one was made
    states_erp     whether its properties state the ERP code of its type
    """

    part_type_id: int
    prefix: str
    product_types: tuple[int, ...]
    made: Any
    states_erp: bool = False


_WITH_SIM = _("new pcb part and sim successfully created")
TIGER = Board(44, "HB000501", (HOME_2,), _WITH_SIM)
HYENA = Board(77, "HB000501", (HUB_2, ENTERPRISE), _WITH_SIM)
KOALA = Board(122, "BX0020", (BPOWER20, BPOWER50), _("new koala pcb successfully created."), True)
JACKAL = Board(158, "PA040000", (HOME_3,), _("new jackal pcb successfully created."), True)


@dataclass(frozen=True)
class Line:
    """One line of units, each built around a PCB that exists.

    name      how messages call such a unit
    battery   whether a battery is built in
    panels    whether the power of the panels sold with it is recorded
    """

    name: str
    product_type_id: int
    board: Board
    battery: bool = True
    panels: bool = False


LINES = MappingProxyType(
    {
        "home2": Line("Home2Product", HOME_2, TIGER),
        "home3": Line("Home3", HOME_3, JACKAL),
        "hub2": Line("Hub2Product", HUB_2, HYENA, battery=False),
        "enterprise": Line("EnterpriseProduct", ENTERPRISE, HYENA, panels=True),
    }
)
