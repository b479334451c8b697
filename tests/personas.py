"""The people of the tests, and the one way tests call the API.

    def test_a_technician_enables_a_unit(api, product):
        answer = api.as_("technician").put(f"/v1/products/{product.pk}/enable")
        assert answer.status_code == 200

Personas, each a fixture that is the User: overview, technician, admin, factory and system see all
units (GLOBAL); insider sees those of the fixture `entity`, outsider those of `other_entity`. These
two have level SYSTEM, so that a refusal shows scope and nothing else.
"""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User, UserScope
from apps.accounts.services import issue_token
from apps.core.levels import Level
from tests.factories.accounts import UserFactory
from tests.factories.entities import EntityFactory


def make_user(name: str, level: Level, entity: Any = None) -> User:
    """The user `name`@example.com: of GLOBAL scope, or of ENTITY scope where an entity is given."""
    scope = UserScope.GLOBAL if entity is None else UserScope.ENTITY
    return UserFactory.create(
        email=f"{name}@example.com", level=level.value, scope=scope, entity=entity
    )


@pytest.fixture
def entity(db: None) -> Any:
    """The entity whose units the tests look at."""
    return EntityFactory.create()


@pytest.fixture
def other_entity(db: None) -> Any:
    """An entity that owns nothing the tests look at."""
    return EntityFactory.create()


@pytest.fixture
def overview(db: None) -> User:
    return make_user("overview", Level.OVERVIEW)


@pytest.fixture
def technician(db: None) -> User:
    return make_user("technician", Level.TECHNICAL)


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin", Level.ADMIN)


@pytest.fixture
def factory(db: None) -> User:
    return make_user("factory", Level.FACTORY)


@pytest.fixture
def system(db: None) -> User:
    return make_user("system", Level.SYSTEM)


@pytest.fixture
def insider(entity: Any) -> User:
    return make_user("insider", Level.SYSTEM, entity)


@pytest.fixture
def outsider(other_entity: Any) -> User:
    return make_user("outsider", Level.SYSTEM, other_entity)


class ApiSession:
    """One caller of the API. Every answer is Django's test response: `status_code`, `json()`.

    `params` go into the query string, where a dict or list (such as q) is written as JSON; `json`
    is the body; `data` is a body sent as it is, with `content_type` saying what it is.
    """

    def __init__(self, authorization: str | None = None) -> None:
        headers = {"Authorization": authorization} if authorization is not None else {}
        self.client = Client(headers=headers)

    def get(self, path: str, params: Mapping[str, Any] | None = None, **more: Any) -> Any:
        return self.request("GET", path, params=params, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Any:
        return self.request("POST", path, json=json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> Any:
        return self.request("PUT", path, json=json, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.request("DELETE", path, **more)

    def request(
        self,
        verb: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: bytes | str = b"",
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        answer: HttpResponse = self.client.generic(
            verb,
            path,
            data if json is None else json_module.dumps(json),
            content_type,
            query_params={name: _text(value) for name, value in (params or {}).items()},
            headers=headers,
        )
        return answer


class Api:
    """Callers by persona, by user, by token, or by nobody."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._fixtures = request
        self._sessions: dict[int, ApiSession] = {}

    def as_(self, persona: str | User) -> ApiSession:
        """The persona of that name, or that user, with a token of its own."""
        user = self._fixtures.getfixturevalue(persona) if isinstance(persona, str) else persona
        if user.pk not in self._sessions:
            self._sessions[user.pk] = self.with_token(issue_token(user=user)[0])
        return self._sessions[user.pk]

    def with_token(self, token: str) -> ApiSession:
        """Whoever holds this token."""
        return ApiSession(f"Token token={token}")

    def anonymous(self, authorization: str | None = None) -> ApiSession:
        """Nobody, or whoever sends exactly this Authorization header."""
        return ApiSession(authorization)


@pytest.fixture
def api(request: pytest.FixtureRequest, db: None) -> Api:
    return Api(request)


def _text(value: Any) -> Any:
    return json_module.dumps(value) if isinstance(value, (dict, list)) else value
