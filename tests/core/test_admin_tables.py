"""Every table in the back office: its pages open, show no secret and keep to level and scope."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core.levels import Level
from apps.core.resources import Resource, registry
from apps.core.scope import PUBLIC, ScopeKind
from tests import factories

RESOURCES = [resource for resource in registry if registry.of(resource.model) is resource]
FACTORIES = {
    factory._meta.model: factory
    for name, factory in vars(factories).items()
    if name.endswith("Factory") and hasattr(factory, "_meta")
}
SECRET = "5ecre7" * 4


def each(found: list[Resource]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("resource", found, ids=lambda resource: resource.name)


def page(resource: Resource, kind: str, *args: Any) -> str:
    meta = resource.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{kind}", args=args)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(answer: Any) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode()


@each(RESOURCES)
def test_every_page_of_a_table_opens(resource: Resource, system: User) -> None:
    row = FACTORIES[resource.model].create()
    client = signed_in(system)
    for url in (
        page(resource, "change", row.pk),
        page(resource, "history", row.pk),
        page(resource, "export"),
    ):
        assert client.get(url).status_code == 200, url


@each(RESOURCES)
def test_a_list_leads_to_its_rows_and_asks_as_often_whatever_their_number(
    resource: Resource, system: User
) -> None:
    client = signed_in(system)
    url = page(resource, "changelist")
    row = FACTORIES[resource.model].create()
    with CaptureQueriesContext(connection) as few:
        shown = body(client.get(url))
    assert f'href="{page(resource, "change", row.pk)}' in shown
    for _more in range(3):
        FACTORIES[resource.model].create()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few)


@each([r for r in RESOURCES if r.secret])
def test_a_secret_column_is_shown_to_nobody(resource: Resource, system: User) -> None:
    texts = [
        f
        for f in resource.model._meta.concrete_fields
        if f.column in resource.secret and isinstance(f, models.CharField | models.TextField)
    ]
    row = FACTORIES[resource.model].create()
    secrets = {f.name: SECRET[: getattr(f, "max_length", None) or 24] for f in texts}
    resource.model.objects.filter(pk=row.pk).update(**secrets)
    client = signed_in(system)
    for url in (
        page(resource, "changelist"),
        page(resource, "change", row.pk),
        page(resource, "export"),
    ):
        shown = body(client.get(url))
        assert all(secret not in shown for secret in secrets.values())
    for name in secrets:
        asked = client.get(page(resource, "changelist"), {f"{name}__startswith": "5"})
        assert asked.status_code == 400


LEDGER = {"payment_command", "final_balance"}


@each([r for r in RESOURCES if r.scope.kind is not ScopeKind.PUBLIC])
def test_a_row_of_another_entity_is_a_row_that_is_not_there(
    resource: Resource, outsider: User
) -> None:
    row = FACTORIES[resource.model].create()
    client = signed_in(outsider)
    assert client.get(page(resource, "changelist")).context["cl"].result_count == _own(resource)
    assert len(body(client.get(page(resource, "export"))).splitlines()) == 1 + _own(resource)
    there = client.get(page(resource, "change", row.pk))
    row_key = row.pk
    if resource.name in LEDGER:
        row_key += 1  # nobody deletes a row of the ledger: one that never was
    else:
        _delete(row)
    gone = client.get(page(resource, "change", row_key))
    assert there.status_code == gone.status_code == 404
    assert there.content == gone.content


def _own(resource: Resource) -> int:
    """Rows an outsider has by being one: the entity itself."""
    return 1 if resource.name == "entity" else 0


def _delete(row: models.Model) -> None:
    """Take a row away without asking what refers to it."""
    quote = connection.ops.quote_name
    meta = row._meta
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        cursor.execute(
            f"DELETE FROM {quote(meta.db_table)} WHERE {quote(meta.pk.column)} = %s", [row.pk]
        )


@each(RESOURCES)
def test_levels_are_those_of_the_api(resource: Resource, overview: User) -> None:
    row = FACTORIES[resource.model].create()
    client = signed_in(overview)
    sees = (resource.admin_level or resource.levels.get("GET") or Level.OVERVIEW) <= Level.OVERVIEW
    assert client.get(page(resource, "changelist")).status_code == (200 if sees else 403)
    before = resource.model.objects.count()
    for url in (page(resource, "add"), page(resource, "delete", row.pk)):
        assert client.post(url, {"post": "yes"}).status_code == 403
    assert resource.model.objects.count() == before


@each(RESOURCES)
def test_columns_that_only_services_write_are_not_in_the_form(
    resource: Resource, system: User
) -> None:
    row = FACTORIES[resource.model].create()
    model_admin = admin.site.get_model_admin(resource.model)
    request = signed_in(system).get(page(resource, "changelist")).wsgi_request
    request.user = system
    form = model_admin.get_form(request, row)
    fixed = {
        f.name
        for f in resource.model._meta.concrete_fields
        if f.column in {*resource.read_only, *resource.secret, "created_by", "modified_by"}
    }
    assert not fixed.intersection(form.base_fields)


@each([r for r in RESOURCES if r.importable])
def test_type_tables_are_imported_by_system_alone(
    resource: Resource, system: User, factory: User
) -> None:
    assert resource.scope is PUBLIC
    assert signed_in(system).get(page(resource, "import")).status_code == 200
    assert signed_in(factory).get(page(resource, "import")).status_code == 403
