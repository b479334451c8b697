"""The list of units, and what the home page says of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.products.models import Product
from apps.products.services.switch import disable_product
from tests.core.unit_page import NOW, as_
from tests.factories import (
    AlertFactory,
    ConnectionFactory,
    ProductFactory,
)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_list_says_since_when_without_asking_more(unit: Product, overview: User) -> None:
    shown = as_(overview).get(reverse("admin:products_product_changelist")).content.decode()
    assert 'title="Since 2 days ago"' in shown
    disable_product(product_imei=unit.pk, by="ann@example.com")
    shown = as_(overview).get(reverse("admin:products_product_changelist")).content.decode()
    assert 'title="Asked for by ann@example.com just now"' in shown


def test_the_list_of_units_asks_as_often_whatever_its_length(unit: Product, overview: User) -> None:
    client = as_(overview)
    page = reverse("admin:products_product_changelist")
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _more in range(6):
        AlertFactory.create()
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few) <= 15


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"switch": "enabled"}, ["ON"]),
        ({"switch": "pending"}, ["ASKED"]),
        ({"switch": "disabled"}, ["NEW", "OFF"]),
        ({"contact": "4h"}, ["ON"]),
        ({"contact": "24h"}, ["ASKED"]),
        ({"contact": "older"}, ["OFF"]),
        ({"contact": "never"}, ["NEW"]),
        ({"switch": "nonsense", "contact": "nonsense"}, ["ASKED", "NEW", "OFF", "ON"]),
        ({"q": "as"}, ["ASKED"]),
    ],
)
def test_units_are_found_by_switch_contact_and_name(
    overview: User, question: dict[str, str], found: list[str]
) -> None:
    flags = {
        "ON": (True, True, 1),
        "ASKED": (True, False, 10),
        "OFF": (False, False, 100),
        "NEW": (False, False, None),
    }
    for name, (current, desired, hours) in flags.items():
        made = ProductFactory.create(
            serial_number=name, current_enable_flag=current, desired_enable_flag=desired
        )
        if hours is not None:
            latest = ConnectionFactory.create(product=made, date=NOW - dt.timedelta(hours=hours))
            Product.objects.filter(pk=made.pk).update(latest_connection=latest)
    answer = as_(overview).get(reverse("admin:products_product_changelist"), question)
    assert sorted(row.serial_number for row in answer.context["cl"].result_list) == found


def test_a_unit_is_found_by_its_whole_imei_and_imsi(unit: Product, overview: User) -> None:
    ProductFactory.create_batch(2)
    for term in (unit.product_imei, unit.imsi):
        answer = as_(overview).get(reverse("admin:products_product_changelist"), {"q": term})
        assert [row.pk for row in answer.context["cl"].result_list] == [unit.pk]


def test_the_home_page_names_units_that_wait_long(unit: Product, overview: User) -> None:
    disable_product(product_imei=unit.pk, by="ann@example.com")
    home = reverse("admin:index")

    def waiting() -> list[str]:
        agendas = as_(overview).get(home).context["agendas"]
        return [line.title for agenda in agendas for line in agenda.lines]

    assert unit.serial_number not in waiting()
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        assert unit.serial_number in waiting()
