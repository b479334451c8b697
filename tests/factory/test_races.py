"""Requests that arrive at the same moment: no number is given out or used twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apps.factory.errors import Taken, UnfitPcb
from apps.factory.lines import HYENA, LINES, TIGER
from apps.factory.models import Home2StockPreparationTracking, Serial
from apps.factory.services.pcbs import Modem, PcbWithSim, create_pcb
from apps.factory.services.stock_preparation import prepare_home2
from apps.factory.services.units import Battery, NewUnit, make_unit
from apps.parts.models import Part, PartProductLinker
from apps.products.models import Product
from tests.entities.races import together
from tests.factory.conftest import fill_catalogue, modem

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RACERS = 4
ICCID = "66685607592181745482"


@pytest.fixture(autouse=True)
def types(transactional_db: None) -> None:
    fill_catalogue()


def pcb(number: int, board: Any = TIGER, **other: str) -> Callable[[], PcbWithSim]:
    """Makes the PCB with `modem(number)`, some of its numbers replaced."""
    numbers = Modem(**{**modem(number), **other})
    return lambda: create_pcb(board=board, modem=numbers, by="line")


def home2(number: int, battery: str) -> Callable[[], NewUnit]:
    return lambda: make_unit(
        line=LINES["home2"],
        pcb_imei=modem(number)["imei"],
        battery=Battery(45, battery),
        by="line",
    )


def test_serial_numbers_made_at_once_are_all_different() -> None:
    made = together(*(pcb(number) for number in range(RACERS * 2)))
    numbers = {result.pcb.properties["serial_number"] for result in made}
    assert len(numbers) == RACERS * 2
    assert Serial.objects.count() == RACERS * 2


@pytest.mark.parametrize("shared", ["imei", "imsi", "device_key", "iccid"])
def test_a_number_shared_at_once_is_used_once(shared: str) -> None:
    value = {**modem(99), "iccid": ICCID}[shared]
    boards = (TIGER, HYENA)
    results = together(
        *(pcb(number, boards[number % 2], **{shared: value}) for number in range(RACERS))
    )
    lost = [result for result in results if isinstance(result, Taken)]
    assert len(lost) == RACERS - 1
    assert all(set(error.errors or {}) == {shared} for error in lost)
    # One PCB and its SIM; of the others nothing is left.
    assert Part.objects.count() == 2


def test_a_pcb_wanted_by_several_at_once_goes_into_one_unit() -> None:
    pcb(5)()
    results = together(*(home2(5, f"B{racer}") for racer in range(RACERS)))
    assert sum(isinstance(result, NewUnit) for result in results) == 1
    lost = [result for result in results if isinstance(result, UnfitPcb)]
    assert len(lost) == RACERS - 1
    assert Product.objects.count() == 1
    assert PartProductLinker.objects.values("part").distinct().count() == 5
    assert PartProductLinker.objects.count() == 5
    # SIM, PCB, battery, fuse and panel: the batteries of the others were not made.
    assert Part.objects.count() == 5


def test_a_battery_wanted_by_several_at_once_goes_into_one_unit() -> None:
    for number in range(RACERS):
        pcb(number)()
    results = together(*(home2(number, "THE ONE") for number in range(RACERS)))
    assert sum(isinstance(result, NewUnit) for result in results) == 1
    lost = [result for result in results if not isinstance(result, NewUnit)]
    assert all(set(error.errors) == {"battery"} for error in lost)
    assert Product.objects.count() == 1


def test_a_check_sent_twice_at_once_is_recorded_once() -> None:
    pcb(5)()
    unit = home2(5, "B")().product
    results = together(
        *[lambda: prepare_home2(product_imei=unit.pk, by="stock@example.com")] * RACERS
    )
    assert len({result.row.pk for result in results}) == 1
    assert Home2StockPreparationTracking.objects.count() == 1


def test_units_made_at_once_do_not_hinder_each_other() -> None:
    for number in range(RACERS):
        pcb(number)()
    results = together(*(home2(number, f"B{number}") for number in range(RACERS)))
    assert all(isinstance(result, NewUnit) for result in results)
    assert Product.objects.values("serial_number").distinct().count() == RACERS
