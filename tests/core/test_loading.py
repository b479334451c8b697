"""What apps declare, loaded while many threads of a new process ask for it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from apps.core import loading
from apps.core.loading import Once


def test_whoever_asks_meanwhile_waits_until_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []

    def load(module: str) -> None:
        time.sleep(0.05)
        found.append(module)

    monkeypatch.setattr(loading, "autodiscover_modules", load)
    once, start = Once("pages"), Barrier(8)

    def ask(_thread: int) -> list[str]:
        start.wait(10)
        once()
        return list(found)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [["pages"]] * 8


def test_who_loads_may_ask_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def load(module: str) -> None:
        asked.append(module)
        once()

    monkeypatch.setattr(loading, "autodiscover_modules", load)
    once = Once("pages")
    once()
    assert asked == ["pages"]


def test_what_failed_fails_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(module: str) -> None:
        raise ImportError(module)

    monkeypatch.setattr(loading, "autodiscover_modules", load)
    once = Once("pages")
    for _time in range(2):
        with pytest.raises(ImportError):
            once()
