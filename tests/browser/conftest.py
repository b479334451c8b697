"""A real browser on the running site. Every page it opens is watched: nothing may leave this host,
nothing may be reported in the console."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from apps.accounts.models import User
from tests.factories.accounts import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = (1440, 900)
PHONE = (360, 740)


def chromium() -> str | None:
    """Where Chromium is, if it is installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a fresh window: `open_page()`, `open_page(PHONE)`."""
    complaints: list[str] = []
    contexts = []

    def open_(size: tuple[int, int] = DESK, locale: str = "en") -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=live_server.url,
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda r: _watch_request(r.url, live_server.url, complaints))
        page.on("console", lambda m: _watch_console(m, complaints))
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def _watch_request(url: str, home: str, complaints: list[str]) -> None:
    if not url.startswith((home, "data:", "blob:")):
        complaints.append(f"left the host: {url}")


def _watch_console(message: Any, complaints: list[str]) -> None:
    if message.type in ("error", "warning"):
        complaints.append(f"console: {message.text} ({message.location.get('url', '')})")


@pytest.fixture
def sign_in() -> Callable[[Page, User], None]:
    """Sign in as a persona, the way a person does."""

    def sign_in_(page: Page, user: User) -> None:
        page.goto("/")
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Home").wait_for()

    return sign_in_
