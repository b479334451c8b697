"""A working day in the back office: sign in, find a unit, switch it, read what happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.entities.models import Entity
from apps.products.models import Product
from tests.browser.conftest import PHONE
from tests.factories import (
    AlertFactory,
    ConnectionFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductNoteFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Page]
SignIn = Callable[[Page, User], None]


@pytest.fixture
def unit(transactional_db: None, entity: Entity) -> Product:
    """A unit that is on, with an alert, a note and a contact."""
    made = ProductFactory.create(
        serial_number="HB000501-000666-A-LONG-ONE",
        current_enable_flag=True,
        desired_enable_flag=True,
    )
    ProductEntityLinkerFactory.create(product=made, entity=entity)
    AlertFactory.create(product=made)
    ProductNoteFactory.create(product=made, note_text="Called the customer. " * 12)
    latest = ConnectionFactory.create(product=made)
    Product.objects.filter(pk=made.pk).update(latest_connection=latest)
    return made


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def test_a_technician_finds_a_unit_disables_it_and_takes_it_back(
    open_page: Opener, sign_in: SignIn, technician: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.get_by_role("link", name="Products").first.click()
    page.get_by_placeholder("Serial number, IMEI, IMSI or customer").fill("000666")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=unit.serial_number).click()
    expect(page.get_by_text(f"IMEI {unit.product_imei}")).to_be_visible()

    page.get_by_role("button", name="Disable").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The customer loses power")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    unit.refresh_from_db()
    assert unit.desired_enable_flag is True

    page.get_by_role("button", name="Disable").click()
    page.get_by_role("button", name="Yes, disable it").click()
    expect(page.get_by_text("will be switched off at its next contact")).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text(f"Asked to switch off by {technician.email}")
    unit.refresh_from_db()
    assert unit.desired_enable_flag is False

    page.get_by_role("button", name="Undo: keep it on").click()
    expect(page.get_by_text(f"{unit.serial_number} stays on.")).to_be_visible()
    unit.refresh_from_db()
    assert unit.desired_enable_flag is True


def test_a_unit_is_found_by_its_imei_from_any_page(
    open_page: Opener, sign_in: SignIn, overview: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, overview)
    page.keyboard.press("Control+k")
    page.locator("#search-input-command").press_sequentially(unit.product_imei, delay=5)
    page.locator("#command-results").get_by_role("link", name=unit.serial_number).click()
    expect(page.get_by_role("heading", name=unit.serial_number, level=2)).to_be_visible()
    expect(page.get_by_role("button", name="Disable")).to_have_count(0)


def test_a_technician_leaves_a_note_with_the_keyboard_alone(
    open_page: Opener, sign_in: SignIn, technician: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.goto(f"/admin/products/product/{unit.pk}/change/")
    page.get_by_role("button", name="Add note").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Ladder needed")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("Ladder needed")


def test_an_outsider_sees_no_unit(
    open_page: Opener, sign_in: SignIn, outsider: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, outsider)
    expect(page.get_by_text("Your entity has no units yet")).to_be_visible()
    page.goto("/admin/products/product/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    expect(page.get_by_text(unit.serial_number)).to_have_count(0)


def test_no_page_is_wider_than_a_phone(
    open_page: Opener, sign_in: SignIn, system: User, unit: Product
) -> None:
    page = open_page(PHONE)
    page.goto("/")
    assert overflow(page) <= 0
    sign_in(page, system)
    for path in (
        "/admin/",
        "/admin/products/product/",
        f"/admin/products/product/{unit.pk}/change/",
        f"/admin/products/product/{unit.pk}/edit/",
        "/admin/alerts/alert/",
        "/admin/alerts/alerttype/add/",
        "/admin/connectivity/connection/",
        "/admin/accounts/user/",
        "/admin/django_celery_beat/periodictask/",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert overflow(page) <= 0, path


def test_buttons_on_a_phone_are_large_enough_for_a_thumb(
    open_page: Opener, sign_in: SignIn, technician: User, unit: Product
) -> None:
    page = open_page(PHONE)
    sign_in(page, technician)
    page.goto(f"/admin/products/product/{unit.pk}/change/")
    for button in page.locator(".so-actions button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 40
        assert box["width"] >= 40


def test_the_home_page_draws_its_charts_and_leads_to_the_rows_behind_them(
    open_page: Opener, sign_in: SignIn, overview: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, overview)
    drawn = "() => [...document.querySelectorAll('canvas')].every(c => Chart.getChart(c))"
    page.wait_for_function(drawn)
    page.get_by_role("link", name="Enabled").click()
    expect(page.get_by_role("link", name=unit.serial_number)).to_be_visible()


def test_the_language_changes_for_good(open_page: Opener, sign_in: SignIn, overview: User) -> None:
    page = open_page()
    sign_in(page, overview)
    page.locator(".so-user").click()
    page.get_by_role("button", name="français").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == "fr"
    overview.refresh_from_db()
    assert overview.language == "fr"
