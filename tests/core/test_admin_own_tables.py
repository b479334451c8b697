"""Tables in the back office that the API does not serve: who may open and write them.

Those of the API are walked in tests/core/test_admin_tables.py and tests/contract.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.levels import Level
from apps.core.resources import registry

# Table -> the least level to look at it, with sight of all units; all others are SYSTEM's alone.
OPEN = {"connectivity.CellNetwork": Level.OVERVIEW}
PERSONAS = {
    "overview": Level.OVERVIEW,
    "technician": Level.TECHNICAL,
    "admin": Level.ADMIN,
    "factory": Level.FACTORY,
    "system": Level.SYSTEM,
    # Level SYSTEM, for the units of one entity.
    "insider": None,
}
OURS_ALONE = sorted(
    (model for model in admin.site._registry if registry.of(model) is None),  # type: ignore[arg-type]
    key=lambda model: model._meta.label,
)


def sees(persona: str, model: type[models.Model]) -> bool:
    level = PERSONAS[persona]
    return level is not None and level >= OPEN.get(model._meta.label, Level.SYSTEM)


def address(model: type[models.Model], page: str) -> str:
    meta = model._meta
    args = () if page in ("changelist", "add") else (1,)
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def signed_in(user: User) -> Client:
    session = Client()
    session.force_login(user)
    return session


@pytest.mark.parametrize("model", OURS_ALONE, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("persona", PERSONAS)
def test_only_those_it_is_for_look_at_a_table(
    model: type[models.Model], persona: str, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(persona))
    status = 200 if sees(persona, model) else 403
    assert client.get(address(model, "changelist")).status_code == status


@pytest.mark.parametrize("model", OURS_ALONE, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("persona", [name for name in PERSONAS if name != "system"])
def test_nobody_else_writes_a_row(model: Any, persona: str, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(persona))
    for page in ("add", "change", "delete"):
        answer = client.post(address(model, page), {"post": "yes"})
        # A key that is not there leads home, for whoever may look at the others.
        assert answer.status_code in (403, 404) or answer.url == "/admin/", page
    chosen = {"action": "delete_selected", "_selected_action": [1], "post": "yes"}
    answer = client.post(address(model, "changelist"), chosen)
    # Whoever may look finds no such action and gets the list.
    assert answer.status_code == (200 if sees(persona, model) else 403)


def test_every_table_of_ours_is_walked() -> None:
    ours = {model._meta.label for model in OURS_ALONE if model.__module__.startswith("apps.")}
    assert {"telemetry.TelemetrySpool", "connectivity.CellNetwork", "accounts.User"} <= ours
    assert set(OPEN) <= ours
