"""Who may do what: every table x verb x level x scope, from the levels promised in tables.json.

Each test walks one table, so that rows and people are made once. A wrong answer is told with
table, verb and persona; a refusal also shows that nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from apps.core.levels import VERBS, Level
from apps.core.resources import Resource, registry
from apps.core.scope import ScopeKind
from apps.core.tables import Table, table_for
from tests.contract.facts import TABLES, TableFact
from tests.contract.rows import make, new_body, owned_row, reached_backwards, remove, stored
from tests.personas import Api

pytestmark = pytest.mark.django_db

LEVELS = {
    "overview": Level.OVERVIEW,
    "technician": Level.TECHNICAL,
    "admin": Level.ADMIN,
    "factory": Level.FACTORY,
    "system": Level.SYSTEM,
}
DONE = {"GET": 200, "POST": 201, "PUT": 200, "DELETE": 204}
ENVELOPE = {"status", "message", "validation_errors", "data"}
# (verb, on one row): what a table takes at its path, and at the path of a row.
PLACES = [("GET", False), ("POST", False), ("GET", True), ("PUT", True), ("DELETE", True)]

each_table = pytest.mark.parametrize("fact", TABLES, ids=str)


class Walk:
    """One table, its rows, and the requests made to it."""

    def __init__(self, fact: TableFact, api: Api) -> None:
        self.fact, self.api = fact, api
        self.resource: Resource = registry.at(fact.path)
        self.table: Table = table_for(self.resource)
        self.before: list[Any] | None = None
        self.met: set[str] = set()

    def session(self, persona: str) -> Any:
        return self.api.anonymous() if persona == "nobody" else self.api.as_(persona)

    def expect(self, persona: str, verb: str, row: Any, status: int, body: Any = None) -> Any:
        """Ask; a refusal must leave the table as it is."""
        session = self.session(persona)
        if persona not in self.met:
            # A persona brings an entity along when it first appears.
            self.met.add(persona)
            self.before = None
        if self.before is None:
            self.before = stored(self.table)
        path = f"/v1/{self.fact.path}" + (f"/{row.pk}" if row is not None else "")
        answer = session.request(verb, path, json=body)
        where = f"{self.fact.name}: {verb} {path} as {persona}"
        assert answer.status_code == status, f"{where}: {answer.content.decode()}"
        if status >= 400:
            assert set(answer.json()) == ENVELOPE, where
            assert stored(self.table) == self.before, f"{where} changed a row"
        elif verb != "GET":
            self.before = None
        return answer

    def make(self) -> Any:
        """Another row."""
        self.before = None
        return make(self.resource.model)

    def body(self, verb: str, entity: Any = None) -> Any:
        self.before = None
        return new_body(self.resource, key=verb == "POST", entity=entity)


@pytest.fixture
def walk(fact: TableFact, api: Api, request: pytest.FixtureRequest) -> Walk:
    if fact.name == "product_entity_linker":
        # Whose last owner is deleted belongs to it.
        request.getfixturevalue("unknown_entity")
    return Walk(fact, api)


@each_table
def test_each_level_may_do_what_is_promised_and_no_more(walk: Walk) -> None:
    kept = make(walk.resource.model)
    for persona, level in LEVELS.items():
        for verb, on_row in PLACES:
            needed = walk.fact.levels.get(verb)
            if needed is not None and level >= needed:
                row = walk.make() if verb == "DELETE" else kept
                body = walk.body(verb) if verb in ("POST", "PUT") else None
                walk.expect(persona, verb, row if on_row else None, DONE[verb], body)
            else:
                status = 405 if needed is None else 403
                walk.expect(persona, verb, kept if on_row else None, status, {})


@each_table
def test_without_a_token_nobody_does_anything(walk: Walk) -> None:
    row = make(walk.resource.model)
    for verb, on_row in PLACES:
        answer = walk.expect("nobody", verb, row if on_row else None, 401, {})
        assert answer["WWW-Authenticate"] == "Token"


@each_table
def test_a_verb_that_is_not_promised_is_refused_and_the_others_are_named(walk: Walk) -> None:
    row = make(walk.resource.model)
    for on_row, possible in ((False, ("GET", "POST")), (True, ("GET", "PUT", "DELETE"))):
        taken = [verb for verb in possible if verb in walk.fact.levels]
        for verb in {*VERBS, "PATCH", "OPTIONS"} - set(taken):
            answer = walk.expect("system", verb, row if on_row else None, 405, {})
            assert answer.headers.get("Allow") == ", ".join(taken)


@each_table
def test_an_older_name_of_a_table_answers_the_same(walk: Walk) -> None:
    row = make(walk.resource.model)
    for end in ("", "/", f"/{row.pk}", f"/{row.pk}/"):
        answers = {
            (answer.status_code, answer.content)
            for path in walk.fact.paths
            for answer in [walk.session("system").get(f"/v1/{path}{end}")]
        }
        assert len(answers) == 1


# --- scope ---------------------------------------------------------------------------------------

scoped = [f for f in TABLES if registry.at(f.path).scope.kind is not ScopeKind.PUBLIC]


def with_verb(verb: str, facts: Iterable[TableFact] = TABLES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fact", [f for f in facts if verb in f.levels], ids=str)


@with_verb("GET")
def test_an_entity_sees_its_own_rows_and_no_others(walk: Walk, entity: Any) -> None:
    scope = walk.resource.scope
    mine, other = owned_row(walk.resource, entity), make(walk.resource.model)
    for persona in ("insider", "outsider"):
        keys = {row[walk.table.key.name] for row in listed(walk, persona)}
        sees = {
            mine: persona == "insider" and scope.kind is not ScopeKind.HIDDEN,
            other: False,
        }
        for row, visible in sees.items():
            visible = visible or scope.kind is ScopeKind.PUBLIC
            walk.expect(persona, "GET", row, 200 if visible else 404)
            assert (row.pk in keys) == visible
    assert {mine.pk, other.pk} <= {row[walk.table.key.name] for row in listed(walk, "system")}


def listed(walk: Walk, persona: str) -> list[dict[str, Any]]:
    path = f"/v1/{walk.fact.path}"
    return walk.session(persona).get(path, {"results_per_page": 1000}).json()["objects"]


@with_verb("GET", scoped)
def test_a_row_out_of_scope_answers_as_one_that_does_not_exist(walk: Walk, entity: Any) -> None:
    hidden, missing = owned_row(walk.resource, entity), make(walk.resource.model)
    key = missing.pk
    remove(missing)
    missing.pk = key
    for verb in sorted(walk.fact.levels.keys() - {"POST"}):
        # The body is judged only where the row may be known of.
        for body in ({}, {"no_such_column": 1}):
            one = walk.expect("outsider", verb, hidden, 404, body)
            other = walk.expect("outsider", verb, missing, 404, body)
            assert one.content == other.content


@with_verb("PUT")
def test_an_entity_changes_rows_within_its_scope_only(walk: Walk, entity: Any) -> None:
    row = owned_row(walk.resource, entity)
    references = {c.name for c in walk.table.columns if c.field.is_relation}
    body = {n: v for n, v in walk.body("PUT").items() if n not in references}
    if walk.resource.scope.kind is not ScopeKind.PUBLIC:
        walk.expect("outsider", "PUT", row, 404, body)
    walk.expect("insider", "PUT", row, 200, body)


@with_verb("POST")
def test_an_entity_creates_rows_within_its_scope_only(walk: Walk, entity: Any) -> None:
    """A row that its writer could not see is not written, though the level would allow it."""
    scope = walk.resource.scope
    public = scope.kind is ScopeKind.PUBLIC
    # A new part is in no unit yet, a new entity is not the caller's.
    ownerless = not public and (reached_backwards(walk.resource) or not scope.path)
    body = walk.body("POST", None if ownerless else entity)
    # What else the row refers to may be out of scope, and none of it is needed.
    first = scope.path.split("__")[0]
    for column in walk.table.columns:
        if column.field.is_relation and column.field.null and column.field.name != first:
            body[column.name] = None
    if not public:
        walk.expect("outsider", "POST", None, 400, body)
    walk.expect("insider", "POST", None, 400 if ownerless else 201, body)


@with_verb("DELETE")
def test_an_entity_deletes_rows_within_its_scope_only(walk: Walk, entity: Any) -> None:
    if walk.resource.scope.kind is not ScopeKind.PUBLIC:
        walk.expect("insider", "DELETE", walk.make(), 404)
    row = owned_row(walk.resource, entity)
    walk.before = None
    # What owns such a row refers to it, so it is in use.
    in_use = row == entity or reached_backwards(walk.resource)
    walk.expect("insider", "DELETE", row, 400 if in_use else 204)
