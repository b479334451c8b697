"""Many units are given to entities, moved and taken back as each of them alone would be."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import DomainError, Unavailable
from apps.entities.models import Entity, ProductEntityLinker
from apps.entities.services import owners
from apps.products.models import Product
from tests.entities.owners import BY, NOON, UNKNOWN
from tests.factories import EntityFactory, ProductEntityLinkerFactory, ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unknown_entity", "clock")]

# A unit that is not there stands among them.
NOBODY = "359999999999999"
UNITS = 20

One = Callable[..., Any]


class Past:
    """Units with owners drawn by chance, of four entities; the same seed draws the same again."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.entities = [UNKNOWN, *(one.pk for one in EntityFactory.create_batch(3))]

    def units(self) -> list[Product]:
        draw = random.Random(self.seed)
        return [self._unit(draw) for _unit in range(UNITS)]

    def _unit(self, draw: random.Random) -> Product:
        unit = ProductFactory.create()
        # One may begin in the future, written by hand, and one without a date.
        dates = [NOON - dt.timedelta(days=2), NOON + dt.timedelta(days=1), None]
        for entity in draw.sample(self.entities[1:], draw.randrange(3)) or [UNKNOWN]:
            self._row(unit, entity, draw.choice(dates), None)
        before = NOON - dt.timedelta(days=9)
        for entity in draw.sample(self.entities, draw.randrange(3)):
            self._row(unit, entity, before, before + dt.timedelta(days=1))
        return unit

    @staticmethod
    def _row(
        unit: Product, entity: int, begun: dt.datetime | None, ended: dt.datetime | None
    ) -> None:
        ProductEntityLinkerFactory.create(
            product=unit, entity_id=entity, date_added=begun, date_removed=ended
        )


def result_of(service: One, imei: str, **asked: Any) -> Any:
    try:
        return service(product_imei=imei, by=BY, **asked)
    except DomainError as error:
        return error


def said(result: Any, imei: str) -> Any:
    """What a service said, without what tells one unit from another."""
    if isinstance(result, DomainError):
        texts = {key: str(text).replace(imei, "") for key, text in (result.errors or {}).items()}
        return type(result), str(result.message), texts
    return result


def rows_of(unit: Product) -> list[Any]:
    rows = ProductEntityLinker.objects.filter(product=unit).order_by("pk")
    return list(
        rows.values_list(
            "entity",
            "date_added",
            "date_removed",
            "created_by",
            "modified_at",
            "modified_by",
        )
    )


def check(past: Past, told: Any, one: One, many: One, **asked: Any) -> None:
    alone, together = past.units(), past.units()
    before = len(told())
    singly = [said(result_of(one, unit.pk, **asked), unit.pk) for unit in alone]
    one_by_one = told()[before:]
    came = many(imeis=[*(unit.pk for unit in together), NOBODY], by=BY, **asked)
    at_once = told()[before + len(one_by_one) :]
    # A service that only ever does something need not say so.
    found = [said(came[unit.pk], unit.pk) for unit in together]
    assert [one if one is not None else True for one in singly] == found
    assert said(came[NOBODY], NOBODY) == said(result_of(one, NOBODY, **asked), NOBODY)
    assert [rows_of(unit) for unit in together] == [rows_of(unit) for unit in alone]
    places = {unit.pk: place for units in (alone, together) for place, unit in enumerate(units)}
    assert [(places[imei], data) for imei, data in at_once] == [
        (places[imei], data) for imei, data in one_by_one
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("entity", range(5), ids=["unknown", "a", "b", "c", "missing"])
@pytest.mark.parametrize("within", [None, 1])
def test_giving_many_units_to_an_entity_and_taking_them(
    told: Any, seed: int, entity: int, within: int | None
) -> None:
    past = Past(seed)
    keys = [*past.entities, 999_999]
    asked: dict[str, Any] = {"entity_id": keys[entity]}
    asked["within"] = within and past.entities[within]
    check(past, told, owners.assign_entity, owners.assign_units, **asked)
    check(past, told, owners.remove_entity, owners.remove_units, **asked)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 0), (0, 3), (2, 2), (0, 0), (1, 4), (4, 4)])
def test_moving_many_units(told: Any, seed: int, old: int, new: int) -> None:
    past = Past(seed)
    keys = [*past.entities, 999_999]
    asked = {"old_entity_id": keys[old], "new_entity_id": keys[new]}
    check(past, told, owners.change_entity, owners.change_units, **asked)
    within = past.entities[1]
    check(past, told, owners.change_entity, owners.change_units, within=within, **asked)


def test_without_unknown_entity_nothing_is_taken_from_anyone(entity: Any) -> None:
    units = ProductFactory.create_batch(2)
    for unit in units:
        owners.ensure_owner(product_imei=unit.pk, by=BY)
        owners.assign_entity(product_imei=unit.pk, entity_id=entity.pk, by=BY)
    ProductEntityLinker.objects.filter(entity=UNKNOWN).delete()
    Entity.objects.filter(pk=UNKNOWN).delete()
    with pytest.raises(Unavailable, match="bootstrap"):
        owners.remove_units(imeis=[unit.pk for unit in units], entity_id=entity.pk, by=BY)
    assert ProductEntityLinker.objects.filter(date_removed__isnull=True).count() == 2


def test_the_statements_do_not_grow_with_the_units() -> None:
    first, second = (one.pk for one in EntityFactory.create_batch(2))
    services: list[One] = [
        lambda imeis: owners.assign_units(imeis=imeis, entity_id=first, by=BY),
        lambda imeis: owners.change_units(
            imeis=imeis, old_entity_id=first, new_entity_id=second, by=BY
        ),
        lambda imeis: owners.remove_units(imeis=imeis, entity_id=second, by=BY),
    ]
    costs = set()
    for size in (3, 40):
        imeis = [unit.pk for unit in ProductFactory.create_batch(size)]
        for imei in imeis:
            owners.ensure_owner(product_imei=imei, by=BY)
        costs.add(tuple(statements(service, imeis) for service in services))
    [(assigning, moving, removing)] = costs
    # The events are not counted on PostgreSQL, which takes them in as a stream.
    assert assigning in (5, 6)
    assert (moving, removing) == (assigning, assigning + 1)


def statements(service: One, imeis: list[str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        service(imeis)
    return sum("SAVEPOINT" not in query["sql"] for query in captured)
