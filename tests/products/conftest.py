"""Units, groups and pages that several tests here begin with."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.models import User
from apps.core.catalogue import reset_sequences
from apps.entities.models import Entity
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.products.lifecycle import LifeStage
from apps.products.models import Product, ProductGroup
from tests.factories import (
    EntityFactory,
    ProductEntityLinkerFactory,
    ProductGroupFactory,
    StateTypeFactory,
)
from tests.products.unit_pages import UnitPage
from tests.products.why import a_unit


@pytest.fixture
def unknown(db: None) -> Entity:
    """The entity of units that nobody known owns."""
    made: Entity = EntityFactory.create(pk=UNKNOWN_ENTITY_ID, name="Unknown Entity")
    reset_sequences(Entity)
    return made


@pytest.fixture
def unit(unknown: Entity) -> Product:
    """A unit in use that is on, beside every stage it may come to."""
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)
    return a_unit(on=True, serial_number="HB-1")


@pytest.fixture
def of_admin(unit: Product, admin: User) -> UnitPage:
    """An admin before the page of the unit."""
    return UnitPage(unit, admin)


@pytest.fixture
def product(entity: Any) -> Product:
    """A unit of `entity`."""
    return ProductEntityLinkerFactory.create(entity=entity).product


@pytest.fixture
def group(product: Product, entity: Any) -> ProductGroup:
    """A group for units of the unit's type and of `entity`."""
    return ProductGroupFactory.create(product_type=product.product_type, entity=entity)


@pytest.fixture
def open_group() -> ProductGroup:
    """A group for every unit."""
    return ProductGroupFactory.create(product_type=None, entity=None)
