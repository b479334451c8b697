"""From an Authorization header, or a signed-in session, to a Caller.

This is on the path of every request to the API: one query, no model instance, and a write at most
once a minute for each token. Reference: "Authentication and Permissions".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication

from apps.accounts.models import TOKEN_LIFE, User, UserScope
from apps.core.authentication import authenticate
from apps.core.callers import NO_ENTITY, Caller
from apps.core.errors import Unauthenticated
from apps.core.levels import Level
from apps.core.prepared import Prepared

if TYPE_CHECKING:
    from rest_framework.request import Request

TOKEN_LENGTH: Final = 64
# A token in steady use is written this often and no more.
EXTENSION_INTERVAL: Final = timedelta(minutes=1)

_SCHEME: Final = "Token token="
_HEADER_LENGTH: Final = len(_SCHEME) + TOKEN_LENGTH

# The comparisons with the clock are the database's, so that no time is parsed here.
_FIND: Final = Prepared(
    "find_caller",
    "SELECT t.id, t.last_used <= %s, u.id, u.email, u.level, u.scope, u.entity_id"
    " FROM accounts_token t JOIN accounts_user u ON u.id = t.user_id"
    " WHERE t.digest = %s AND t.expires_at > %s AND u.is_active",
)
_EXTEND: Final = """
    UPDATE accounts_token SET last_used = %s, expires_at = %s WHERE id = %s AND last_used <= %s
"""


def digest_of(token: str) -> str:
    """What is stored of a token: its SHA-256 in hexadecimal."""
    return sha256(token.encode("ascii")).hexdigest()


def resolve_token(header: str) -> Caller:
    """The caller that holds the token in `Token token=<64 characters>`; moves the token's end.

    Raises Unauthenticated for anything else: another scheme or casing, another length, an expired
    or revoked token, a user who is no longer active.
    """
    if len(header) != _HEADER_LENGTH or not header.startswith(_SCHEME):
        raise Unauthenticated
    token = header[len(_SCHEME) :]
    if not (token.isascii() and token.isalnum()):
        raise Unauthenticated
    now = timezone.now()
    adapt = connection.ops.adapt_datetimefield_value
    due = adapt(now - EXTENSION_INTERVAL)
    with connection.cursor() as cursor:
        _FIND.run(cursor, [due, digest_of(token), adapt(now)])
        row = cursor.fetchone()
        if row is None:
            raise Unauthenticated
        token_id, stale, user_id, email, level, scope, entity_id = row
        if stale:
            cursor.execute(_EXTEND, (adapt(now), adapt(now + TOKEN_LIFE), token_id, due))
    return Caller(user_id, email, Level(level), scoped_entity(scope, entity_id))


def session_caller(user: User) -> Caller:
    """The caller that a user signed in to the back office is."""
    return Caller(user.pk, user.email, Level(user.level), scoped_entity(user.scope, user.entity_id))


def scoped_entity(scope: str, entity_id: int | None) -> int | None:
    """None for GLOBAL, which is every unit; otherwise the entity, or one that owns nothing.

    Whatever is not exactly GLOBAL narrows: a scope without its entity must see no row, never all.
    """
    if scope == UserScope.GLOBAL:
        return None
    return NO_ENTITY if entity_id is None else entity_id


@dataclass(frozen=True, slots=True)
class TokenUser:
    """What `request.user` is behind a token: who, without a query for the rest."""

    caller: Caller

    is_authenticated = True
    is_active = True

    @property
    def pk(self) -> int:
        return self.caller.user_id

    def __str__(self) -> str:
        return self.caller.username


class TokenAuthentication(BaseAuthentication):
    """The same tokens for Django REST framework's views; leaves `request.caller` behind."""

    def authenticate(self, request: Request) -> tuple[TokenUser, None]:
        return TokenUser(authenticate(request._request)), None

    def authenticate_header(self, request: Request) -> str:
        return "Token"
