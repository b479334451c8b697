"""A command to many units, from the list to its end, as a person gives it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.fleet import tasks
from apps.fleet.models import FleetCommand
from apps.fleet.services import work
from apps.products.models import EnableHistory, Product
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_back_office import Opener, SignIn, overflow
from tests.factories import ProductFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test is the worker."""
    monkeypatch.setattr(tasks, "start", lambda number: None)


@pytest.fixture
def units(transactional_db: None) -> list[Product]:
    return ProductFactory.create_batch(30, current_enable_flag=True, desired_enable_flag=True)


def preview(page: Page) -> None:
    """From the list of units to the preview."""
    page.goto("/admin/products/product/?switch=enabled")
    page.goto(page.locator("a[href*='fleetcommand/new']").first.get_attribute("href") or "")
    expect(page.get_by_text("What is to be done with 30 units?")).to_be_visible()
    page.locator("a[href*='command=disable']").first.click()
    page.get_by_label("Note").fill("Unpaid since March")
    page.get_by_label("Units per minute").fill("120")
    page.get_by_role("button", name="Show the preview").click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_command_is_given_watched_and_cancelled(
    open_page: Opener,
    sign_in: SignIn,
    technician: User,
    units: list[Product],
    size: tuple[int, int],
) -> None:
    page = open_page(size)
    sign_in(page, technician)
    preview(page)
    assert overflow(page) == 0
    expect(page.get_by_text("Each customer loses power")).to_be_visible()
    # Twice, as impatient people press.
    page.get_by_role("button", name=re.compile("Confirm: Disable, 30 units")).dblclick()
    expect(page.get_by_text("0 of 30")).to_be_visible()
    row = FleetCommand.objects.get()
    assert (row.status, row.note, row.per_minute) == ("running", "Unpaid since March", 120)

    page.evaluate("window.stayed = true")
    assert work.work_once(command_id=row.pk).units == 10
    expect(page.get_by_text("10 of 30")).to_be_visible()
    assert page.evaluate("window.stayed"), "the page was not loaded again"
    assert overflow(page) == 0

    cancel = page.get_by_role("button", name="Cancel what has not begun")
    cancel.focus()
    page.keyboard.press("Enter")
    expect(
        page.get_by_text("Cancelled: 10 units were done before, 20 had not begun.")
    ).to_be_visible()
    assert EnableHistory.objects.count() == 10


def test_the_page_stops_asking_once_the_command_is_over(
    open_page: Opener, sign_in: SignIn, technician: User, units: list[Product]
) -> None:
    page = open_page()
    sign_in(page, technician)
    preview(page)
    page.get_by_role("button", name=re.compile("Confirm")).click()
    expect(page.get_by_text("0 of 30")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    number = FleetCommand.objects.get().pk
    while work.work_once(command_id=number).units:
        FleetCommand.objects.update(paced_until=None)
    expect(page.get_by_text("30 of 30")).to_be_visible()
    expect(page.get_by_text("finished")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel what has not begun")).to_be_hidden()
    before = len(asked)
    page.wait_for_timeout(2_500)
    assert len(asked) == before
