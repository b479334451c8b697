"""Every write to users and tokens."""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.authentication import TOKEN_LENGTH, digest_of
from apps.accounts.models import TOKEN_LIFE, Token, User, UserScope
from apps.core import catalogue
from apps.core.errors import Invalid
from apps.core.levels import Level

_ALPHABET = string.ascii_letters + string.digits
# With one of these changed, whoever holds a token has to show again who they are.
_ENDS_TOKENS = frozenset({"password", "is_active", "email"})


@transaction.atomic
def issue_token(*, user: User) -> tuple[str, Token]:
    """Start a sign-in of `user`: the token for its holder, who alone ever sees it, and its row."""
    token = "".join(secrets.choice(_ALPHABET) for _place in range(TOKEN_LENGTH))
    now = timezone.now()
    row = Token.objects.create(
        user=user,
        digest=digest_of(token),
        created_at=now,
        last_used=now,
        expires_at=now + TOKEN_LIFE,
    )
    User.objects.filter(pk=user.pk).update(last_login=now)
    return token, row


def revoke_tokens(*, user: User) -> int:
    """End every sign-in of `user` through the API at once; returns how many there were."""
    count, _by_model = Token.objects.filter(user=user).delete()
    return count


def purge_expired_tokens() -> int:
    """Delete the tokens that have ended; returns how many. Safe to repeat."""
    count, _by_model = Token.objects.filter(expires_at__lte=timezone.now()).delete()
    return count


@transaction.atomic
def save_user(*, user: User, changed: Collection[str]) -> User:
    """Store a new user, or the columns `changed` of one that exists.

    A change of name, password or activity ends the user's tokens.
    """
    if user.pk is None:
        user.save()
        return user
    user.save(update_fields=sorted(changed))
    if _ENDS_TOKENS & set(changed):
        revoke_tokens(user=user)
    return user


@transaction.atomic
def put_user(
    *,
    email: str,
    password: str,
    level: Level,
    scope: UserScope,
    entity_name: str | None = None,
    by: str = "create_user",
) -> tuple[User, bool]:
    """Make the user called `email` exist with exactly these rights, and its entity if missing.

    Safe to repeat: without a difference nothing is written. Returns the user and whether it is
    new. Raises Invalid naming what is wrong.
    """
    if not password:
        raise Invalid({"password": _("The password may not be empty")})
    if scope == UserScope.ENTITY and not entity_name:
        raise Invalid({"entity": _("A user of ENTITY scope needs an entity")})
    name = email.strip().lower()
    user = User.objects.select_for_update().filter(email=name).first()
    is_new = user is None
    user = user or User(email=name, display_name=name.partition("@")[0])
    wanted: dict[str, Any] = {
        "level": level.value,
        "scope": scope.value,
        "entity": _entity_named(entity_name, by=by) if entity_name else None,
        "is_active": True,
    }
    changed = [column for column, value in wanted.items() if getattr(user, column) != value]
    for column in changed:
        setattr(user, column, wanted[column])
    if is_new or not user.check_password(password):
        user.set_password(password)
        changed.append("password")
    try:
        user.full_clean()
    except ValidationError as error:
        raise Invalid(
            {field: " ".join(said) for field, said in error.message_dict.items()}
        ) from error
    if is_new or changed:
        save_user(user=user, changed=changed)
    return user, is_new


def _entity_named(name: str, *, by: str) -> Any:
    """The entity of that name, created if it is missing.

    Reached through the user's own column: this app may not import the one that owns the table.
    """
    entities = User._meta.get_field("entity").related_model._default_manager
    if not entities.exists():
        # The first ids belong to the catalogue, which may not have been loaded yet.
        catalogue.load()
    entity, _is_new = entities.get_or_create(
        name=name, defaults={"bboxx_company_flag": False, "created_by": by}
    )
    return entity
