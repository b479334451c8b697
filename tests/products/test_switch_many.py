"""Many units are switched by the rules of one: row by row the same comes of both ways."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import events
from apps.core.errors import DomainError
from apps.products.models import EnableState, Product, StateType
from apps.products.services import switch
from apps.products.services.switch_many import ask_units
from tests.factories import (
    EnableHistoryFactory,
    ProductFactory,
    StateFactory,
    StateTypeFactory,
    TamperEnableHistoryFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STAFF = "staff@example.com"
SINGLE = {
    (switch.MAIN, True): switch.enable_product,
    (switch.MAIN, False): switch.disable_product,
    (switch.TAMPER, True): switch.enable_tamper_switch,
    (switch.TAMPER, False): switch.disable_tamper_switch,
}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event of a switch is written, whoever consumes it."""
    events._load()
    for name in ("enable_state_changed", "tamper_state_changed", "switch_asked"):
        monkeypatch.setitem(events._consumers, name, [lambda event: None])


def a_unit_of_every_kind() -> list[Product]:
    """Every state of both switches with every wish, the last row late; and the end of life."""
    units = []
    for state in (None, *EnableState):
        for wish in (True, False):
            unit = ProductFactory.create(desired_enable_flag=wish, desired_tamper_flag=wish)
            late = NOW + dt.timedelta(hours=2)
            for date in (late, NOW - dt.timedelta(days=9)) if state else ():
                EnableHistoryFactory.create(product=unit, current_enable_state=state, date=date)
                TamperEnableHistoryFactory.create(
                    product=unit, current_tamper_enable_state=state, date=date
                )
            units.append(unit)
    ended, _new = StateType.objects.get_or_create(name="TERMINATED")
    for stage in (ended, StateTypeFactory.create()):
        unit = ProductFactory.create()
        unit.latest_state = StateFactory.create(product=unit, current_state_type=stage)
        unit.save()
        units.append(unit)
    return units


def written(units: list[Product]) -> list[Any]:
    """All that a request can leave, told without keys and the units' own identity."""
    found: list[Any] = []
    for unit in units:
        unit.refresh_from_db()
        latest = unit.latest_enable_history
        histories = [
            list(rows.order_by("pk").values_list(*columns, "user", "date", "created_by"))
            for rows, columns in (
                (unit.enable_history_rel, ("prev_enable_state", "current_enable_state")),
                (
                    unit.tamper_enable_history,
                    ("prev_tamper_enable_state", "current_tamper_enable_state"),
                ),
            )
        ]
        told = events.Event.objects.filter(subject=unit.pk).order_by("pk")
        found.append(
            (
                unit.desired_enable_flag,
                unit.desired_tamper_flag,
                unit.current_enable_flag,
                unit.disable_date,
                unit.modified_at,
                unit.modified_by,
                latest and (latest.product_id == unit.pk, latest.current_enable_state),
                histories,
                [(e.name, {**e.data, "history_id": None}) for e in told],
            )
        )
    return found


@pytest.mark.parametrize(("which", "on"), SINGLE, ids=lambda value: str(value)[:30])
def test_many_units_get_what_each_alone_would_get(which: switch.Switch, on: bool) -> None:
    alone, together = a_unit_of_every_kind(), a_unit_of_every_kind()
    came: list[Any] = []
    for unit in alone:
        try:
            came.append(SINGLE[which, on](product_imei=unit.pk, by=STAFF) is not None)
        except DomainError as error:
            came.append(type(error))
    answers = ask_units(switch=which, imeis=[u.pk for u in together], on=on, by=STAFF)
    assert [
        type(answers[u.pk]) if isinstance(answers[u.pk], DomainError) else bool(answers[u.pk])
        for u in together
    ] == came
    assert written(together) == written(alone)


def test_a_unit_that_is_not_there_holds_nobody_up() -> None:
    unit = ProductFactory.create()
    answers = ask_units(switch=switch.MAIN, imeis=["no such", unit.pk], on=True, by=STAFF)
    assert isinstance(answers["no such"], DomainError)
    assert answers[unit.pk] is not None


def test_the_statements_do_not_grow_with_the_units() -> None:
    costs = set()
    for size in (5, 50):
        imeis = [unit.pk for unit in ProductFactory.create_batch(size)]
        with CaptureQueriesContext(connection) as captured:
            ask_units(switch=switch.MAIN, imeis=imeis, on=True, by=STAFF)
        costs.add(sum("SAVEPOINT" not in query["sql"] for query in captured))
    assert costs == {6}
