"""A unit's page tells of the commands that touched it."""

from __future__ import annotations

from typing import Any

import pytest

from apps.fleet.story import commands
from tests.factories import (
    EntityFactory,
    FleetCommandFactory,
    FleetCommandUnitFactory,
    ProductFactory,
)
from tests.fleet.test_pages import signed_in, text_of
from tests.fleet.test_work import make
from tests.personas import Api

pytestmark = pytest.mark.django_db


def test_a_unit_tells_which_command_touched_it_and_why(
    api: Api, work_off: Any, technician: Any
) -> None:
    unit = ProductFactory.create()
    number = make(api, note="Back from winter")
    page = f"/admin/products/product/{unit.pk}/change/"
    assert commands(unit.pk, 10) == []
    api.as_("technician").put(f"/v1/fleet_commands/{number}/confirm")
    work_off(number)
    page_text = text_of(signed_in(technician).get(page, {"kind": "fleet"}))
    assert f"Enable, in command {number}" in page_text
    assert "Back from winter" in page_text


def test_a_failure_is_told_with_its_sentence_and_a_skip_is_not() -> None:
    row = FleetCommandFactory.create(note=None)
    unit = FleetCommandUnitFactory.create(fleet_command=row, outcome="failed", message="Not now")
    skipped = FleetCommandUnitFactory.create(fleet_command=row, outcome="skipped")
    (event,) = commands(unit.product_id, 10)
    assert (event.title, event.detail) == (f"Enable failed, in command {row.pk}", "Not now")
    assert commands(skipped.product_id, 10) == []


def test_what_a_command_asked_for_is_looked_up_once(django_assert_num_queries: Any) -> None:
    unit, entity = ProductFactory.create(), EntityFactory.create()
    for _time in range(3):
        row = FleetCommandFactory.create(
            command="assign_entity", parameters={"entity_id": entity.pk}
        )
        FleetCommandUnitFactory.create(fleet_command=row, product=unit, outcome="done")
    with django_assert_num_queries(2):
        found = commands(unit.pk, 10)
    assert {entity.name in event.detail for event in found} == {True}
