"""The page of users."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Token, User
from apps.accounts.services import issue_token
from apps.core.levels import Level
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

LIST = "admin:accounts_user_changelist"
NEW_PASSWORD = "seven purple lanterns"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def form_of(user: User, **changes: object) -> dict[str, object]:
    fields = {name: getattr(user, name) for name in ("email", "display_name", "name", "language")}
    rights = {"level": user.level, "scope": user.scope, "entity": user.entity_id or ""}
    return {**fields, **rights, "hub": "", "shop": "", "is_active": "on", **changes}


@pytest.mark.parametrize("persona", ["overview", "technician", "admin", "factory"])
def test_only_system_sees_users(persona: str, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(persona))
    assert client.get(reverse(LIST)).status_code == 403


def test_system_lists_and_opens_users(system: User, insider: User) -> None:
    client = signed_in(system)
    assert insider.email in client.get(reverse(LIST)).content.decode()
    assert client.get(page_of(insider)).status_code == 200


def test_system_creates_a_user(system: User, entity) -> None:
    answer = signed_in(system).post(
        reverse("admin:accounts_user_add"),
        {
            "email": "New@Example.com",
            "usable_password": "true",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "display_name": "New",
            "language": "fr",
            "level": Level.TECHNICAL.value,
            "scope": "ENTITY",
            "entity": entity.pk,
        },
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    made = User.objects.get(email="new@example.com")
    assert made.check_password(NEW_PASSWORD)
    assert (made.level, made.entity, made.language) == (Level.TECHNICAL, entity, "fr")


def test_a_scope_without_its_entity_is_refused_in_words(system: User, overview: User) -> None:
    answer = signed_in(system).post(page_of(overview), form_of(overview, scope="ENTITY"))
    assert answer.status_code == 200
    assert "needs an entity" in answer.content.decode()
    overview.refresh_from_db()
    assert overview.scope == "GLOBAL"


def test_system_changes_rights(system: User, overview: User) -> None:
    answer = signed_in(system).post(page_of(overview), form_of(overview, level=3))
    assert answer.status_code == 302
    overview.refresh_from_db()
    assert overview.level == Level.ADMIN


def test_making_a_user_inactive_ends_the_sign_ins(system: User, overview: User) -> None:
    issue_token(user=overview)
    form = form_of(overview)
    del form["is_active"]
    signed_in(system).post(page_of(overview), form)
    overview.refresh_from_db()
    assert not overview.is_active
    assert not Token.objects.exists()


def test_nobody_locks_themself_out(system: User) -> None:
    signed_in(system).post(page_of(system), form_of(system, level=1, is_active=""))
    system.refresh_from_db()
    assert system.level == Level.SYSTEM
    assert system.is_active


def test_setting_a_password_ends_the_sign_ins(system: User, overview: User) -> None:
    issue_token(user=overview)
    answer = signed_in(system).post(
        reverse("admin:auth_user_password_change", args=[overview.pk]),
        {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert answer.status_code == 302
    overview.refresh_from_db()
    assert overview.check_password(NEW_PASSWORD)
    assert not Token.objects.exists()


def test_sign_ins_are_ended_from_the_list(system: User, overview: User) -> None:
    issue_token(user=overview)
    issue_token(user=overview)
    answer = signed_in(system).post(
        reverse(LIST),
        {"action": "end_api_sign_ins", "_selected_action": [overview.pk]},
        follow=True,
    )
    assert "Ended 2 sign-ins" in answer.content.decode()
    assert not Token.objects.exists()


def test_users_are_not_deleted(system: User, overview: User) -> None:
    url = reverse("admin:accounts_user_delete", args=[overview.pk])
    assert signed_in(system).post(url, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=overview.pk).exists()


def test_an_inactive_user_does_not_get_in() -> None:
    UserFactory.create(email="gone@example.com", is_active=False)
    client = Client()
    client.post(
        "/admin/login/",
        {"username": "gone@example.com", "password": "correct horse battery staple"},
    )
    assert "_auth_user_id" not in client.session


def test_a_system_user_of_one_entity_cannot_reach_the_users(insider: User) -> None:
    client = signed_in(insider)
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(page_of(insider)).status_code == 403
    answer = client.post(page_of(insider), form_of(insider, scope="GLOBAL", entity=""))
    assert answer.status_code == 403
    insider.refresh_from_db()
    assert insider.scope == "ENTITY"
