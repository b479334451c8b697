"""What the tests of owners and customers share."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from apps.core import events
from apps.core.catalogue import reset_sequences
from apps.entities.catalogue import TABLES
from apps.entities.models import Entity
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.entities.services import owners
from tests.entities.owners import BY, NOON
from tests.factories import ProductFactory


@pytest.fixture
def unknown_entity(db: None) -> Entity:
    """The entity of units without an entity, under the id that the catalogue gives it.

    A test asks for it with `usefixtures`, so that it is there before any other entity.
    """
    table = next(table for table in TABLES if table.model == "entities.Entity")
    values = next(row for row in table.rows if row[0] == UNKNOWN_ENTITY_ID)
    made = Entity.objects.create(**dict(zip(table.columns, values, strict=True)))
    reset_sequences(Entity)
    return made


@pytest.fixture
def clock() -> Any:
    """Time stands still at noon, until a test shifts it."""
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


@pytest.fixture
def product() -> Any:
    """A new unit, of no entity."""
    made = ProductFactory.create()
    owners.ensure_owner(product_imei=made.pk, by=BY)
    return made


@pytest.fixture
def owned(product: Any, entity: Any) -> Any:
    """The unit, of `entity`."""
    owners.assign_entity(product_imei=product.pk, entity_id=entity.pk, by=BY)
    return product


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The events on owners that were published, as (subject, data)."""
    monkeypatch.setitem(events._consumers, "entity_changed", [lambda event: None])
    before = events.Event.objects.values_list("pk", flat=True)
    rows = events.Event.objects.filter(name="entity_changed").order_by("pk")
    rows = rows.exclude(pk__in=list(before))
    return lambda: list(rows.values_list("subject", "data"))
