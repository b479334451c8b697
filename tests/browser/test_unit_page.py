"""The page of a unit in a browser: the sentence at its top, and its forms with mouse, keyboard and
thumb."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.products.lifecycle import LifeStage
from apps.products.models import DataType, Product, ProductParameter
from tests.browser.conftest import PHONE
from tests.browser.test_back_office import overflow
from tests.factories import (
    ConnectionFactory,
    EntityFactory,
    ParameterTypeFactory,
    ProductFactory,
    StateFactory,
    StateTypeFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Page]
SignIn = Callable[[Page, User], None]


@pytest.fixture
def unit(transactional_db: None) -> Product:
    """A monitored unit that is on."""
    kinds = {stage: StateTypeFactory.create(pk=stage, name=stage.name) for stage in LifeStage}
    made: Product = ProductFactory.create(
        serial_number="HB000501-000666-X", current_enable_flag=True, desired_enable_flag=True
    )
    state = StateFactory.create(
        product=made,
        prev_state_type=kinds[LifeStage.ACTIVATED],
        current_state_type=kinds[LifeStage.MONITORED],
    )
    latest = ConnectionFactory.create(product=made)
    Product.objects.filter(pk=made.pk).update(latest_state=state, latest_connection=latest)
    EntityFactory.create(name="Sunrise")
    return made


def page_of(unit: Product) -> str:
    return f"/admin/products/product/{unit.pk}/change/"


def test_the_sentence_stands_at_the_top_and_changes_with_the_unit(
    open_page: Opener, sign_in: SignIn, technician: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.goto(page_of(unit))
    expect(page.locator(".so-why-answer")).to_contain_text("It was on when it was last heard")
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("button", name="Yes, disable it").click()
    expect(page.locator(".so-why-answer")).to_contain_text(f"Switched off by {technician.email}")
    page.locator(".so-why").get_by_role("button", name="Undo: keep it on").click()
    expect(page.get_by_text(f"{unit.serial_number} stays on.")).to_be_visible()


def test_a_stage_is_changed_with_the_keyboard_alone(
    open_page: Opener, sign_in: SignIn, admin: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, admin)
    page.goto(page_of(unit))
    page.locator("#change-life summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Stop monitoring")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".so-path [aria-current]")).to_contain_text("Unmonitored")


def test_a_termination_not_meant_does_not_leave_the_page(
    open_page: Opener, sign_in: SignIn, admin: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, admin)
    page.goto(page_of(unit))
    page.locator("#change-life summary").click()
    page.get_by_role("button", name="Terminate").click()
    expect(page.get_by_label("Yes, take this unit out of the system for good")).to_be_visible()
    assert page.url.endswith("/change/")
    unit.refresh_from_db()
    assert unit.latest_state is not None
    assert unit.latest_state.current_state_type_id == LifeStage.MONITORED


def test_a_setting_is_chosen_and_then_set(
    open_page: Opener, sign_in: SignIn, system: User, unit: Product
) -> None:
    ParameterTypeFactory.create(
        name="night_light", data_type=DataType.INT, validation_rules={"min": 0, "max": 100}
    )
    page = open_page()
    sign_in(page, system)
    page.goto(page_of(unit))
    page.locator("#change-settings summary").click()
    page.get_by_label("Which setting").select_option(label="Night light")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Night light").fill("40")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("Night light will be 40")).to_be_visible()
    assert ProductParameter.objects.get().value == "40"


def test_what_was_typed_stays_where_it_was_refused(
    open_page: Opener, sign_in: SignIn, admin: User, unit: Product
) -> None:
    page = open_page()
    sign_in(page, admin)
    page.goto(page_of(unit))
    page.locator("#change-owners summary").click()
    page.get_by_label("New owner").fill("Sunset")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("There is no “Sunset” to choose.")
    expect(page.get_by_label("New owner")).to_have_value("Sunset")
    page.get_by_label("New owner").fill("Sunrise")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{unit.serial_number} now belongs to Sunrise.")).to_be_visible()


def test_every_form_fits_a_phone_and_a_thumb(
    open_page: Opener, sign_in: SignIn, system: User, unit: Product
) -> None:
    ParameterTypeFactory.create(name="night_light")
    page = open_page(PHONE)
    sign_in(page, system)
    page.goto(page_of(unit))
    page.evaluate(
        "document.querySelectorAll('details.so-group').forEach("
        "d => { d.removeAttribute('name'); d.open = true; })"
    )
    assert overflow(page) <= 0
    for control in page.locator(".so-change :is(button, summary, .so-input, .so-check)").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 40
