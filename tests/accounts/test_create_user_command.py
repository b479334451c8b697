"""manage.py create_user."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Token, User
from apps.accounts.services import issue_token
from apps.core.levels import Level

pytestmark = pytest.mark.django_db


def create(email: str = "erp@example.com", **changes: str | None) -> str:
    options = {"password": "s3cret-words", "permissions": "ADMIN", "scope": "GLOBAL", **changes}
    arguments = [f"--{name}={value}" for name, value in options.items() if value is not None]
    out = StringIO()
    call_command("create_user", email, *arguments, stdout=out)
    return out.getvalue()


def test_a_user_is_created_with_exactly_these_rights() -> None:
    assert create() == "Created erp@example.com: ADMIN, GLOBAL\n"
    user = User.objects.get()
    assert user.check_password("s3cret-words")
    assert (user.level, user.scope, user.entity, user.is_active) == (3, "GLOBAL", None, True)


def test_a_missing_entity_is_created_and_a_known_one_taken(entity) -> None:
    create(scope="ENTITY", entity="New Company")
    assert User.objects.get().entity.name == "New Company"
    create(scope="ENTITY", entity=entity.name)
    assert User.objects.get().entity == entity


def test_repeating_changes_nothing() -> None:
    create()
    before = User.objects.values().get()
    issue_token(user=User.objects.get())
    assert create("ERP@example.com") == "Updated erp@example.com: ADMIN, GLOBAL\n"
    after = User.objects.values().get()
    assert {**after, "last_login": None} == before
    assert Token.objects.count() == 1


def test_another_password_ends_the_tokens() -> None:
    create()
    issue_token(user=User.objects.get())
    create(password="other-words")
    assert User.objects.get().check_password("other-words")
    assert not Token.objects.exists()


def test_rights_are_replaced_and_activity_restored() -> None:
    create(scope="ENTITY", entity="Company")
    User.objects.update(is_active=False)
    create(permissions="SYSTEM")
    user = User.objects.get()
    assert (user.level, user.scope, user.entity_id) == (Level.SYSTEM, "GLOBAL", None)
    assert user.is_active


@pytest.mark.parametrize(
    ("email", "changes", "said"),
    [
        ("erp@example.com", {"scope": "ENTITY"}, "needs an entity"),
        ("erp@example.com", {"password": ""}, "password may not be empty"),
        ("no-email", {}, "valid email"),
        ("erp@example.com", {"permissions": "ROOT"}, "invalid choice"),
        ("erp@example.com", {"scope": "HUB"}, "invalid choice"),
        ("erp@example.com", {"permissions": None}, "required"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(email: str, changes, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        create(email, **changes)
    assert not User.objects.exists()
