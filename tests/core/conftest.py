"""The few units that the tests of lists look for."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.products.models import Product
from tests.core.lists import Lists
from tests.core.unit_page import a_unit_that_is_on
from tests.factories import HubFactory, ProductFactory, ProductNoteFactory, ProductTypeFactory
from tests.personas import Api

MARCH = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def units(db: None) -> dict[str, Product]:
    """Four units by assembler: Ann's and bob's in hubs, Cléo's in none, and one nearly empty.

    Ann's has two notes, bob's one, the others none.
    """
    home, hub = ProductTypeFactory.create(name="Home"), ProductTypeFactory.create(name="Hub")
    north, south = HubFactory.create(name="North"), HubFactory.create(name="South")
    made = {
        "Ann": ProductFactory.create(
            assembler="Ann",
            product_type=home,
            hub=north,
            gps_lat=-1.5,
            gps_lon=30.0,
            is_payg=True,
            disable_date=MARCH,
            warranty_start_date=dt.date(2024, 1, 31),
            capacity_limit="Ann",
        ),
        "bob": ProductFactory.create(
            assembler="bob",
            product_type=home,
            hub=south,
            gps_lat=0.0,
            gps_lon=0.0,
            is_payg=False,
            disable_date=MARCH + dt.timedelta(days=1),
            warranty_start_date=dt.date(2024, 2, 29),
            capacity_limit="20",
        ),
        "Cléo": ProductFactory.create(
            assembler="Cléo", product_type=hub, gps_lat=2.5, gps_lon=1.0, is_payg=True
        ),
        "nobody": ProductFactory.create(product_type=hub, is_payg=False),
    }
    ProductNoteFactory.create(product=made["Ann"], note_text="cracked case")
    ProductNoteFactory.create(product=made["Ann"], note_text="cracked panel")
    ProductNoteFactory.create(product=made["bob"], note_text="wet")
    return made


@pytest.fixture
def products(units: dict[str, Product], api: Api) -> Lists:
    """The list of units, told by assembler, for somebody who sees them all."""
    return Lists(api.as_("system"), "products", "assembler")


@pytest.fixture
def unit(db: None) -> Product:
    """A unit that is on, because staff asked for it and it confirmed."""
    return a_unit_that_is_on()
