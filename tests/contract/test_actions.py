"""Every endpoint beyond the tables: there as promised, and closed to whoever may not use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from apps.core.actions import ActionView, Operation
from apps.core.levels import VERBS, Level
from apps.core.models import Record
from apps.core.resources import registry
from apps.core.scope import ScopeKind
from apps.core.urls import actions
from tests.contract.facts import ACTIONS, ActionFact
from tests.contract.not_yet import NOT_YET
from tests.contract.rows import make, owned_row
from tests.contract.writes import ENVELOPE
from tests.personas import Api

pytestmark = pytest.mark.django_db

LEVELS = {"overview": 1, "technician": 2, "admin": 3, "factory": 4, "system": 5}


class Endpoint:
    """One verb at one path."""

    def __init__(self, action: type[ActionView], path: str, verb: str, spec: Operation) -> None:
        self.action, self.path, self.verb, self.spec = action, path, verb, spec

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"

    @property
    def names(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.path)

    def at(self, keys: dict[str, Any]) -> str:
        """The URL with these keys in the place of names."""
        return "/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(keys[m[1]]), self.path)


ENDPOINTS = [
    Endpoint(action, path, verb, spec)
    for action in actions()
    for path in (action.path, *action.aliases)
    for verb, spec in action.operations().items()
]
WITH_TOKEN = [endpoint for endpoint in ENDPOINTS if endpoint.spec.level is not None]
ON_A_ROW = [endpoint for endpoint in WITH_TOKEN if endpoint.names]


def each(endpoints: list[Endpoint]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("endpoint", endpoints, ids=str)


# What a name in a path stands for, where it is not the key of the table of that name.
TABLES = {
    "imei": "products",
    "repair_id": "repairs",
    "alert_id": "alerts",
    "rtc_dead_letter_id": "rtc_dead_letter",
    "channel_name": "channels",
    "product_group_id": "product_groups",
    "appliance_repair_id": "appliance_repairs",
    "fleet_command_id": "fleet_command",
}


def is_scoped(name: str) -> bool:
    return registry.at(TABLES[name]).scope.kind is not ScopeKind.PUBLIC


def keys_of(endpoint: Endpoint, entity: Any = None) -> dict[str, Any]:
    """Keys of rows that are there, the entity's where one is given."""
    found = {}
    for name in endpoint.names:
        resource = registry.at(TABLES[name])
        row = make(resource.model) if entity is None else owned_row(resource, entity)
        found[name] = row.pk
    return found


@contextmanager
def nothing_written() -> Iterator[None]:
    """Shows that no table of the reference has more, fewer or other rows afterwards."""
    before = fingerprint()
    yield
    assert fingerprint() == before


def fingerprint() -> tuple[Any, ...]:
    """How many rows each table has and when any was last changed."""
    parts = []
    for resource in registry:
        name = connection.ops.quote_name(resource.name)
        parts.append(f"(SELECT COUNT(*) FROM {name}), (SELECT MAX(modified_at) FROM {name})")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        return cursor.fetchone()


def refused(answer: Any, status: int) -> bytes:
    assert answer.status_code == status, answer.content
    assert set(answer.json()) == ENVELOPE
    return answer.content


def ask(session: Any, endpoint: Endpoint, keys: dict[str, Any], **more: Any) -> Any:
    return session.request(endpoint.verb, endpoint.at(keys), **more)


# --- what is promised ----------------------------------------------------------------------------


def levels_of(fact: ActionFact) -> set[Level | None]:
    """The level of the endpoint that a fact speaks of; empty where there is none."""
    return {
        endpoint.spec.level
        for endpoint in ENDPOINTS
        if endpoint.verb == fact.verb and re.sub(r"<[^>]*>", "<>", endpoint.path) == fact.shape
    }


@pytest.mark.parametrize("fact", [f for f in ACTIONS if str(f) not in NOT_YET], ids=str)
def test_an_action_is_there_for_the_level_promised(fact: ActionFact) -> None:
    assert levels_of(fact) == {fact.level}


def test_what_is_listed_as_to_be_built_is_promised_and_not_there_yet() -> None:
    facts = {str(fact): fact for fact in ACTIONS}
    assert set(facts) >= NOT_YET
    assert not [name for name in NOT_YET if levels_of(facts[name])]


# --- who may not ---------------------------------------------------------------------------------


@each(WITH_TOKEN)
def test_without_a_token_an_action_does_nothing(endpoint: Endpoint, api: Api) -> None:
    keys = keys_of(endpoint)
    with nothing_written():
        answer = ask(api.anonymous(), endpoint, keys, json={})
        refused(answer, 401)
        assert answer["WWW-Authenticate"] == "Token"


@each([e for e in WITH_TOKEN if e.spec.level is not None and e.spec.level > Level.OVERVIEW])
def test_below_its_level_an_action_does_nothing(endpoint: Endpoint, api: Api) -> None:
    keys = keys_of(endpoint)
    below = [name for name, level in LEVELS.items() if level < endpoint.spec.level]
    with nothing_written():
        for persona in below:
            refused(ask(api.as_(persona), endpoint, keys, json={}), 403)


@each(WITH_TOKEN)
def test_a_verb_that_an_action_does_not_take_is_405(endpoint: Endpoint, api: Api) -> None:
    keys = keys_of(endpoint)
    taken = endpoint.action.operations()
    with nothing_written():
        for verb in {*VERBS, "PATCH", "OPTIONS"} - taken.keys():
            answer = api.as_("system").request(verb, endpoint.at(keys), json={})
            refused(answer, 405)
            assert set(answer["Allow"].split(", ")) == taken.keys()


@each(ON_A_ROW)
def test_an_action_on_what_is_not_there_is_404(endpoint: Endpoint, api: Api) -> None:
    with nothing_written():
        for key in ("0", "no_such", "999999999999999", "９", "%00", "9" * 400, "1'--"):
            refused(ask(api.as_("system"), endpoint, dict.fromkeys(endpoint.names, key)), 404)


@each([e for e in ON_A_ROW if any(is_scoped(name) for name in e.names)])
def test_an_action_on_a_row_of_another_entity_is_404_as_if_it_were_not_there(
    endpoint: Endpoint, api: Api, entity: Any
) -> None:
    hidden = keys_of(endpoint, entity)
    missing = {}
    for name in endpoint.names:
        row = make(registry.at(TABLES[name]).model)
        missing[name] = row.pk
        row.delete()
    session = api.as_("outsider")
    with nothing_written():
        for body in ({"json": {}}, {"json": {"no_such": 1}}, {"data": b"{"}):
            one = ask(session, endpoint, hidden, **body)
            other = ask(session, endpoint, missing, **body)
            assert refused(one, 404) == refused(other, 404)


# --- bodies --------------------------------------------------------------------------------------

WITH_BODY = [e for e in WITH_TOKEN if e.spec.body is not None and e.verb in ("POST", "PUT")]


@each(WITH_BODY)
def test_an_action_refuses_a_body_that_is_not_a_clean_json_object(
    endpoint: Endpoint, api: Api
) -> None:
    keys, session = keys_of(endpoint), api.as_("system")
    with nothing_written():
        for body in (
            b"{",
            b"[]",
            b"null",
            b'"text"',
            b'{"a": NaN}',
            b'{"a": 1e400}',
            b'{"a": "\xff"}',
            b'{"a": 1, "a": 2}',
            b'{"a": "\\u0000"}',
            b'{"a": "\\ud800"}',
            b"[" * 100_000,
            b'{"a": ' + b"9" * 5_000 + b"}",
            b'{"no_such_field": 1}',
        ):
            refused(ask(session, endpoint, keys, data=body), 400)
        xml = {"data": b"<a/>", "content_type": "application/xml"}
        refused(ask(session, endpoint, keys, **xml), 415)
        packed = {"json": {}, "headers": {"Content-Encoding": "gzip"}}
        refused(ask(session, endpoint, keys, **packed), 415)


@each(WITH_BODY)
def test_an_action_refuses_values_of_the_wrong_type_and_names_them(
    endpoint: Endpoint, api: Api
) -> None:
    keys, session = keys_of(endpoint), api.as_("system")
    fields = endpoint.spec.body().fields
    with nothing_written():
        for name in fields:
            for value in ([[]], {"a": {}}, 10**300):
                answer = ask(session, endpoint, keys, json={name: value})
                assert answer.status_code == 400, (name, value, answer.content)
                assert set(answer.json()) == ENVELOPE


def test_every_table_that_an_action_stands_on_is_known() -> None:
    assert {name for endpoint in ENDPOINTS for name in endpoint.names} <= TABLES.keys()
    assert all(issubclass(registry.at(path).model, Record) for path in TABLES.values())
