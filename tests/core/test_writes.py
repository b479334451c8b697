"""Writes sent together: the same rows on every database, in one statement where it takes them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.writes import Writes
from apps.products.models import ProductType, StateType
from tests.factories import ProductTypeFactory

pytestmark = pytest.mark.django_db

INSERT = "INSERT INTO state_type (name, created_at) VALUES (%s, '2026-03-01')"
RENAME = "UPDATE product_type SET name = %s, created_by = %s WHERE product_type_id = %s"


def sent(writes: Writes) -> int:
    """Send; how many statements it took."""
    with CaptureQueriesContext(connection) as captured:
        writes.send()
    return len(captured)


def test_what_one_write_returns_is_a_parameter_of_another() -> None:
    row = ProductTypeFactory.create()
    writes, told = Writes(), []
    first = writes.add(INSERT, ["50% off"], returning="state_type_id")
    second = writes.add(INSERT, ["it's"], returning="state_type_id")
    writes.add(RENAME, ["%s", second, row.pk])
    writes.then(lambda: told.append((first.value, second.value)))
    assert sent(writes) == (1 if connection.vendor == "postgresql" else 3)
    keys = {name: pk for pk, name in StateType.objects.values_list("pk", "name")}
    assert told == [(keys["50% off"], keys["it's"])]
    row.refresh_from_db()
    assert (row.name, row.created_by) == ("%s", str(keys["it's"]))


def test_one_write_is_sent_as_it_is() -> None:
    writes = Writes()
    written = writes.add(INSERT, ["alone"], returning="state_type_id")
    assert sent(writes) == 1
    assert written.value == StateType.objects.get(name="alone").pk


def test_writes_that_return_nothing_are_done() -> None:
    rows = [ProductTypeFactory.create() for _number in range(2)]
    writes = Writes()
    for row in rows:
        writes.add(RENAME, [f"new {row.pk}", None, row.pk])
    writes.send()
    found = ProductType.objects.filter(pk__in=[row.pk for row in rows])
    assert {row.name for row in found} == {f"new {row.pk}" for row in rows}


def test_nothing_to_write_costs_nothing() -> None:
    assert sent(Writes()) == 0
