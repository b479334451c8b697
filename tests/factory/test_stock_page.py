"""The page on which Home 2 units are checked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.factory.models import Home2StockPreparationTracking
from apps.factory.serials import serial_number
from apps.factory.services.stock_preparation import prepare_home2
from apps.products.models import Product, ProductType
from tests.factories import (
    Home2StockPreparationTrackingFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "clock")]

LIST = "/admin/factory/home2stockpreparationtracking/"
PAGE = f"{LIST}check/"


@pytest.fixture
def unit(entity: Any) -> Product:
    product = ProductFactory.create(
        product_type=ProductType.objects.get(pk=6), serial_number=serial_number("HB000501", 7)
    )
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    return product


@pytest.fixture
def signed_in(request: pytest.FixtureRequest) -> Any:
    """A browser in which a persona is signed in."""

    def sign_in(persona: str) -> Client:
        client = Client()
        client.force_login(request.getfixturevalue(persona))
        return client

    return sign_in


def rows() -> int:
    return Home2StockPreparationTracking.objects.count()


def test_the_page_asks_for_a_unit(signed_in: Any) -> None:
    page = signed_in("technician").get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'name="unit"' in text
    assert "autofocus" in text
    assert "No unit has been checked yet." in text
    assert rows() == 0


@pytest.mark.parametrize(
    "typed",
    [
        lambda unit: unit.pk,
        lambda unit: unit.serial_number,
        lambda unit: f"  {unit.serial_number.lower()}\t",
    ],
)
def test_a_unit_is_checked_by_whatever_its_label_says(signed_in: Any, unit, typed) -> None:
    page = signed_in("technician").post(PAGE, {"unit": typed(unit)})
    assert page.status_code == 200
    row = Home2StockPreparationTracking.objects.get()
    assert (row.product, row.created_by) == (unit, "technician@example.com")
    text = page.content.decode()
    for said in ("Not ready", "Software out of date", "No run on a test jig", unit.pk):
        assert said in text


def test_pressing_twice_records_once(signed_in: Any, unit: Product) -> None:
    client = signed_in("technician")
    for _ in range(3):
        client.post(PAGE, {"unit": unit.pk})
    assert rows() == 1


def test_the_last_results_are_listed(signed_in: Any, unit: Product) -> None:
    ready = Home2StockPreparationTrackingFactory.create(
        product=ProductFactory.create(),
        software_updated=True,
        temperature_check=True,
        battery_charged=True,
        recent_data=True,
        online_disable=True,
    )
    prepare_home2(product_imei=unit.pk, by="x@example.com")
    text = signed_in("technician").get(PAGE).content.decode()
    assert text.index(unit.serial_number) < text.index(ready.serial_number)
    assert "Not activated, Software out of date, " in text
    assert "Ready to leave" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Scan or type"),
        ("   ", "Scan or type"),
        ("HB000501-000099-0", "Its last character does not fit"),
        (serial_number("HB000501", 99), "No unit has this serial number or IMEI."),
        ("BB17-4711", "No unit has this serial number or IMEI."),
        ("x" * 300, "No unit has this serial number or IMEI."),
        ("\x00", "No unit has this serial number or IMEI."),
        ("' OR 1=1 --", "No unit has this serial number or IMEI."),
        ("000000000000000", "No unit has this serial number or IMEI."),
    ],
)
def test_what_names_no_unit_is_said_so(signed_in: Any, unit, typed: str, said: str) -> None:
    page = signed_in("technician").post(PAGE, {"unit": typed})
    assert page.status_code == 400
    assert said in page.content.decode()
    assert rows() == 0


def test_what_was_typed_comes_back_as_text(signed_in: Any) -> None:
    page = signed_in("technician").post(PAGE, {"unit": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in page.content.decode()


def test_units_of_other_types_are_refused(signed_in: Any) -> None:
    other = ProductFactory.create(product_type=ProductType.objects.get(pk=7))
    page = signed_in("technician").post(PAGE, {"unit": other.pk})
    assert page.status_code == 400
    assert "only Home 2 units are prepared here" in page.content.decode()
    assert rows() == 0


def test_a_unit_of_another_entity_is_not_there(signed_in: Any, unit: Product) -> None:
    client = signed_in("outsider")
    page = client.post(PAGE, {"unit": unit.pk})
    assert page.status_code == 400
    assert "No unit has this serial number or IMEI." in page.content.decode()
    assert rows() == 0
    prepare_home2(product_imei=unit.pk, by="x@example.com")
    assert unit.serial_number not in client.get(PAGE).content.decode()


def test_who_owns_the_unit_may_check_it(signed_in: Any, unit: Product) -> None:
    client = signed_in("insider")
    client.post(PAGE, {"unit": unit.pk})
    assert rows() == 1
    assert unit.serial_number in client.get(PAGE).content.decode()


def test_overview_may_look_at_the_results_only(signed_in: Any, unit: Product) -> None:
    client = signed_in("overview")
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"unit": unit.pk}).status_code == 403
    assert rows() == 0
    page = client.get(LIST)
    assert page.status_code == 200
    assert PAGE not in page.content.decode()


def test_the_list_leads_to_the_page(signed_in: Any) -> None:
    assert PAGE in signed_in("technician").get(LIST).content.decode()


def test_nobody_checks_without_signing_in(unit: Product) -> None:
    page = Client().post(PAGE, {"unit": unit.pk})
    assert page.status_code == 302
    assert "login" in page["Location"]
    assert rows() == 0


def test_a_form_of_another_site_checks_nothing(technician: Any, unit: Product) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(technician)
    assert client.post(PAGE, {"unit": unit.pk}).status_code == 403
    assert rows() == 0


def test_other_verbs_are_refused(signed_in: Any) -> None:
    assert signed_in("technician").put(PAGE).status_code == 405


def test_the_page_asks_the_database_as_often_for_many_results(signed_in: Any, unit) -> None:
    client = signed_in("technician")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    Home2StockPreparationTrackingFactory.create(product=unit)
    queries()
    few = queries()
    Home2StockPreparationTrackingFactory.create_batch(15, product=unit)
    assert queries() == few
