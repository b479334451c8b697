"""What a token proves, for how long, and what it costs to ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.views import APIView

from apps.accounts.authentication import TokenAuthentication, resolve_token, session_caller
from apps.accounts.models import Token, User, UserScope
from apps.accounts.services import issue_token, purge_expired_tokens, revoke_tokens, save_user
from apps.accounts.tasks import purge_expired_tokens as purge_task
from apps.core.callers import NO_ENTITY
from apps.core.errors import Unauthenticated
from apps.core.levels import Level

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> time_machine.Coordinates:
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


@pytest.fixture
def token(technician: User) -> str:
    return issue_token(user=technician)[0]


def header(token: str) -> str:
    return f"Token token={token}"


def refused(value: str) -> bool:
    with pytest.raises(Unauthenticated) as caught:
        resolve_token(value)
    return caught.value.status == 401 and caught.value.headers == {"WWW-Authenticate": "Token"}


def test_a_token_names_its_caller(token: str, technician: User) -> None:
    caller = resolve_token(header(token))
    assert (caller.user_id, caller.username) == (technician.pk, "technician@example.com")
    assert caller.level is Level.TECHNICAL
    assert caller.is_global


def test_resolving_a_token_is_one_query(token: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        resolve_token(header(token))
    assert len(queries) == 1


def test_only_a_digest_of_the_token_is_stored(token: str) -> None:
    row = Token.objects.values().get()
    assert len(token) == 64
    assert token.isalnum()
    assert all(token not in str(value) for value in row.values())
    assert len(row["digest"]) == 64


def test_tokens_differ_and_a_user_may_hold_several(technician: User) -> None:
    first, second = issue_token(user=technician)[0], issue_token(user=technician)[0]
    assert first != second
    assert resolve_token(header(first)) == resolve_token(header(second))


@pytest.mark.parametrize(
    "change",
    [
        lambda t: "",
        lambda t: t,
        lambda t: f"Token {t}",
        lambda t: f"Bearer {t}",
        lambda t: f"Bearer token={t}",
        lambda t: f"token token={t}",
        lambda t: f"TOKEN token={t}",
        lambda t: f"Token Token={t}",
        lambda t: f"Token TOKEN={t}",
        lambda t: f"Token  token={t}",
        lambda t: f"Token token= {t}",
        lambda t: f" Token token={t}",
        lambda t: f"Token token={t} ",
        lambda t: f'Token token="{t}"',
        lambda t: f"Token token={t[:-1]}",
        lambda t: f"Token token={t}A",
        lambda t: f"Token token={t.swapcase()}",
        lambda t: f"Token token={'A' * 64}",
        lambda t: f"Token token={t[:-1]}é",
        lambda t: f"Token token={t[:-1]}٣",
        lambda t: f"Token token={t[:-1]}%",
        lambda t: f"Token token={t[:-1]}\x00",
        lambda t: f"Token token={t},Token token={t}",
        lambda t: f"Token token={t}, Token token={t}",
    ],
)
def test_anything_but_the_exact_header_is_refused(token: str, change) -> None:
    assert refused(change(token))
    assert resolve_token(header(token))


def test_the_digest_itself_is_no_token(token: str) -> None:
    assert refused(header(Token.objects.get().digest))


def test_three_hours_of_disuse_end_a_token(token: str, clock) -> None:
    clock.shift(timedelta(hours=3))
    assert refused(header(token))


def test_a_token_just_before_its_end_still_holds(token: str, clock) -> None:
    clock.shift(timedelta(hours=3, seconds=-1))
    assert resolve_token(header(token))


def test_each_good_request_moves_the_end(token: str, clock) -> None:
    for _hop in range(4):
        clock.shift(timedelta(hours=2))
        assert resolve_token(header(token))
    assert Token.objects.get().expires_at == NOON + timedelta(hours=11)
    clock.shift(timedelta(hours=3))
    assert refused(header(token))


def test_the_end_is_written_at_most_once_a_minute(token: str, clock) -> None:
    written = 0
    for _second in range(150):
        clock.shift(timedelta(seconds=1))
        with CaptureQueriesContext(connection) as queries:
            resolve_token(header(token))
        written += sum(query["sql"].strip().startswith("UPDATE") for query in queries)
    assert written == 2
    assert Token.objects.get().last_used == NOON + timedelta(seconds=120)


def test_a_refused_request_moves_nothing(token: str, technician: User, clock) -> None:
    save_user(user=technician, changed=[])
    User.objects.update(is_active=False)
    clock.shift(timedelta(hours=1))
    assert refused(header(token))
    assert Token.objects.get().expires_at == NOON + timedelta(hours=3)


def test_a_revoked_token_is_refused_at_once(token: str, technician: User) -> None:
    assert revoke_tokens(user=technician) == 1
    assert refused(header(token))


def test_an_inactive_user_is_refused_at_once(token: str) -> None:
    User.objects.update(is_active=False)
    assert refused(header(token))


def test_a_new_level_holds_from_the_next_request(token: str) -> None:
    User.objects.update(level=Level.OVERVIEW.value)
    assert resolve_token(header(token)).level is Level.OVERVIEW


@pytest.mark.parametrize("column", ["password", "is_active", "email"])
def test_changing_who_one_is_ends_the_tokens(token: str, technician: User, column: str) -> None:
    save_user(user=technician, changed=[column])
    assert refused(header(token))


def test_changing_ones_name_on_screen_keeps_the_tokens(token: str, technician: User) -> None:
    save_user(user=technician, changed=["display_name"])
    assert resolve_token(header(token))


def test_entity_scope_is_the_users_entity(insider: User, entity) -> None:
    caller = resolve_token(header(issue_token(user=insider)[0]))
    assert caller.entity_id == entity.pk
    assert not caller.is_global
    assert session_caller(insider) == caller


@pytest.mark.parametrize("scope", [UserScope.ENTITY, "", "global", "nonsense"])
def test_a_scope_without_its_entity_sees_nothing(scope: str) -> None:
    stray = User(pk=1, email="stray@example.com", scope=scope, level=Level.SYSTEM.value)
    assert session_caller(stray).entity_id == NO_ENTITY
    assert not session_caller(stray).is_global


def test_only_ended_tokens_are_purged(technician: User, clock) -> None:
    issue_token(user=technician)
    clock.shift(timedelta(hours=2))
    kept, _row = issue_token(user=technician)
    clock.shift(timedelta(hours=1))
    assert purge_expired_tokens() == 1
    assert purge_task() == 0
    assert resolve_token(header(kept))


def test_a_framework_view_learns_the_same_caller(token: str, technician: User) -> None:
    request = APIView().initialize_request(
        RequestFactory().get("/v1/products", headers={"Authorization": header(token)})
    )
    request.authenticators = [TokenAuthentication()]
    assert request.user.caller == request.caller == resolve_token(header(token))
    assert (request.user.pk, str(request.user)) == (technician.pk, technician.email)
    assert request.user.is_authenticated


def test_a_framework_view_refuses_whoever_has_no_token() -> None:
    request = APIView().initialize_request(RequestFactory().get("/v1/products"))
    request.authenticators = [TokenAuthentication()]
    with pytest.raises(Unauthenticated):
        _asked = request.user
