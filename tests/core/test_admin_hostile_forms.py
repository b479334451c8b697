"""Whatever is typed into a form of the back office: taken, or refused beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from apps.accounts.models import User
from apps.products.models import Product
from tests.contract.rows import FACTORIES

# Of JSON, what is well formed and yet nothing a database keeps is worse than what is not.
HOSTILE: dict[str, Any] = {
    "NUL": "a\x00b",
    "no UTF-8": b"\xed\xa0\x80",
    "a lone surrogate": '"\\ud800"',
    "NUL in JSON": '{"\\u0000": ["\\u0000"]}',
    "no number in JSON": "[NaN, 1e999]",
    "beyond 64 bits": f"{2**63}",
    "below 64 bits": f"{-(2**63) - 1}",
    "5,000 digits": "9" * 5_000,
    "nested too deep": "[" * 100_000,
    "no such day": "2024-02-30",
    "the last moment": "9999-12-31 23:59:59",
    "an endless time": "999999999999 00:00:00",
    "formatting": "%s {0.__class__} {{ x }} <b>",
    "300 kB": "x" * 300_000,
}
# A unit's page is its story; its columns are changed on a page of their own.
CHANGED_AT: dict[type[models.Model], str] = {Product: "edit"}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def each(found: list[Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("model", found, ids=lambda model: model._meta.label)


@pytest.fixture
def client(system: User) -> Client:
    session = Client()
    session.force_login(system)
    return session


def a_row(model: Any) -> Any:
    """A row of the table; None where people write none."""
    if model is IntervalSchedule:
        return model.objects.create(every=3, period="seconds")
    if model is CrontabSchedule:
        return model.objects.create()
    if model is PeriodicTask:
        every = a_row(IntervalSchedule)
        return model.objects.create(name="tidy", task="apps.tidy", interval=every)
    return FACTORIES[model].create() if model in FACTORIES else None


def address(model: type[models.Model], page: str, *args: Any) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def forms_of(model: type[models.Model], user: User) -> Iterator[tuple[str, Any, Any]]:
    """Address, form and the row it is about, of what the user can fill in of a table."""
    request = RequestFactory().get("/")
    request.user = user
    page = admin.site.get_model_admin(model)
    row = a_row(model)
    if page.has_add_permission(request):
        yield address(model, "add"), page.get_form(request), row
    elif row is not None and page.has_change_permission(request, row):
        yield (
            address(model, CHANGED_AT.get(model, "change"), row.pk),
            page.get_form(request, row, change=True),
            row,
        )


def sent(form: forms.BaseForm) -> dict[str, Any]:
    """What a browser would send of a form that nobody touched."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = field.prepare_value(form.get_initial_for_field(field, name))
        if isinstance(field, forms.MultiValueField):
            parts = field.widget.decompress(value)
            found |= {f"{name}_{n}": "" if v is None else v for n, v in enumerate(parts)}
        elif value is not None and value is not False:
            found[name] = value
        elif not isinstance(field, forms.BooleanField):
            found[name] = ""
    return found


def accepted(form_class: Any, row: Any, good: dict[str, Any]) -> dict[str, list[Any]]:
    """By field, which of the hostile values it takes; all are shown again as they were typed."""
    found: dict[str, list[Any]] = {name: [good[name]] for name in good}
    for value in HOSTILE.values():
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        form = form_class(dict.fromkeys(good, text), instance=row)
        errors = form.errors
        for name in form.fields:
            if name not in errors and name in good:
                found[name].append(value)
            str(form[name])
    return found


def post(client: Client, page: str, values: dict[str, Any]) -> int:
    """What the page answers; what it wrote is undone."""
    with transaction.atomic():
        status = client.post(page, values).status_code
        transaction.set_rollback(True)
    return status


@each(MODELS)
def test_a_form_takes_what_is_typed_or_says_what_is_wrong(
    model: type[models.Model], client: Client, system: User
) -> None:
    for page, form_class, row in forms_of(model, system):
        good = sent(form_class(instance=row))
        values = accepted(form_class, row, good)
        wrong = {name: "\x00" if place % 2 else "[" * 5_000 for place, name in enumerate(good)}
        assert post(client, page, wrong) in (200, 302), page
        for turn in range(1, 4):
            typed = {
                name: found[(place + turn) % len(found)]
                for place, (name, found) in enumerate(values.items())
            }
            assert post(client, page, typed) in (200, 302), (page, typed)


JSON_FORMS = [
    model
    for model in MODELS
    if any(isinstance(field, models.JSONField) for field in model._meta.concrete_fields)
    and model._meta.app_label not in ("auditlog", "axes")
]


@pytest.mark.parametrize(
    "typed",
    [
        '"\\ud800"',
        '{"\\u0000": 1}',
        "[NaN]",
        "[1e999]",
        f"[{2**63}]",
        '{"a": 1, "a": 2}',
        "[" * 999,
    ],
)
@each(JSON_FORMS)
def test_json_that_cannot_be_kept_is_refused_and_shown_again(
    model: type[models.Model], system: User, typed: str
) -> None:
    for page, form_class, _row in forms_of(model, system):
        fields = form_class.base_fields.items()
        for name in [name for name, field in fields if isinstance(field, forms.JSONField)]:
            form = form_class({name: typed})
            assert form.errors[name], (page, name)
            assert form[name].value() == typed


@pytest.mark.parametrize(
    ("field", "typed"),
    [("task", "a\x00b"), ("task", ""), ("args", "{}"), ("args", "[" * 9_999), ("kwargs", "[]")],
)
def test_a_periodic_task_that_could_not_run_is_refused(
    client: Client, field: str, typed: str
) -> None:
    page = address(PeriodicTask, "add")
    every = a_row(IntervalSchedule)
    good = {
        "name": "tidy",
        "task": "apps.tidy",
        "args": "[1]",
        "kwargs": "{}",
        "interval": every.pk,
    }
    answer = client.post(page, {**good, field: typed})
    assert field in answer.context["adminform"].form.errors
    assert not PeriodicTask.objects.exists()
    assert client.post(page, good).status_code == 302
