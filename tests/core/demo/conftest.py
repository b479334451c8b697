"""One demonstration fleet for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.products.models import (
    Product,
)
from tests.core.demo.fleet import UNITS, UNTIL


@pytest.fixture(scope="package", autouse=True)
def fleet(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One fleet for all tests here, which only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", units=UNITS, seed=3, until=UNTIL, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def products(fleet: None) -> list[Product]:
    return list(
        Product.objects.select_related(
            "latest_state", "latest_enable_history", "latest_connection", "product_type"
        ).order_by("pk")
    )
