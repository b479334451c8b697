"""Values that a column cannot hold, in every column of every table that can be written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.db import models

from apps.core.columns import Column, Kind
from apps.core.resources import registry
from apps.core.scope import ScopeKind
from tests.contract.rows import make, stored, writable
from tests.contract.writes import ENDPOINTS, Endpoint, Writer, each_endpoint
from tests.personas import Api

pytestmark = pytest.mark.django_db

each_post = pytest.mark.parametrize(
    "endpoint", [endpoint for endpoint in ENDPOINTS if endpoint.verb == "POST"], ids=str
)

OTHER_TYPES: dict[Kind, list[Any]] = {
    Kind.INTEGER: [True, "1", 1.5, 1.0, [], {}],
    Kind.NUMBER: [True, "1.5", "nan", [], {}, 10**399],
    Kind.BOOLEAN: [0, 1, "true", "", [], {}],
    Kind.TEXT: [1, 1.5, True, [], {}, ["a"]],
    Kind.TIME: [1_700_000_000, True, [], {}],
    Kind.DATE: [20_240_131, True, [], {}],
    Kind.LENGTH: [True, [], {}, "soon", "", 1e300, -1e300, "999999999999 days"],
    Kind.JSON: [],
    Kind.BYTES: [1, True, [], {}, "no base64!", "YQ"],
}
IMPOSSIBLE: dict[Kind, list[Any]] = {
    Kind.TIME: [
        "",
        "tomorrow",
        "2024-02-30T00:00:00",
        "2023-02-29",
        "2024-13-01T00:00:00",
        "2024-03-01T25:00:00",
        "2024-03-01T12:60:00",
        "0001-01-01T00:00:00+10:00",
        "9999-12-31T23:00:00-10:00",
        "10000-01-01T00:00:00",
        "-2024-01-01T00:00:00",
    ],
    Kind.DATE: ["", "today", "2024-02-30", "2023-02-29", "2024-00-10", "31/01/2024"],
    Kind.JSON: [{"a": [10**30]}, 2**63, {"deep": {"er": -(2**63) - 1}}],
}


def wrong_values(column: Column) -> Iterator[Any]:
    """What the column cannot hold."""
    field = column.field
    if not field.null:
        yield None
    yield from OTHER_TYPES[column.kind]
    if isinstance(field, models.ForeignKey):
        yield from ["no such", "", "x" * 300] if column.kind is Kind.TEXT else [0, -1, 2**62, 2**63]
    elif field.choices:
        yield from ["", "no such", field.choices[0][0].upper() + "x", " " + field.choices[0][0]]
    elif column.kind is Kind.INTEGER:
        yield from [2**63, -(2**63) - 1, 10**30]
    elif column.kind is Kind.TEXT:
        if field.max_length:
            yield "x" * (field.max_length + 1)
        if not field.null:
            yield ""
    yield from IMPOSSIBLE.get(column.kind, [])


@each_endpoint
def test_a_wrong_value_is_refused_and_its_column_named(writer: Writer) -> None:
    body = writer.body()
    with writer.nothing_written():
        for column in writable(writer.resource):
            # A PUT is judged by the same rules: the first few show it.
            values = islice(wrong_values(column), None if writer.endpoint.verb == "POST" else 3)
            for value in values:
                content = writer.refused(400, (column.name, value), {**body, column.name: value})
                assert set(content["validation_errors"]) == {column.name}, (column.name, value)


@each_endpoint
def test_everything_that_is_wrong_is_named_at_once(writer: Writer) -> None:
    body = writer.body()
    wrong = {c.name: next(wrong_values(c), 10**30) for c in writable(writer.resource)}
    wrong = {name: value for name, value in wrong.items() if name in body}
    if not wrong:
        pytest.skip("nothing in this table can be changed")
    with writer.nothing_written():
        content = writer.refused(400, wrong, wrong)
        assert set(content["validation_errors"]) == set(wrong)


@each_endpoint
def test_an_unknown_column_is_refused_and_named(writer: Writer) -> None:
    body = writer.body()
    with writer.nothing_written():
        for name in ("no_such", "", "Name", "pk", "__class__", "no\nsuch", "é", "x" * 1_000):
            content = writer.refused(400, name, {**body, name: 1})
            assert set(content["validation_errors"]) == {name}


@each_endpoint
def test_a_column_that_the_system_sets_is_refused_and_named(writer: Writer) -> None:
    body = writer.body()
    with writer.nothing_written():
        for name in (*writer.resource.read_only, *writer.resource.secret):
            content = writer.refused(400, name, {**body, name: None})
            assert set(content["validation_errors"]) == {name}


@each_endpoint
def test_meta_columns_are_ignored_whatever_they_hold(writer: Writer) -> None:
    meta = {"created_at": "2000-01-01T00:00:00", "created_by": {"a": []}, "modified_at": None}
    answer = writer.send(writer.body() | meta)
    assert answer.status_code in (200, 201), answer.content
    record = answer.json()
    assert not record["created_at"].startswith("2000")
    assert record["created_by"] in ("system@example.com", None)


def test_a_put_of_meta_columns_alone_changes_nothing(api: Api) -> None:
    row = make(registry.at("product_types").model)
    writer = Writer(Endpoint("PUT", registry.at("product_types")), api)
    before = stored(writer.table)
    answer = api.as_("system").put(f"/v1/product_types/{row.pk}", {"modified_by": "somebody"})
    assert answer.status_code == 200
    assert stored(writer.table) == before


# --- text that means something elsewhere ---------------------------------------------------------

# Each means something to one reader of text or another: SQL, InfluxQL, HTML, a template, a shell, a
# path, a header, a terminal; and a spreadsheet, which looks at the first character.
INJECTIONS = [
    '\'; DROP TABLE product; -- " OR ""=" UNION SELECT key FROM subscriber',
    '=HYPERLINK("http://example.com";"x")',
    "<script>alert(1)</script><img src=x onerror='alert(1)'>&amp;",
    "{{ 7*7 }}{% debug %}${7*7}%(name)s%s%n`id`$(id)",
    "../../../../etc/passwd\\..\\windows",
    "a\r\nSet-Cookie: b=c\x7f\x1b[31m",
    "\u202egnp.exe e\u0301 \u200b \ufeff \U0001f600",
]


@pytest.mark.parametrize(
    "endpoint",
    [e for e in ENDPOINTS if e.verb == "PUT" or "PUT" not in e.resource.levels],
    ids=str,
)
def test_an_injection_is_text_or_refused(writer: Writer) -> None:
    texts = {
        column.name: column.field.max_length
        for column in writable(writer.resource)
        if column.kind is Kind.TEXT and not (column.field.is_relation or column.field.choices)
    }
    body = writer.body()
    texts = {name: length for name, length in texts.items() if name in body}
    for injection in INJECTIONS:
        sent = {name: injection[:length] for name, length in texts.items()}
        answer = writer.send(body | sent)
        if answer.status_code == 400:
            # Text of a form, such as digits, is refused by name.
            assert answer.json()["validation_errors"].keys() <= texts.keys(), answer.content
        else:
            assert answer.status_code in (200, 201), answer.content
            record = answer.json()
            assert {name: record[name] for name in sent} == sent


# --- what refers to something else ---------------------------------------------------------------


@each_post
def test_nothing_and_something_out_of_scope_are_refused_alike(writer: Writer, api: Api) -> None:
    body = writer.body()
    outsider = api.as_("outsider")
    for column in writable(writer.resource):
        target = registry.of(column.field.related_model) if column.field.is_relation else None
        if target is None or target.scope.kind is ScopeKind.PUBLIC:
            continue
        hidden, missing = make(target.model), make(target.model)
        key = missing.pk
        missing.delete()
        with writer.nothing_written():
            one = outsider.post(writer.path, body | {column.name: hidden.pk})
            other = outsider.post(writer.path, body | {column.name: key})
        assert (one.status_code, other.status_code) == (400, 400)
        assert one.content == other.content
        assert column.name in one.json()["validation_errors"]


# --- what is there already -----------------------------------------------------------------------


def unique_sets(model: type[models.Model]) -> list[set[str]]:
    """The columns that may hold the same values together only once."""
    found = [{f.column} for f in model._meta.concrete_fields if f.unique and not f.auto_created]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            found.append({model._meta.get_field(name).column for name in constraint.fields})
    return found


@each_post
@pytest.mark.parametrize("raced", [False, True], ids=["seen before", "at the same moment"])
def test_a_duplicate_is_refused_and_its_columns_named(
    writer: Writer,
    raced: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second time the check looks too early, and the database has the last word."""
    body = writer.body()
    assert writer.send(body).status_code == 201
    if raced:
        monkeypatch.setattr("apps.core.writing._validate", lambda *args: None)
    keyed = [columns for columns in unique_sets(writer.resource.model) if columns <= body.keys()]
    if not any(all(body[name] is not None for name in columns) for columns in keyed):
        assert writer.send(body).status_code == 201
        return
    with writer.nothing_written():
        content = writer.refused(400, "a duplicate", body)
    named = set(content["validation_errors"])
    assert any(columns <= named or columns & named for columns in keyed)


def test_a_row_is_refused_whole(api: Api) -> None:
    """One wrong column among many right ones, and nothing of it is stored."""
    writer = Writer(Endpoint("PUT", registry.at("products")), api)
    body = {"assembler": "Ann", "capacity_limit": "1" * 13}
    with writer.nothing_written():
        content = writer.refused(400, "a limit that is too long", body)
    assert set(content["validation_errors"]) == {"capacity_limit"}
