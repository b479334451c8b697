"""Asking for a task takes no longer than a person waits, whatever the broker does."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Task

from smartsolar.celery import CONFIRMED_WITHIN
from tests.platform.tasks import leave_trace


def test_a_broker_that_confirms_nothing_is_waited_for_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(Task, "apply_async", lambda self, *args, **options: asked.append(options))
    leave_trace.delay("x")
    leave_trace.apply_async(("x",), confirm_timeout=1)
    assert [options["confirm_timeout"] for options in asked] == [CONFIRMED_WITHIN, 1]
