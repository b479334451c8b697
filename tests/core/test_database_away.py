"""The back office while the database is away: a sentence and 503, wherever it is noticed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

from tests.factories import UserFactory


def _away(*_: Any, **__: Any) -> Any:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.django_db
def test_a_session_that_cannot_be_read_is_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory.create())
    monkeypatch.setattr(SessionStore, "load", _away)
    answer = client.get("/admin/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "try again" in answer.content.decode()


@pytest.mark.django_db
def test_any_other_fault_outside_a_view_stays_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise LookupError("a fault of ours")

    client = Client(raise_request_exception=False)
    client.force_login(UserFactory.create())
    monkeypatch.setattr(SessionStore, "load", broken)
    assert client.get("/admin/").status_code == 500
