"""Take the pictures of the README: `python -m tests.browser.screenshots`.

Makes a demonstration fleet in a directory of its own, serves it, and looks at it with Chromium.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from smartsolar.env import BASE_DIR

IMAGES = BASE_DIR / "docs" / "images"
USER, PASSWORD = "pictures@demo.example", "Sonnenschein-17"
SIZE = {"width": 1280, "height": 860}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
BROWSER = "/usr/bin/chromium"
# A unit somebody has just asked to switch off, with a long story.
_UNIT = (
    "from apps.products.models import Product\n"
    "from apps.products.services.switch import disable_product\n"
    "unit = Product.objects.filter(current_enable_flag=True, desired_enable_flag=True,"
    " alerts__dismissed_at__isnull=True, alerts__isnull=False, repairs__isnull=False)"
    ".order_by('pk').first()\n"
    "disable_product(product_imei=unit.pk, by='amina@demo.example')\n"
    "print(unit.pk)"
)


def manage(env: dict[str, str], *arguments: str) -> str:
    """Run a command of the project; returns what it printed."""
    command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


@contextmanager
def demo_site() -> Iterator[tuple[str, str]]:
    """(URL of a running site with a demonstration fleet, IMEI of a unit worth looking at)."""
    with tempfile.TemporaryDirectory() as directory, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        env = {**os.environ, "SMARTSOLAR_DATA_DIR": directory, "DEBUG": "true"}
        manage(env, "migrate")
        manage(env, "demo", "--units", "400", "--seed", "7")
        options = ("--password", PASSWORD, "--permissions", "TECHNICAL", "--scope", "GLOBAL")
        manage(env, "create_user", USER, *options)
        imei = manage(env, "shell", "--verbosity", "0", "--command", _UNIT).split()[-1]
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=BASE_DIR,
            env=env,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/admin/login/")
            yield url, imei
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str) -> None:
    """Until the page answers; gives up after half a minute."""
    for _attempt in range(60):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(url)


def shoot(page: Page, path: str, image: Path) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=image)
    print(f"{image.relative_to(BASE_DIR)}: {image.stat().st_size // 1024} KB")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo_site() as (url, imei), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = browser.new_context(base_url=url, viewport=SIZE, locale="en").new_page()
        page.goto("/")
        page.get_by_label("Email").fill(USER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Home").wait_for()
        shoot(page, "/admin/", IMAGES / "home.png")
        shoot(page, f"/admin/products/product/{imei}/change/", IMAGES / "unit.png")
        browser.close()


if __name__ == "__main__":
    main()
