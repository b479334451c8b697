"""The back office where no script runs: pages are shown all the same, and forms are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from tests.browser.conftest import PHONE
from tests.factories import ProductFactory
from tests.factories.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        base_url=live_server.url,
        java_script_enabled=False,
        locale="en",
    )
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def test_a_technician_signs_in_and_reads_of_a_unit(
    page: Page, technician: User, transactional_db: None
) -> None:
    unit = ProductFactory.create(serial_number="HB-1")
    page.goto("/")
    page.get_by_label("Email").fill(technician.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()

    page.goto("/admin/products/product/")
    page.get_by_role("link", name=unit.serial_number).click()
    expect(page.get_by_text(f"IMEI {unit.product_imei}")).to_be_visible()
