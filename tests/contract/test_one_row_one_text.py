"""A record reads the same wherever it is read: the reader and the serializer agree to the byte."""

from __future__ import annotations

import json

import orjson
import pytest

from apps.accounts.models import User
from apps.core.callers import Caller
from apps.core.levels import Level
from apps.core.reader import list_bytes, row_bytes
from apps.core.resources import Resource, registry
from apps.core.tables import table_for
from tests.contract.rows import body_of, fill, make, new_body, representation
from tests.personas import Api

pytestmark = pytest.mark.django_db

each_resource = pytest.mark.parametrize("resource", list(registry), ids=lambda r: r.path)
SYSTEM = Caller(user_id=1, username="system@example.com", level=Level.SYSTEM, entity_id=None)


@each_resource
def test_a_full_row_and_a_sparse_one_read_as_the_serializer_writes_them(resource: Resource) -> None:
    table = table_for(resource)
    full, sparse = make(resource.model), make(resource.model)
    fill(full)
    for row in (full, sparse):
        expected = orjson.dumps(representation(resource, row))
        assert row_bytes(table, SYSTEM, str(row.pk)) == expected
        page = list_bytes(table, SYSTEM, {table.key.name: str(row.pk)})
        assert page == b'{"num_results":1,"objects":[%s],"page":1,"total_pages":1}' % expected


def writes(verb: str) -> list[Resource]:
    return [resource for resource in registry if verb in resource.levels]


@pytest.mark.parametrize("resource", writes("POST"), ids=lambda r: r.path)
def test_the_answer_to_a_post_is_what_is_read_later(resource: Resource, api: Api) -> None:
    body = new_body(resource)
    session = api.as_("system")
    answer = session.post(f"/v1/{resource.path}", body)
    assert answer.status_code == 201, answer.content
    record = answer.json()
    assert {name: record[name] for name in body} == body
    assert record["created_by"] == "system@example.com"
    assert (record["modified_at"], record.get("modified_by")) == (None, None)
    key = record[table_for(resource).key.name]
    assert session.get(f"/v1/{resource.path}/{key}").content == answer.content


@pytest.mark.parametrize("resource", writes("PUT"), ids=lambda r: r.path)
def test_the_answer_to_a_put_is_what_is_read_later(resource: Resource, api: Api) -> None:
    row = make(resource.model)
    body = new_body(resource, key=False)
    session = api.as_("system")
    path = f"/v1/{resource.path}/{row.pk}"
    answer = session.put(path, body)
    assert answer.status_code == 200, answer.content
    record = answer.json()
    assert {name: record[name] for name in body} == body
    assert session.get(path).content == answer.content
    if "modified_by" in record:
        assert record["modified_by"] == ("system@example.com" if body else None)


@pytest.mark.parametrize("resource", writes("PUT"), ids=lambda r: r.path)
def test_a_put_changes_the_columns_given_and_no_other(resource: Resource, api: Api) -> None:
    row = make(resource.model)
    before = representation(resource, row)
    meta = {"modified_at", "modified_by"}
    for name, value in new_body(resource, key=False).items():
        answer = api.as_("system").put(f"/v1/{resource.path}/{row.pk}", {name: value})
        assert answer.status_code in (200, 400), (name, answer.content)
        if answer.status_code == 400:
            # A constraint ties the column to another one.
            assert name in json.loads(answer.content)["validation_errors"]
            continue
        after = answer.json()
        changed = {n for n in after if after[n] != before[n]}
        assert changed <= {name} | meta, name
        before = after


def test_the_whole_row_can_be_sent_back(api: Api, system: User) -> None:
    """What a client read it may change and send, meta columns and key included."""
    resource = registry.at("product_types")
    row = make(resource.model)
    record = representation(resource, row) | {"name": "Renamed"}
    answer = api.as_("system").put(f"/v1/product_types/{row.pk}", record)
    assert answer.status_code == 200
    assert answer.json()["name"] == "Renamed"
    assert answer.json()["created_at"] == record["created_at"]
    assert body_of(resource, row)["name"] == "Renamed"
