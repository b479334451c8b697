"""A small catalogue, with the ids that requests rely on, and the bodies of good requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from apps.core.catalogue import reset_sequences
from apps.entities.models import Entity
from apps.parts.models import PartType, PartTypeCategory, PartTypeProductTypeLinker
from apps.parts.models import PartTypeReplacementLinker as Rule
from apps.products.models import ProductType, StateType

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SIM, PCB, BATTERY, FUSE, PANEL = 1, 2, 3, 4, 13

# Part types by category: those of the catalogue's ids that these tests name.
PART_TYPES = {
    SIM: (43, 20),
    PCB: (44, 48, 77, 122, 158, 3),
    BATTERY: (45, 72, 18004),
    FUSE: (13, 14),
    PANEL: (30,),
}
# Product type -> the places in its units, the default type first.
PLACES: dict[int, tuple[tuple[int, ...], ...]] = {
    6: ((43, 20), (44, 48), (45,), (13, 14), (30,)),
    10: ((43, 20), (158,), (18004,), (13,)),
    7: ((43, 20), (77,), (13,)),
    4: ((43, 20), (77,), (72,), (13,), (30,)),
    8: ((43, 20), (122,)),
}


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Time stands still at noon, until a test shifts it."""
    with time_machine.travel(NOON, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def catalogue(db: None) -> None:
    """The types that the factory's requests name."""
    fill_catalogue()


def fill_catalogue() -> None:
    Entity.objects.create(pk=1, name="Unknown Entity", bboxx_company_flag=False)
    StateType.objects.bulk_create(
        StateType(pk=pk, name=name)
        for pk, name in ((1, "NON_EXISTANT"), (2, "STORED"), (3, "SHIPPED"), (5, "ACTIVATED"))
    )
    names = {6: "Home 2", 10: "Home 3", 7: "Hub 2", 4: "Enterprise", 8: "BPower20"}
    ProductType.objects.bulk_create(ProductType(pk=pk, name=name) for pk, name in names.items())
    PartTypeCategory.objects.bulk_create(
        PartTypeCategory(pk=pk, name=f"Kinds {pk}") for pk in PART_TYPES
    )
    PartType.objects.bulk_create(
        PartType(
            pk=pk,
            name=f"Kind {pk}",
            erp_code=f"PA{pk}",
            part_type_category_id=category,
            serial_number_category="known" if category in (SIM, PCB, BATTERY) else "unknown",
        )
        for category, keys in PART_TYPES.items()
        for pk in keys
    )
    PartTypeProductTypeLinker.objects.bulk_create(
        PartTypeProductTypeLinker(product_type_id=product_type, part_type_id=pk)
        for product_type, places in PLACES.items()
        for place in places
        for pk in place
    )
    Rule.objects.bulk_create(
        Rule(
            product_type_id=product_type,
            existing_part_type_id=existing,
            replacement_part_type_id=replacement,
            default_part_type=replacement == place[0],
            critical_part_type=False,
            non_transferable=False,
        )
        for product_type, places in PLACES.items()
        for place in places
        for existing in place
        for replacement in place
    )
    reset_sequences(Entity, StateType, ProductType, PartTypeCategory, PartType)


def modem(number: int = 5) -> dict[str, Any]:
    """What one modem is known by; another number, another modem."""
    return {
        "imei": f"01010123456{number:04d}",
        "imsi": f"21351413517{number:04d}",
        "device_key": f"4ab1ab3ab1ab7ab9ab1a{number:04d}",
    }


def home2(number: int = 5) -> dict[str, Any]:
    """The body of create_product/home2 for the PCB with `modem(number)`."""
    return {
        "pcb_imei": modem(number)["imei"],
        "battery": {"part_type_id": 45, "serial_number": f"BC4pDRSReEFnMHzHARHI{number:04d}"},
        "product": {"assembler": "Assembly House 1"},
    }
