"""The charts of a unit in a browser: with mouse, keyboard and thumb, and without a script."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.products.models import Product
from apps.telemetry.services.days import TAGS
from apps.telemetry.store import current
from apps.telemetry.store.series import SECOND, Batch, Series
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_back_office import Opener, SignIn, overflow
from tests.factories import ConnectionFactory, ProductFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def units(transactional_db: None) -> list[Product]:
    """Two units that measured every minute for six hours up to now."""
    made: list[Product] = ProductFactory.create_batch(2)
    now = int(time.time())
    times = [(now - 60 * n) * SECOND for n in range(360, 0, -1)]
    for place, unit in enumerate(made):
        ConnectionFactory.create(product=unit)
        values: list[Any] = [12 + place + (n % 60) / 100 for n in range(len(times))]
        columns: dict[str, list[Any]] = {
            "voltage": values,
            "temperature": [20.5] * len(times),
            "lamp_on": [n % 120 < 60 for n in range(len(times))],
        }
        current().write([Batch(Series.of("telemetry", unit.pk), times, columns)])
        day = (now // 86400 - 1) * 86400 * SECOND
        figures = {"energy_in": [(day, 120.0)], "energy_out": [(day, 80.0)], "gaps": [(day, 0.0)]}
        current().write([Batch.of(Series.of("analysis", unit.pk, TAGS), figures)])
    return made


def page_of(unit: Product) -> str:
    return f"/admin/products/product/{unit.pk}/charts/"


def shown(page: Page) -> str:
    return page.locator("[data-chart-shown]").inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_technician_reads_a_value_and_looks_closer(
    open_page: Opener,
    sign_in: SignIn,
    technician: User,
    units: list[Product],
    size: tuple[int, int],
) -> None:
    page = open_page(size)
    sign_in(page, technician)
    page.goto(f"/admin/products/product/{units[0].pk}/change/")
    page.get_by_role("link", name="Charts").click()
    page.get_by_role("link", name="A day").click()
    expect(page.locator("[data-charts] .uplot")).to_have_count(3)
    assert overflow(page) == 0

    charts = page.locator("[data-charts]")
    charts.focus()
    page.keyboard.press("End")
    expect(page.locator(".so-measured-key strong").first).to_have_text(re.compile(r"^12\.\d+\sV"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-chart-read]")).to_contain_text("Voltage 12.")

    before = shown(page)
    page.get_by_role("button", name="Shorter time").click()
    expect(page.locator("[data-chart-shown]")).not_to_have_text(before)
    assert "start=" in page.url
    assert "start=" in (
        page.get_by_role("link", name="CSV file", exact=True).get_attribute("href") or ""
    )
    page.get_by_role("button", name="Back to the first time").click()
    expect(page.locator("[data-chart-shown]")).to_have_text(before)
    assert overflow(page) == 0


def test_dragging_fetches_finer_values(
    open_page: Opener, sign_in: SignIn, technician: User, units: list[Product]
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.goto(page_of(units[0]))
    expect(page.locator("[data-chart-shown]")).to_contain_text("mean of 15 min")
    box = page.locator(".u-over").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.985, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.96, middle, steps=5)
    page.mouse.up()
    expect(page.locator("[data-chart-shown]")).not_to_contain_text("mean of 15 min")
    expect(page.locator("[data-charts] .uplot")).to_have_count(3)


def test_two_units_stand_side_by_side(
    open_page: Opener, sign_in: SignIn, technician: User, units: list[Product]
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.goto(page_of(units[0]))
    page.get_by_text("Fields, time and second unit").click()
    page.get_by_label("Second unit (optional)").fill(units[1].serial_number)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-charts] .so-measured-column")).to_have_count(1)
    expect(page.locator(".so-measured-key").nth(1)).to_contain_text(units[1].serial_number)
    page.get_by_label("Two units side by side").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-charts] .so-measured-column")).to_have_count(2)
    assert overflow(page) == 0


def test_the_address_leads_to_what_is_shown_and_the_back_button_to_what_was(
    open_page: Opener, sign_in: SignIn, technician: User, units: list[Product]
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.goto(page_of(units[0]) + "?span=day")
    first = shown(page)
    charts = page.locator("[data-charts]")
    charts.focus()
    page.keyboard.press("+")
    expect(page.locator("[data-chart-shown]")).not_to_have_text(first)
    closer, address = shown(page), page.url
    # Steps in quick succession are one step back.
    page.wait_for_timeout(1_300)
    page.keyboard.press("PageUp")
    expect(page.locator("[data-chart-shown]")).not_to_have_text(closer)
    page.go_back()
    expect(page.locator("[data-chart-shown]")).to_have_text(closer)
    page.go_back()
    expect(page.locator("[data-chart-shown]")).to_have_text(first)
    page.goto(address)
    # As long as before; where it begins is as fine as the intervals.
    assert shown(page).split(" · ")[0][:11] == closer[:11]


def test_the_days_are_shown_below_and_lead_to_their_charts(
    open_page: Opener, sign_in: SignIn, technician: User, units: list[Product]
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.goto(page_of(units[0]))
    before = shown(page)
    page.get_by_role("heading", name="Each day").scroll_into_view_if_needed()
    expect(page.locator("[data-days-note]")).to_contain_text("Energy in 120\u00a0Wh")
    page.locator("[data-days]").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-days] strong").first).to_have_text("120\u00a0Wh")
    page.get_by_role("link", name="Three months").click()
    expect(page.locator("[data-days-note]")).to_contain_text("92 days")
    assert "days=92" in page.url
    page.locator("[data-days]").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Look at this day").click()
    expect(page.locator("[data-chart-shown]")).not_to_have_text(before)


def test_a_fault_is_told_and_can_be_tried_again(
    open_page: Opener, sign_in: SignIn, technician: User, units: list[Product]
) -> None:
    page = open_page()
    sign_in(page, technician)
    page.goto(page_of(units[0]))
    before = shown(page)
    sentence = "The telemetry store is away. Please try again later"
    # A response of 503 would be reported in the console, which is watched here.
    page.evaluate(
        """sentence => {
            const real = window.fetch;
            window.fetch = async () => {
                window.fetch = real;
                return { ok: false, redirected: false, json: async () => ({ message: sentence }) };
            };
        }""",
        sentence,
    )
    page.get_by_role("button", name="Earlier").click()
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    assert shown(page) == before
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-chart-shown]")).not_to_have_text(before)
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_have_count(0)


def test_without_a_script_the_values_are_a_table(
    browser: Browser, live_server: Any, technician: User, units: list[Product]
) -> None:
    # The sign-in page itself needs a script.
    client = Client()
    client.force_login(technician, "django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="en")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(page_of(units[0]))
    page.wait_for_url(re.compile("view=table"))
    expect(page.get_by_role("columnheader", name="Voltage (V)").first).to_be_visible()
    context.close()
