"""Requests that are wrong before any row or body is looked at."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import InterfaceError, OperationalError
from django.db.backends.utils import CursorWrapper

from apps.accounts.models import TOKEN_LIFE, User
from apps.accounts.services import issue_token, revoke_tokens
from apps.core.resources import registry
from apps.core.tables import table_for
from tests.contract.rows import make, new_body, stored
from tests.contract.writes import ENVELOPE
from tests.factories import ProductFactory, ProductTypeFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db


def envelope(answer: Any, status: int) -> dict[str, Any]:
    """The error envelope of an answer, and nothing else."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    assert int(answer["Content-Length"]) == len(answer.content)
    content = answer.json()
    assert set(content) == ENVELOPE
    assert content["status"] == "error"
    assert content["message"]
    return content


# --- tokens --------------------------------------------------------------------------------------


@pytest.fixture
def token(system: User) -> str:
    return issue_token(user=system)[0]


WRONG = {
    "no header": lambda token: None,
    "nothing": lambda token: "",
    "the token alone": lambda token: token,
    "Bearer": lambda token: f"Bearer {token}",
    "Basic": lambda token: "Basic c3lzdGVtOnB3",
    "another casing of the scheme": lambda token: f"token token={token}",
    "another casing of the name": lambda token: f"Token Token={token}",
    "another casing of the token": lambda token: f"Token token={token.swapcase()}",
    "quotes": lambda token: f'Token token="{token}"',
    "a character less": lambda token: f"Token token={token[:-1]}",
    "a character more": lambda token: f"Token token={token}a",
    "a blank more": lambda token: f"Token token={token} ",
    "two blanks": lambda token: f"Token  token={token}",
    "another token": lambda token: f"Token token={'a' * 64}",
    "no token": lambda token: "Token token=",
    "two tokens": lambda token: f"Token token={token}, Token token={token}",
    "letters beyond ASCII": lambda token: f"Token token={'é' * 64}",
    "full-width digits": lambda token: f"Token token={'１' * 64}",
    "SQL": lambda token: "Token token=" + "' OR 1=1 --".ljust(64, "x"),
    "a unit's signature": lambda token: "Device imei=1, ts=1, nonce=1, sig=1",
    "a very long one": lambda token: "Token token=" + "a" * 5_000,
}


@pytest.mark.parametrize("what", WRONG)
def test_a_token_of_a_wrong_kind_is_401(api: Api, token: str, what: str) -> None:
    assert api.with_token(token).get("/v1/products").status_code == 200
    session = api.anonymous(WRONG[what](token))
    before = stored(table_for(registry.at("product_types")))
    said = set()
    for verb, path in (
        ("GET", "/v1/products"),
        ("GET", "/v1/products/350000000000000"),
        ("POST", "/v1/product_types"),
        ("PATCH", "/v1/product_types"),
        ("GET", "/v1/serials"),
    ):
        answer = session.request(verb, path, json={"name": "x"} if verb == "POST" else None)
        assert answer["WWW-Authenticate"] == "Token"
        said.add(envelope(answer, 401)["message"])
    assert len(said) == 1
    assert stored(table_for(registry.at("product_types"))) == before


def test_a_revoked_token_is_401(api: Api, system: User, token: str) -> None:
    session = api.with_token(token)
    revoke_tokens(user=system)
    envelope(session.get("/v1/products"), 401)


def test_a_token_past_its_end_is_401(api: Api, system: User) -> None:
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        session = api.with_token(issue_token(user=system)[0])
        assert session.get("/v1/products").status_code == 200
        clock.shift(TOKEN_LIFE)
        envelope(session.get("/v1/products"), 401)


# --- paths, keys and verbs -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/no_such",
        "/no_such/1",
        "/Products",
        "/product",
        "/products/350000000000000/no_such",
        "/products/350000000000000/notes/1",
        "/product_types//1",
        "/product_types/1/2/3",
        "/../admin",
        "/%2e%2e/admin",
        "/products;x=1",
        "/product_types.json",
        "/accounts_user",
        "/tokens",
        "/users",
        "/row_count",
        "/events",
    ],
)
@pytest.mark.parametrize("persona", ["nobody", "system"])
def test_a_path_that_nothing_answers_is_404(api: Api, persona: str, path: str) -> None:
    session = api.anonymous() if persona == "nobody" else api.as_(persona)
    for verb in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        answer = session.request(verb, f"/v1{path}", data=b"{}")
        envelope(answer, 404)


KEYS = [
    "0",
    "-1",
    "+1",
    "1.0",
    "1e1",
    "0x1",
    "one",
    "null",
    "１",
    "1 ",
    "1%00",
    "%00",
    "1'--",
    "1 OR 1=1",
    "9" * 18,
    str(2**63 - 1),
    str(2**63),
    "9" * 400,
    "\u202e1",
    "..",
    "*",
]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_no_row_can_have_is_404(api: Api, key: str) -> None:
    ProductTypeFactory.create()
    session = api.as_("system")
    for path in ("product_types", "networks", "channels"):
        table = table_for(registry.at(path))
        before = stored(table)
        for verb in ("GET", "PUT", "DELETE"):
            envelope(session.request(verb, f"/v1/{path}/{key}", data=b"{}"), 404)
        assert stored(table) == before


@pytest.mark.parametrize(
    "imei",
    [
        "35000000000000",
        "3500000000000000",
        "35000000000000O",
        "３５００００００００００００１",
        " 350000000000001",
        "350000000000001%20",
        "350000000000001%0a",
        "%00",
        "350000000000001'",
        "-50000000000001",
    ],
)
def test_an_imei_of_another_form_is_404(api: Api, imei: str) -> None:
    unit = ProductFactory.create(product_imei="350000000000001")
    session = api.as_("system")
    for verb in ("GET", "PUT", "DELETE"):
        envelope(session.request(verb, f"/v1/products/{imei}", data=b"{}"), 404)
    assert session.get(f"/v1/products/{unit.pk}").status_code == 200


def test_a_key_is_not_read_as_another_that_is_equal_to_it(api: Api) -> None:
    """ "01" is no other way to write 1: one row has one address."""
    row = ProductTypeFactory.create()
    session = api.as_("system")
    assert session.get(f"/v1/product_types/{row.pk}").status_code == 200
    envelope(session.get(f"/v1/product_types/0{row.pk}"), 404)


@pytest.mark.parametrize("verb", ["PATCH", "OPTIONS", "TRACE", "LOCK"])
def test_a_verb_of_another_world_is_405(api: Api, verb: str) -> None:
    answer = api.as_("system").request(verb, "/v1/product_types")
    envelope(answer, 405)
    assert answer["Allow"] == "GET, POST"
    answer = api.as_("system").request(verb, f"/v1/product_types/{ProductTypeFactory.create().pk}")
    envelope(answer, 405)
    assert answer["Allow"] == "GET, PUT, DELETE"


def test_head_is_get_without_the_body(api: Api) -> None:
    row = ProductTypeFactory.create()
    for path in ("/v1/product_types", f"/v1/product_types/{row.pk}"):
        one, other = api.as_("overview").request("HEAD", path), api.as_("overview").get(path)
        assert (one.status_code, one.content) == (200, b"")
        assert one["Content-Length"] == other["Content-Length"]


# --- a row in use --------------------------------------------------------------------------------


def test_a_row_in_use_is_not_deleted_and_says_by_what(api: Api) -> None:
    unit = ProductFactory.create()
    make(registry.at("product_notes").model, product=unit)
    for path, key, users in (
        ("product_types", unit.product_type_id, "product"),
        ("products", unit.pk, "product_note"),
    ):
        answer = api.as_("system").delete(f"/v1/{path}/{key}")
        assert users in envelope(answer, 400)["message"]
        assert api.as_("system").get(f"/v1/{path}/{key}").status_code == 200


def test_the_newest_row_of_a_history_is_in_use(api: Api) -> None:
    """A unit points to its newest connection, and may not point to nothing."""
    connection = make(registry.at("connections").model)
    connection.product.latest_connection = connection
    connection.product.save()
    older = make(registry.at("connections").model, product=connection.product)
    session = api.as_("system")
    assert session.delete(f"/v1/connections/{older.pk}").status_code == 204
    answer = session.delete(f"/v1/connections/{connection.pk}")
    assert "product" in envelope(answer, 400)["message"]


def test_a_row_that_is_used_meanwhile_is_not_deleted(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check looked too early: the refusal comes from below, and is a refusal all the same."""
    unit = ProductFactory.create()
    monkeypatch.setattr("apps.core.writing.in_use_by", lambda record: [])
    envelope(api.as_("system").delete(f"/v1/product_types/{unit.product_type_id}"), 400)
    assert api.as_("system").get(f"/v1/products/{unit.pk}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_a_row_refers_to_is_gone_when_it_is_committed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Foreign keys are judged when a transaction ends; even then the answer is 400."""
    monkeypatch.setattr("apps.core.serializers.KeyField.to_internal_value", lambda self, key: key)
    body = {"product_type_id": 999_999, "part_type_id": 999_999}
    session = api.as_("system")
    answer = session.post("/v1/part_type_product_type_linker", body)
    assert answer.status_code == 400, answer.content
    row = make(registry.at("part_type_product_type_linker").model)
    answer = session.put(f"/v1/part_type_product_type_linker/{row.pk}", body)
    assert answer.status_code == 400
    assert session.get("/v1/part_type_product_type_linker").json()["num_results"] == 1


# --- the database away ---------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_503_when_the_database_is_away_and_nothing_is_written(
    api: Api, monkeypatch: pytest.MonkeyPatch, fault: type[Exception], after: int
) -> None:
    """At whichever statement it goes away: at the token, the look-up, the row or its history."""
    resource = registry.at("product_types")
    row, body = make(resource.model), new_body(resource)
    session = api.as_("system")
    session.get("/v1/product_types")
    path = f"/v1/product_types/{row.pk}"
    before = stored(table_for(resource))
    asked = [("POST", "/v1/product_types", body), ("PUT", path, {"name": "x"})]
    asked += [("DELETE", path, None)]
    if after < 2:
        asked += [("GET", "/v1/product_types", None), ("GET", path, None)]
    for verb, place, json in asked:
        with monkeypatch.context() as patch:
            Failing(fault, after).install(patch)
            answer = session.request(verb, place, json=json)
        assert answer["Retry-After"] == "30"
        envelope(answer, 503)
        assert stored(table_for(resource)) == before


class Failing:
    """A database that answers so many statements and then no more."""

    def __init__(self, fault: type[Exception], after: int) -> None:
        self.fault, self.left = fault, after
        self.execute = CursorWrapper.execute

    def install(self, patch: pytest.MonkeyPatch) -> None:
        failing = self

        def execute(cursor: CursorWrapper, sql: str, params: Any = None) -> Any:
            # Savepoints stay, so that the test's own transaction survives.
            if "SAVEPOINT" not in sql:
                if failing.left == 0:
                    raise failing.fault("server closed the connection unexpectedly")
                failing.left -= 1
            return failing.execute(cursor, sql, params)

        patch.setattr(CursorWrapper, "execute", execute)
