"""PUT /products/<imei>/change_state: a unit moves through its life by the reference's table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
import time_machine

from apps.core import events
from apps.core.errors import Invalid
from apps.products import moves
from apps.products.errors import IllegalTransition, UnitTerminated
from apps.products.lifecycle import LifeStage
from apps.products.models import EnableHistory, Product, State, StateType
from apps.products.services import switch
from apps.products.services.lifecycle import change_state
from apps.products.services.settings import set_parameter
from apps.products.services.updates import lock_software, update_software
from tests.factories import (
    ParameterTypeFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductParameterFactory,
    ProductProductGroupLinkerFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
    StateFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STAFF = "staff@example.com"
# The reference's table, by ids.
ALLOWED = {
    1: {2},
    2: {3, 9},
    3: {4, 5, 8, 9},
    4: {5, 8, 9},
    5: {6, 7, 8, 9},
    6: {7, 8, 9},
    7: {6, 8, 9},
    8: {5, 9},
    9: set(),
}
INVALID = "Your request contained invalid data. See 'data' or 'validation_errors' for exact details"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture(autouse=True)
def stages(db: None) -> None:
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)


def unit_in(stage: int) -> Product:
    product = ProductFactory.create()
    put_in(product, stage)
    return product


def put_in(product: Product, stage: int) -> None:
    product.latest_state = StateFactory.create(
        product=product,
        prev_state_type=StateType.objects.get(pk=1),
        current_state_type=StateType.objects.get(pk=stage),
    )
    product.save()


def stage_of(product: Product) -> int:
    product.refresh_from_db()
    assert product.latest_state is not None
    return product.latest_state.current_state_type_id


def path(product: Product) -> str:
    return f"/v1/products/{product.pk}/change_state"


def test_an_admin_moves_a_unit(api: Any) -> None:
    product = unit_in(5)
    answer = api.as_("admin").put(path(product), {"new_state": 8})
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "success", "message": "Product state changed", "data": None},
    )
    row = State.objects.latest("state_id")
    product.refresh_from_db()
    assert product.latest_state == row
    assert (row.prev_state_type_id, row.current_state_type_id) == (5, 8)
    assert (row.created_by, row.created_at) == ("admin@example.com", NOW)
    assert (product.modified_by, product.modified_at) == ("admin@example.com", NOW)


def test_the_table_of_transitions_is_the_references() -> None:
    product = ProductFactory.create()
    for current in LifeStage:
        for new in LifeStage:
            put_in(product, current)
            rows = State.objects.count()
            if new in ALLOWED[current]:
                change_state(product_imei=product.pk, new_state=new, by=STAFF)
                assert (stage_of(product), State.objects.count()) == (new, rows + 1)
            else:
                with pytest.raises(IllegalTransition):
                    change_state(product_imei=product.pk, new_state=new, by=STAFF)
                assert (stage_of(product), State.objects.count()) == (current, rows)


def test_an_illegal_move_is_refused_in_the_references_words(api: Any) -> None:
    product = unit_in(5)
    answer = api.as_("admin").put(path(product), {"new_state": 2})
    text = " A unit may not transition from state '5' to state '2'"
    assert answer.status_code == 400
    assert answer.json() == {
        "status": "validation-error",
        "message": INVALID,
        "validation_errors": {"state_transition": text},
        "data": {"state_transition": text},
    }
    assert stage_of(product) == 5


def test_repeating_the_present_state_is_no_transition(api: Any) -> None:
    product = unit_in(5)
    assert api.as_("admin").put(path(product), {"new_state": 6}).status_code == 200
    assert api.as_("admin").put(path(product), {"new_state": 6}).status_code == 400
    assert State.objects.filter(product=product).count() == 2


def test_a_unit_without_a_state_begins_in_stock() -> None:
    product = ProductFactory.create()
    with pytest.raises(IllegalTransition) as caught:
        change_state(product_imei=product.pk, new_state=5, by=STAFF)
    assert caught.value.errors is not None
    assert "from state '1' to state '5'" in caught.value.errors["state_transition"]
    row = change_state(product_imei=product.pk, new_state=2, by=STAFF)
    assert (row.prev_state_type_id, row.current_state_type_id) == (1, 2)


def test_a_stage_that_is_not_in_the_table_leads_nowhere() -> None:
    product = unit_in(5)
    other = StateTypeFactory.create(pk=12)
    with pytest.raises(IllegalTransition):
        change_state(product_imei=product.pk, new_state=other.pk, by=STAFF)


@pytest.mark.parametrize(
    "body",
    [{}, {"new_state": None}, {"new_state": "8"}, {"new_state": True}, {"new_state": 8.0}]
    + [{"new_state": value} for value in (0, -1, 10, 2**63, [8])]
    + [{"entity_id": 8}, {"new_state": 8, "state": 8}],
)
def test_a_state_that_is_none_is_refused(api: Any, body: dict[str, Any]) -> None:
    product = unit_in(5)
    answer = api.as_("admin").put(path(product), body)
    assert answer.status_code == 400
    assert answer.json()["status"] == "validation-error"
    assert stage_of(product) == 5


@pytest.mark.parametrize("persona", ["overview", "technician"])
def test_below_admin_nobody_moves_a_unit(api: Any, persona: str) -> None:
    product = unit_in(5)
    assert api.as_(persona).put(path(product), {"new_state": 8}).status_code == 403
    assert stage_of(product) == 5


def test_a_unit_of_somebody_else_is_not_there(api: Any) -> None:
    product = unit_in(5)
    outside = api.as_("outsider").put(path(product), {"new_state": 8})
    absent = api.as_("outsider").put("/v1/products/999999999999999/change_state", {"new_state": 8})
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert stage_of(product) == 5


# --- the end of a life -------------------------------------------------------------------------


def enable_states(product: Product) -> list[str]:
    rows = EnableHistory.objects.filter(product=product).order_by("pk")
    return list(rows.values_list("current_enable_state", flat=True))


def test_a_terminated_unit_loses_a_wish_to_switch_it_on() -> None:
    product = unit_in(5)
    switch.enable_product(product_imei=product.pk, by=STAFF)
    change_state(product_imei=product.pk, new_state=9, by=STAFF)
    product.refresh_from_db()
    assert (product.desired_enable_flag, product.current_enable_flag) == (False, False)
    assert enable_states(product) == ["pending_enabled", "disabled"]
    assert product.latest_enable_history == EnableHistory.objects.latest("pk")
    with pytest.raises(UnitTerminated):
        switch.enable_product(product_imei=product.pk, by=STAFF)


def test_a_terminated_unit_that_was_on_is_said_to_be_on() -> None:
    """Nobody can ask it any more."""
    product = unit_in(5)
    Product.objects.filter(pk=product.pk).update(current_enable_flag=True, desired_enable_flag=True)
    change_state(product_imei=product.pk, new_state=9, by=STAFF)
    product.refresh_from_db()
    assert (product.desired_enable_flag, product.current_enable_flag) == (True, True)
    assert enable_states(product) == []


def test_nothing_waits_for_a_terminated_unit() -> None:
    product = unit_in(5)
    kind = ParameterTypeFactory.create()
    set_parameter(product_imei=product.pk, parameter_type=kind, value="a", by=STAFF)
    active = ProductParameterFactory.create(product=product)
    update = ProductSoftwareLinkerFactory.create(product=product, date_added=None)
    runs = ProductSoftwareLinkerFactory.create(product=product)
    change_state(product_imei=product.pk, new_state=9, by=STAFF)
    waited = product.product_parameter.get(parameter_type=kind)
    assert (waited.status, waited.date_added, waited.date_removed) == ("expired", NOW, NOW)
    active.refresh_from_db()
    update.refresh_from_db()
    runs.refresh_from_db()
    assert active.status == "active"
    assert (update.date_added, update.date_removed, update.modified_by) == (NOW, NOW, STAFF)
    assert runs.date_removed is None


def test_a_terminated_unit_is_asked_for_nothing_more() -> None:
    product = unit_in(9)
    version = SoftwareVersionTypeFactory.create()
    kind, noted = ParameterTypeFactory.create(), ParameterTypeFactory.create(setting=False)
    for service in (update_software, lock_software):
        with pytest.raises(UnitTerminated):
            service(product_imei=product.pk, software=version.name, by=STAFF)
    with pytest.raises(UnitTerminated):
        set_parameter(product_imei=product.pk, parameter_type=kind, value="a", by=STAFF)
    assert not product.product_software_linker.exists()
    # What is only noted about a unit can still be noted.
    set_parameter(product_imei=product.pk, parameter_type=noted, value="a", by=STAFF)
    assert product.product_parameter.get().status == "active"
    product.refresh_from_db()
    assert product.software_lock is None


def test_a_terminated_unit_keeps_its_owners_and_groups() -> None:
    product = unit_in(5)
    owner = ProductEntityLinkerFactory.create(product=product)
    group = ProductProductGroupLinkerFactory.create(product=product)
    change_state(product_imei=product.pk, new_state=9, by=STAFF)
    owner.refresh_from_db()
    group.refresh_from_db()
    assert (owner.date_removed, group.date_removed) == (None, None)


def test_what_an_app_refuses_does_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(moved: Sequence[moves.Move]) -> None:
        raise Invalid("not now")

    product = unit_in(5)
    switch.enable_product(product_imei=product.pk, by=STAFF)
    monkeypatch.setattr(moves, "_consequences", [*moves._consequences, refuse])
    with pytest.raises(Invalid, match="not now"):
        change_state(product_imei=product.pk, new_state=9, by=STAFF)
    assert stage_of(product) == 5
    assert enable_states(product) == ["pending_enabled"]


def test_others_are_told_of_a_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(events._consumers, "state_changed", [])
    events.consumer("state_changed")(lambda event: None)
    product = unit_in(5)
    row = change_state(product_imei=product.pk, new_state=8, by=STAFF)
    event = events.Event.objects.get(name="state_changed", subject=product.pk)
    assert event.data == {"state_id": row.pk, "from": 5, "to": 8, "by": STAFF}
