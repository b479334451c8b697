"""What a user may be, and what the back office lets each level see."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core.levels import Level
from apps.core.resources import registry
from tests.factories.accounts import UserFactory

ACTIONS = {"view": "GET", "add": "POST", "change": "PUT", "delete": "DELETE"}


def user(level: Level, **more: object) -> User:
    return User(email=f"{level.name.lower()}@example.com", level=level.value, **more)


@pytest.mark.django_db
def test_an_email_is_one_user_in_any_casing() -> None:
    known = UserFactory.create(email="one@example.com")
    assert User.objects.get_by_natural_key(" ONE@example.com") == known
    for email in ("one@example.com", "One@example.com"):
        with pytest.raises(IntegrityError), transaction.atomic():
            UserFactory.create(email=email)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"scope": "ENTITY"}, {"scope": "HUB"}, {"level": 0}, {"level": 6}]
)
def test_the_database_refuses_rights_that_do_not_exist(wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory.create(**wrong)


@pytest.mark.parametrize("resource", list(registry), ids=lambda r: r.path)
@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.name)
def test_the_back_office_allows_what_the_api_allows(resource, level: Level) -> None:
    if registry.of(resource.model) is not resource:
        return
    meta = resource.model._meta
    for action, verb in ACTIONS.items():
        least = resource.levels.get(verb)
        if action == "view":
            least = resource.admin_level or least or Level.OVERVIEW
        allowed = user(level).has_perm(f"{meta.app_label}.{action}_{meta.model_name}")
        assert allowed == (least is not None and level >= least), (action, resource.path)


@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.name)
def test_what_the_api_does_not_serve_is_for_system(level: Level) -> None:
    for permission in ("accounts.view_user", "accounts.change_user", "axes.view_accessattempt"):
        assert user(level).has_perm(permission) == (level is Level.SYSTEM)
    assert user(level).has_module_perms("accounts") == (level is Level.SYSTEM)


def test_overview_sees_the_domains_with_something_to_see() -> None:
    shown = {r.domain for r in registry if (r.admin_level or Level.OVERVIEW) is Level.OVERVIEW}
    assert all(user(Level.OVERVIEW).has_module_perms(domain) for domain in shown)


def test_an_inactive_user_may_nothing() -> None:
    gone = user(Level.SYSTEM, is_active=False)
    assert not gone.is_staff
    assert not gone.is_superuser
    assert not gone.has_module_perms("accounts")
    for model in apps.get_models():
        assert not gone.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def test_everybody_active_is_let_in_and_only_system_is_unbound() -> None:
    assert all(user(level).is_staff for level in Level)
    assert [user(level).is_superuser for level in Level] == [False] * 4 + [True]
