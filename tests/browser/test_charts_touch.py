"""The charts of a unit under fingers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.products.models import Product
from apps.telemetry.store import current
from apps.telemetry.store.series import SECOND, Batch, Series
from tests.browser.test_back_office import SignIn, overflow
from tests.factories import ProductFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOWN = "[data-chart-shown]"


@pytest.fixture
def unit(transactional_db: None) -> Product:
    """A unit that measured every minute for a day up to now."""
    made: Product = ProductFactory.create()
    now = int(time.time())
    times = [(now - 60 * n) * SECOND for n in range(1440, 0, -1)]
    columns: dict[str, list[Any]] = {"voltage": [12 + (n % 60) / 100 for n in range(1440)]}
    current().write([Batch(Series.of("telemetry", made.pk), times, columns)])
    return made


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        base_url=live_server.url,
        locale="en",
    )
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


class Fingers:
    """Fingers on a chart, by parts of its width."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def at(self, kind: str, *parts: float) -> None:
        box = self.page.locator("[data-charts] .u-over").first.bounding_box()
        assert box is not None
        y = box["y"] + box["height"] / 2
        points = [
            {"x": box["x"] + part * box["width"], "y": y, "id": n} for n, part in enumerate(parts)
        ]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def slide(self, *ways: tuple[float, float], steps: int = 8) -> None:
        """Each finger from one part of the width to another."""
        self.at("touchStart", *(since for since, _until in ways))
        for step in range(1, steps + 1):
            self.at("touchMove", *(a + (b - a) * step / steps for a, b in ways))
        self.at("touchEnd")


def view(page: Page) -> tuple[int, int]:
    """From when to when the address leads, in minutes."""
    found = page.evaluate(
        """() => ["start", "end"].map(
            (name) => Date.parse(new URLSearchParams(location.search).get(name)) / 60000)"""
    )
    return found[0], found[1]


def test_fingers_move_stretch_read_and_go_back(
    phone: Page, sign_in: SignIn, technician: User, unit: Product
) -> None:
    sign_in(phone, technician)
    phone.goto(f"/admin/products/product/{unit.pk}/charts/?span=day")
    chart = phone.locator("[data-charts]")
    chart.scroll_into_view_if_needed()
    first = phone.locator(SHOWN).inner_text()
    fingers = Fingers(phone)

    fingers.slide((0.4, 0.1), (0.6, 0.9))
    expect(phone.locator(SHOWN)).not_to_have_text(first)
    start, end = view(phone)
    # Fingers that go four times as far apart show a quarter of the time.
    assert 330 <= end - start <= 390
    closer = phone.locator(SHOWN).inner_text()

    fingers.slide((0.3, 0.8))
    expect(phone.locator(SHOWN)).not_to_have_text(closer)
    earlier, until = view(phone)
    assert until - earlier == pytest.approx(end - start, abs=2)
    assert start - earlier == pytest.approx((end - start) / 2, rel=0.15)

    phone.touchscreen.tap(200, _middle(phone))
    expect(phone.locator("[data-charts] strong").first).to_contain_text("12.")
    phone.wait_for_timeout(500)
    phone.touchscreen.tap(200, _middle(phone))
    phone.touchscreen.tap(200, _middle(phone))
    expect(phone.locator(SHOWN)).to_have_text(first)
    assert overflow(phone) == 0


def test_a_finger_that_is_held_down_reads_values(
    phone: Page, sign_in: SignIn, technician: User, unit: Product
) -> None:
    sign_in(phone, technician)
    phone.goto(f"/admin/products/product/{unit.pk}/charts/?span=day")
    phone.locator("[data-charts]").scroll_into_view_if_needed()
    first = phone.locator(SHOWN).inner_text()
    fingers = Fingers(phone)
    fingers.at("touchStart", 0.5)
    phone.wait_for_timeout(400)
    read = phone.locator("[data-chart-read]")
    expect(read).to_contain_text(":")
    held = read.inner_text()
    fingers.at("touchMove", 0.7)
    expect(read).not_to_have_text(held)
    fingers.at("touchEnd")
    assert phone.locator(SHOWN).inner_text() == first


def _middle(page: Page) -> float:
    box = page.locator("[data-charts] .u-over").first.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2
