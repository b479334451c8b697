"""The work of a command: each unit once, with the outcome it deserves, and the steps between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import time_machine
from django.db import OperationalError

from apps.core.errors import Invalid
from apps.fleet.commands import COMMANDS
from apps.fleet.models import FleetCommand, FleetCommandUnit
from apps.fleet.services import sweeping, work
from apps.products.models import EnableHistory, Product
from apps.products.services.switch import enable_product
from tests.factories import ProductEntityLinkerFactory, ProductFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

PATH = "/v1/fleet_commands"
STAFF = "staff@example.com"


def make(api: Api, persona: str = "technician", **body: Any) -> int:
    """A preview; its number."""
    answer = api.as_(persona).post(PATH, json={"command": "enable", "q": {}, **body})
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]["fleet_command"]["fleet_command_id"]


def step(api: Api, number: int, verb: str, persona: str = "technician") -> Any:
    return api.as_(persona).put(f"{PATH}/{number}/{verb}")


def outcomes(number: int) -> dict[str, tuple[str, str | None]]:
    rows = FleetCommandUnit.objects.filter(fleet_command=number)
    return {row.product_id: (row.outcome, row.reason) for row in rows}


def counts(row: FleetCommand) -> dict[str, int]:
    names = ("pending", "done", "skipped", "failed", "cancelled")
    found = {name: getattr(row, f"units_{name}") for name in names}
    return {name: number for name, number in found.items() if number}


@pytest.fixture
def broken() -> Iterator[dict[str, Exception]]:
    """What the service raises for which unit: all are then done one by one."""
    raised: dict[str, Exception] = {}
    command = COMMANDS["enable"]
    real = command.run

    def run(imeis: Sequence[str], order: Any) -> Any:
        result = real(imeis, order)
        for imei in imeis:
            if imei in raised:
                raise raised[imei]
        return result

    object.__setattr__(command, "run", run)
    yield raised
    object.__setattr__(command, "run", real)


def test_a_confirmed_command_does_what_the_single_action_does(
    api: Api, work_off: Any, started: list[int]
) -> None:
    units = ProductFactory.create_batch(3)
    enable_product(product_imei=units[0].pk, by=STAFF)
    number = make(api)
    assert step(api, number, "confirm").status_code == 200
    assert started == [number]
    row = work_off(number)
    assert (row.status, counts(row)) == ("finished", {"done": 2, "skipped": 1})
    assert row.ended_at is not None
    assert outcomes(number) == {
        units[0].pk: ("skipped", "already"),
        units[1].pk: ("done", None),
        units[2].pk: ("done", None),
    }
    history = EnableHistory.objects.filter(product=units[1])
    assert list(history.values_list("user", "current_enable_state")) == [
        ("technician@example.com", "pending_enabled")
    ]


def test_confirming_twice_begins_once(api: Api, started: list[int]) -> None:
    ProductFactory.create()
    number = make(api)
    answers = [step(api, number, "confirm") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert started == [number]


def test_a_command_may_begin_at_once(api: Api, started: list[int]) -> None:
    ProductFactory.create()
    number = make(api, confirm=True)
    assert started == [number]
    assert FleetCommand.objects.get().status == "running"


def test_an_old_preview_is_not_confirmed(api: Api, started: list[int]) -> None:
    ProductFactory.create()
    number = make(api)
    FleetCommand.objects.update(
        created_at=FleetCommand.objects.get().created_at - dt.timedelta(minutes=61)
    )
    answer = step(api, number, "confirm")
    assert answer.status_code == 400
    assert "older than an hour" in answer.json()["message"]
    assert FleetCommand.objects.get().status == "preview"
    assert started == []


def test_what_has_not_begun_is_cancelled_and_what_was_done_is_told(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 25)
    ProductFactory.create_batch(30)
    number = make(api)
    step(api, number, "confirm")
    work.work_once(command_id=number)
    answer = step(api, number, "cancel")
    assert answer.json()["message"] == "Cancelled: 25 units were done before, 5 had not begun"
    assert counts(FleetCommand.objects.get()) == {"done": 25, "cancelled": 5}
    assert work.work_once(command_id=number).wait is None
    assert EnableHistory.objects.count() == 25
    assert step(api, number, "cancel").status_code == 200
    assert step(api, number, "confirm").status_code == 400


def test_a_finished_command_cannot_be_cancelled(api: Api, work_off: Any) -> None:
    ProductFactory.create()
    number = make(api, confirm=True)
    work_off(number)
    assert step(api, number, "cancel").status_code == 400
    assert FleetCommand.objects.get().status == "finished"


def test_a_unit_that_is_refused_fails_and_the_others_go_on(
    api: Api, work_off: Any, broken: dict[str, Exception]
) -> None:
    units = ProductFactory.create_batch(3)
    broken[units[0].pk] = Invalid({"a": "Not this one", "b": "for two reasons"})
    broken[units[1].pk] = ValueError("a bug of ours")
    row = work_off(make(api, confirm=True))
    assert (row.status, counts(row)) == ("finished", {"done": 1, "failed": 2})
    said = FleetCommandUnit.objects.order_by("pk").values_list("outcome", "reason", "message")
    assert list(said) == [
        ("failed", "refused", "Not this one for two reasons"),
        ("failed", "fault", "ValueError: a bug of ours"),
        ("done", None, None),
    ]
    # What the service had written before it broke is gone with it.
    assert list(EnableHistory.objects.values_list("product", flat=True)) == [units[2].pk]


def test_failures_are_tried_again_and_nothing_else(
    api: Api, work_off: Any, broken: dict[str, Exception], started: list[int]
) -> None:
    units = ProductFactory.create_batch(2)
    broken[units[0].pk] = Invalid("Not now")
    number = make(api, confirm=True)
    assert step(api, number, "retry").status_code == 400
    work_off(number)
    broken.clear()
    answer = step(api, number, "retry")
    assert (answer.status_code, answer.json()["message"]) == (200, "1 units are tried again")
    assert started == [number, number]
    row = work_off(number)
    assert (row.status, counts(row)) == ("finished", {"done": 2})
    assert EnableHistory.objects.count() == 2
    assert step(api, number, "retry").status_code == 400


def test_a_database_that_is_away_is_not_the_units_fault(
    api: Api, work_off: Any, broken: dict[str, Exception]
) -> None:
    units = ProductFactory.create_batch(2)
    broken[units[1].pk] = OperationalError("deadlock detected")
    number = make(api, confirm=True)
    with pytest.raises(OperationalError):
        work.work_once(command_id=number)
    # The whole batch is undone, the unit before included.
    assert not EnableHistory.objects.exists()
    row = FleetCommand.objects.get()
    assert (counts(row), row.trouble) == ({"pending": 2}, "deadlock detected")
    broken.clear()
    row = work_off(number)
    assert (counts(row), row.trouble) == ({"done": 2}, None)


def test_a_unit_that_breaks_the_work_off_again_and_again_is_given_up(
    api: Api, work_off: Any, broken: dict[str, Exception]
) -> None:
    units = ProductFactory.create_batch(2)
    broken[units[0].pk] = OperationalError("canceling statement due to statement timeout")
    number = make(api, confirm=True)
    for _time in range(work.MOST_ATTEMPTS):
        FleetCommand.objects.update(paced_until=None)
        with pytest.raises(OperationalError):
            work.work_once(command_id=number)
    row = work_off(number)
    assert (row.status, counts(row)) == ("finished", {"done": 1, "failed": 1})
    assert outcomes(number)[units[0].pk] == ("failed", "held_up")


def test_a_unit_that_left_the_entity_is_skipped(api: Api, work_off: Any, entity: Any) -> None:
    kept, left = ProductFactory.create_batch(2)
    links = [ProductEntityLinkerFactory.create(product=p, entity=entity) for p in (kept, left)]
    number = make(api, "insider")
    links[1].date_removed = links[1].date_added
    links[1].save()
    step(api, number, "confirm", "insider")
    row = work_off(number)
    assert counts(row) == {"done": 1, "skipped": 1}
    assert outcomes(number)[left.pk] == ("skipped", "out_of_scope")
    assert not EnableHistory.objects.filter(product=left).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"is_active": False}, "may no longer sign in"),
        ({"level": 1}, "may no longer do this"),
        ({"scope": "ENTITY"}, "sees other units now"),
    ],
)
def test_a_command_stops_with_the_rights_of_whoever_gave_it(
    api: Api, technician: Any, entity: Any, work_off: Any, change: dict[str, Any], said: str
) -> None:
    ProductFactory.create()
    number = make(api, confirm=True)
    type(technician).objects.filter(pk=technician.pk).update(**change, entity=entity)
    row = work_off(number)
    assert (row.status, counts(row)) == ("stopped", {"cancelled": 1})
    assert said in (row.end_reason or "")
    assert not EnableHistory.objects.exists()


def test_a_command_keeps_to_its_pace(api: Api) -> None:
    ProductFactory.create_batch(30)
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        number = make(api, confirm=True, per_minute=60)
        begun = []
        for _second in range(31):
            begun.append(work.work_once(command_id=number).units)
            clock.shift(1)
        # Sixty a minute are five in five seconds; never more, and none is lost.
        assert begun == [5 if second % 5 == 0 else 0 for second in range(30)] + [0]
        assert FleetCommand.objects.get().status == "finished"


def test_a_command_left_lying_is_found(api: Api) -> None:
    ProductFactory.create()
    number = make(api, confirm=True)
    assert sweeping.left_lying() == []
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)):
        assert sweeping.left_lying() == [number]


def test_a_forgotten_preview_loses_its_units(api: Api) -> None:
    ProductFactory.create()
    number = make(api)
    assert sweeping.forget_previews() == 0
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2)):
        assert sweeping.forget_previews() == 1
    assert outcomes(number) == {}
    assert step(api, number, "confirm").status_code == 400
    assert FleetCommand.objects.get().status == "expired"


def test_below_the_level_of_the_command_nobody_takes_a_step(api: Api, started: list[int]) -> None:
    ProductFactory.create()
    number = make(api)
    for verb in ("confirm", "cancel", "retry"):
        assert step(api, number, verb, "overview").status_code == 403
    assert FleetCommand.objects.get().status == "preview"
    assert Product.objects.filter(desired_enable_flag=True).count() == 0


def test_many_units_at_once_are_done_one_by_one_where_that_breaks(
    api: Api, work_off: Any, broken: dict[str, Exception]
) -> None:
    units = ProductFactory.create_batch(3)
    broken[units[1].pk] = ValueError("a bug of ours")

    def all_at_once(imeis: Sequence[str], order: Any) -> Any:
        if len(imeis) == 1:
            return one_by_one(imeis, order)
        enable_product(product_imei=imeis[0], by=order.by)
        raise ValueError("a bug of ours")

    one_by_one = COMMANDS["enable"].run
    object.__setattr__(COMMANDS["enable"], "run", all_at_once)
    row = work_off(make(api, confirm=True))
    assert counts(row) == {"done": 2, "failed": 1}
    assert EnableHistory.objects.count() == 2
