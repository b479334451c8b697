"""GET /products/<imei>/parameters/history: what is set, and what was as the unit saw it."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.writes import Writes
from apps.parts.models import PartParameter
from apps.parts.parameter_history import parameters_at
from apps.parts.services.settings import confirm_part_parameters, set_part_parameter
from apps.products.models import Product, ProductParameter
from apps.products.services.parameters import confirm_parameters
from apps.products.services.settings import set_parameter
from tests.factories import (
    ParameterTypeFactory,
    PartFactory,
    PartParameterFactory,
    PartProductLinkerFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductParameterFactory,
)

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STAFF = "staff@example.com"


def at(hours: float) -> dt.datetime:
    return NOON + dt.timedelta(hours=hours)


def shown(moment: dt.datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}" if moment else None


@pytest.fixture
def product(entity: Any) -> Product:
    product = ProductFactory.create()
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    return product


def path(product: Product) -> str:
    return f"/v1/products/{product.pk}/parameters/history"


def test_the_whole_history_is_shown_as_in_the_reference(api: Any, product: Product) -> None:
    row = ProductParameterFactory.create(
        product=product, status="expired", date_added=at(1), date_removed=at(1), created_by=STAFF
    )
    other = ProductParameterFactory.create(product=product, status="pending", date_added=None)
    linked = PartProductLinkerFactory.create(product=product)
    gone = PartProductLinkerFactory.create(product=product, date_removed=at(1))
    of_part = PartParameterFactory.create(part=linked.part)
    PartParameterFactory.create()
    ProductParameterFactory.create()
    answer = api.as_("overview").get(path(product))
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "success"
    assert body["message"] == f"Full parameter history for #{product.pk} returned successfully"
    first, second = body["data"]["product_parameters"]
    assert first == {
        "product_imei": product.pk,
        "product_parameter_id": row.pk,
        "parameter_type_id": row.parameter_type_id,
        "status": "expired",
        "value": "5",
        "date_added": shown(at(1)),
        "date_removed": shown(at(1)),
        "created_at": shown(row.created_at),
        "created_by": STAFF,
        "modified_at": None,
        "modified_by": None,
    }
    assert (second["product_parameter_id"], second["date_added"]) == (other.pk, None)
    assert set(body["data"]["part_parameters"]) == {str(linked.part_id), str(gone.part_id)}
    assert body["data"]["part_parameters"][str(gone.part_id)] == []
    assert body["data"]["part_parameters"][str(linked.part_id)] == [
        {
            "part_id": linked.part_id,
            "part_parameter_id": of_part.pk,
            "parameter_type_id": of_part.parameter_type_id,
            "status": "active",
            "value": "17.2",
            "date_added": shown(of_part.date_added),
            "date_removed": None,
            "created_at": shown(of_part.created_at),
            "created_by": None,
            "modified_at": None,
            "modified_by": None,
        }
    ]


def ask(api: Any, product: Product, how: str, date: Any) -> Any:
    more = {"params": {"date": date}} if how == "query" else {"json": {"date": date}}
    return api.as_("overview").get(path(product), **more)


@pytest.mark.parametrize("how", ["query", "body"])
def test_a_removed_value_is_active_at_a_date_when_it_was(
    api: Any, product: Product, how: str
) -> None:
    ProductParameterFactory.create(
        product=product, value="6", status="removed", date_added=at(1), date_removed=at(2)
    )
    ProductParameterFactory.create(product=product, value="7", date_added=at(2))
    ProductParameterFactory.create(product=product, status="pending", date_added=at(0))
    ProductParameterFactory.create(
        product=product, status="expired", date_added=at(0), date_removed=at(9)
    )
    for hour, values in ((0.5, []), (1, ["6"]), (1.5, ["6"]), (2, ["7"]), (3, ["7"])):
        answer = ask(api, product, how, at(hour).isoformat())
        assert answer.status_code == 200
        rows = answer.json()["data"]["product_parameters"]
        assert [row["value"] for row in rows] == values
        assert {row["status"] for row in rows} <= {"active"}


def test_at_a_date_the_parts_are_those_of_that_date(api: Any, product: Product) -> None:
    old, new = PartFactory.create(), PartFactory.create()
    PartProductLinkerFactory.create(part=old, product=product, date_added=at(0), date_removed=at(2))
    PartProductLinkerFactory.create(part=old, date_added=at(3))
    PartProductLinkerFactory.create(part=new, product=product, date_added=at(2))
    PartParameterFactory.create(
        part=old, value="17", status="removed", date_added=at(0), date_removed=at(1)
    )
    PartParameterFactory.create(part=old, value="15", date_added=at(1))
    expected: tuple[tuple[float, dict[str, list[str]]], ...] = (
        (-1, {}),
        (0.5, {str(old.pk): ["17"]}),
        (1.5, {str(old.pk): ["15"]}),
        (2.5, {str(new.pk): []}),
        (4, {str(new.pk): []}),
    )
    for hour, found in expected:
        data = ask(api, product, "query", at(hour).isoformat()).json()["data"]
        values = {
            part: [row["value"] for row in rows] for part, rows in data["part_parameters"].items()
        }
        assert values == found


@pytest.mark.parametrize("how", ["query", "body"])
@pytest.mark.parametrize("date", ["yesterday", "2026-02-30", "", "2026-13-01T00:00:00"])
def test_a_date_that_does_not_exist_is_refused(
    api: Any, product: Product, how: str, date: str
) -> None:
    answer = ask(api, product, how, date)
    assert answer.status_code == 400
    assert "date" in answer.json()["validation_errors"]


def test_what_is_not_known_is_refused(api: Any, product: Product) -> None:
    session = api.as_("overview")
    assert session.get(path(product), {"day": "2026-01-01"}).status_code == 400
    assert session.get(path(product), json={"day": "2026-01-01"}).status_code == 400
    assert session.get(path(product), json={"date": 5}).status_code == 400


def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product) -> None:
    outside = api.as_("outsider").get(path(product))
    absent = api.as_("outsider").get("/v1/products/999999999999999/parameters/history")
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert api.as_("insider").get(path(product)).status_code == 200
    assert api.anonymous().get(path(product)).status_code == 401


# --- at every past moment, what a replay of the log gives ----------------------------------------

VALUES = st.sampled_from(["1", "2", "3"])
KINDS = st.integers(0, 2)
# A report is made up to three steps before it arrives.
STEP = st.one_of(
    st.tuples(st.just("set"), st.booleans(), KINDS, VALUES),
    st.tuples(st.just("report"), st.just(False), KINDS, VALUES, st.integers(0, 3)),
)
REPEATABLE, SENT = (False, True, False), (True, True, False)


@dataclass
class Replay:
    """What a unit or a part has, worked out without a database: wishes in order, and what it took.

    wishes: (value, step at which it was asked for), by type.
    """

    wishes: list[list[tuple[str, int]]] = field(default_factory=lambda: [[], [], []])
    held: list[list[str]] = field(default_factory=lambda: [[], [], []])

    def set(self, kind: int, value: str, now: int) -> None:
        wishes, held = self.wishes[kind], self.held[kind]
        if not SENT[kind]:
            if value not in held:
                self.take(kind, value)
            return
        overtook = False
        if not REPEATABLE[kind]:
            overtook = any(wish != value for wish, _asked in wishes)
            wishes[:] = [wish for wish in wishes if wish[0] == value]
        waits = any(wish == value for wish, _asked in wishes)
        if not waits and (overtook or value not in held):
            wishes.append((value, now))

    def report(self, kind: int, value: str, made: int) -> None:
        for wish in self.wishes[kind]:
            if wish[0] == value and made >= wish[1]:
                self.wishes[kind].remove(wish)
                self.take(kind, value)
                return

    def take(self, kind: int, value: str) -> None:
        if not REPEATABLE[kind]:
            self.held[kind].clear()
        self.held[kind].append(value)


class World:
    """A unit with one part, and what both are asked for and say, in hours."""

    def __init__(self) -> None:
        self.product, self.part = ProductFactory.create(), PartFactory.create()
        PartProductLinkerFactory.create(part=self.part, product=self.product, date_added=at(-1))
        self.kinds = [
            ParameterTypeFactory.create(data_type="int", repeatable=again, setting=sent)
            for again, sent in zip(REPEATABLE, SENT, strict=True)
        ]
        self.own, self.of_part = Replay(), Replay()

    def set(self, number: int, of_part: bool, kind: int, value: str) -> None:
        chosen: Any = {"parameter_type": self.kinds[kind], "value": value, "by": STAFF}
        with time_machine.travel(at(number), tick=False):
            if of_part:
                set_part_parameter(part_id=self.part.pk, **chosen)
            else:
                set_parameter(product_imei=self.product.pk, **chosen)
        (self.of_part if of_part else self.own).set(kind, value, number)

    def report(self, number: int, _of_part: bool, kind: int, value: str, late: int) -> None:
        """The unit speaks for its parts as for itself."""
        for confirm in (confirm_parameters, confirm_part_parameters):
            writes = Writes()
            confirm(
                product_imei=self.product.pk,
                reported={self.kinds[kind].name: value},
                made_at=at(number - late),
                now=at(number),
                by="unit",
                writes=writes,
            )
            writes.send()
        for replay in (self.own, self.of_part):
            replay.report(kind, value, number - late)

    def said(self, moment: dt.datetime) -> list[list[list[str]]]:
        """What the history says was set at a moment, on the unit and on the part."""
        found = parameters_at(self.product.pk, moment)
        both = (found["product_parameters"], found["part_parameters"].get(str(self.part.pk), []))
        return [
            [
                sorted(row["value"] for row in rows if row["parameter_type_id"] == kind.pk)
                for kind in self.kinds
            ]
            for rows in both
        ]

    def replayed(self) -> list[list[list[str]]]:
        return [[sorted(held) for held in replay.held] for replay in (self.own, self.of_part)]


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, max_size=14))
def test_at_every_moment_the_answer_is_what_a_replay_gives(db: None, steps: list[Any]) -> None:
    world = World()
    log = [world.replayed()]
    for number, (verb, *more) in enumerate(steps, start=1):
        getattr(world, verb)(number, *more)
        log.append(world.replayed())
    for number, expected in enumerate(log):
        for moment in (at(number), at(number + 0.5)):
            assert world.said(moment) == expected, moment
    both = (
        (ProductParameter.objects.filter(product=world.product), world.own),
        (PartParameter.objects.filter(part=world.part), world.of_part),
    )
    for rows, replay in both:
        waiting = rows.filter(status="pending").values_list("value", flat=True)
        wished = [value for value, _asked in itertools.chain(*replay.wishes)]
        assert sorted(waiting) == sorted(wished)
        # What was overtaken begins and ends at once; all else that ended had begun before.
        for row in rows.filter(date_removed__isnull=False):
            assert (row.date_added == row.date_removed) == (row.status == "expired")
