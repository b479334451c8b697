"""What the tests of owners share."""

from __future__ import annotations

import pytest

from apps.core.catalogue import reset_sequences
from apps.entities.catalogue import TABLES
from apps.entities.models import Entity
from apps.entities.selectors import UNKNOWN_ENTITY_ID


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
