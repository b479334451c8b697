"""The page of a unit: its story, told newest first and page by page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.products.models import Product
from tests.core.unit_page import NOW, as_, page_of, told
from tests.factories import (
    AlertFactory,
    ConnectionFactory,
    EnableHistoryFactory,
    PaymentCommandFactory,
    ProductEntityLinkerFactory,
    ProductGroupFactory,
    ProductNoteFactory,
    ProductParameterFactory,
    ProductProductGroupLinkerFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    RepairFactory,
    SmsHistoryFactory,
    StateFactory,
)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_what_was_asked_and_what_the_unit_heard_is_one_event(unit: Product, overview: User) -> None:
    assert told(as_(overview), unit) == [
        "Enabled by ann@example.com: Heard by the unit 14 min later"
    ]


@pytest.mark.parametrize(
    ("counts_credit", "why"),
    [(True, "By itself: it counts its own credit"), (False, "Nobody had asked for it here")],
)
def test_a_switch_that_nobody_asked_for_is_told_with_what_may_be_behind_it(
    unit: Product, overview: User, counts_credit: bool, why: str
) -> None:
    Product.objects.filter(pk=unit.pk).update(dcm_enabled_flag=counts_credit)
    EnableHistoryFactory.create(
        product=unit, current_enable_state="disabled", user="unit", date=NOW
    )
    assert told(as_(overview), unit)[0] == f"The unit reported that it is off: {why}"


def test_the_story_tells_of_every_domain_newest_first(unit: Product, overview: User) -> None:
    ProductEntityLinkerFactory.create(
        product=unit, entity__name="Sunrise", date_added=NOW - dt.timedelta(days=9)
    )
    AlertFactory.create(
        product=unit, alert_type__label="Too hot", start_time=NOW - dt.timedelta(hours=2)
    )
    RepairFactory.create(product=unit, created_at=NOW - dt.timedelta(hours=5))
    SmsHistoryFactory.create(product=unit, sent_time=NOW - dt.timedelta(hours=1))
    PaymentCommandFactory.create(
        product=unit, value=86_400, created_at=NOW - dt.timedelta(days=4), status="pending"
    )
    ProductNoteFactory.create(
        product=unit, note_text="Dog!", created_at=NOW - dt.timedelta(minutes=1)
    )
    for hours in (100, 50, 46):
        ConnectionFactory.create(product=unit, date=NOW - dt.timedelta(hours=hours))
    lines = told(as_(overview), unit)
    starts = [
        "Note: Dog!",
        "Text message sent",
        "Alert: Too hot",
        "Repair #",
        "Last heard of",
        "Heard of again: After 2 days 2 h of silence",
        "Enabled by ann@example.com",
        "Credit added: 24 h",
        "Given to Sunrise",
    ]
    assert [line.startswith(start) for line, start in zip(lines, starts, strict=True)] == [
        True
    ] * len(starts), lines


def test_one_kind_of_events_can_be_read_alone(unit: Product, overview: User) -> None:
    ProductNoteFactory.create(product=unit, note_text="Dog!")
    assert told(as_(overview), unit, kind="notes") == ["Note: Dog!"]


def test_a_long_story_is_read_page_by_page_without_loss(unit: Product, overview: User) -> None:
    for number in range(70):
        ProductNoteFactory.create(
            product=unit, note_text=f"{number}", created_at=NOW - dt.timedelta(minutes=number)
        )
    client = as_(overview)
    read = [line for page in (1, 2, 3) for line in told(client, unit, p=page)]
    assert read[:70] == [f"Note: {number}" for number in range(70)]
    assert len(read) == 71
    assert told(client, unit, p=4) == []


@pytest.mark.parametrize(("persona", "most"), [("overview", 42), ("system", 52)])
def test_the_page_asks_as_often_however_long_the_story(
    unit: Product, request: pytest.FixtureRequest, persona: str, most: int
) -> None:
    client = as_(request.getfixturevalue(persona))
    for _row in range(2):
        # The second of everything; the first of some brings a query of its own.
        lengthen(unit)
    client.get(page_of(unit))
    with CaptureQueriesContext(connection) as short:
        client.get(page_of(unit))
    for _more in range(5):
        lengthen(unit)
    with CaptureQueriesContext(connection) as long:
        client.get(page_of(unit))
    assert len(long) == len(short) <= most, "\n".join(q["sql"][:110] for q in long)


def lengthen(unit: Product) -> None:
    """Add a row of each kind to the unit's story, and something more to choose from."""
    ProductNoteFactory.create(product=unit)
    AlertFactory.create(product=unit)
    RepairFactory.create(product=unit)
    ConnectionFactory.create(product=unit, date=NOW)
    StateFactory.create(product=unit)
    ProductParameterFactory.create(product=unit)
    ProductSoftwareLinkerFactory.create(product=unit)
    SmsHistoryFactory.create(product=unit)
    PaymentCommandFactory.create(product=unit)
    ProductEntityLinkerFactory.create(product=unit)
    group = ProductGroupFactory.create(product_type=unit.product_type)
    ProductProductGroupLinkerFactory.create(product=unit, product_group=group)
    ProductTypeSoftwareVersionTypeLinkerFactory.create(product_type=unit.product_type)
