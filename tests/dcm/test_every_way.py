"""Every registered way into the program is tried on a full ledger.

Routes are those of the URL resolver, admin actions and buttons those that are registered, managers
and services those that there are: what is added tomorrow is tried as well, or asks for its place
here. Through none of them is a row changed or deleted, but for the two transitions.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.test import Client, RequestFactory

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.core.resources import registry
from apps.core.verbs import verbs
from apps.dcm import services
from apps.dcm.import_files import read_lines
from apps.dcm.models import PaymentCommand
from apps.dcm.services import (
    balances,
    commands,
    imports,
    reasons,
    receipts,
    reconciliation,
    reminders,
    resets,
    standing,
    voiding,
)
from apps.products.models import Product
from tests.dcm.conftest import NOW
from tests.dcm.every_way import attempt, every_route
from tests.dcm.ledger import GUARDED, Ledger, fingerprint
from tests.factories import ProductFactory
from tests.meta.imports import modules

pytestmark = pytest.mark.django_db

VERBS = ("POST", "PUT", "PATCH", "DELETE")
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


# --- routes --------------------------------------------------------------------------------------


def addresses(ledger: Ledger) -> list[str]:
    """Every route, about the unit with the full ledger and about each kind of row in it."""
    verb_names = [verb.name for verb in verbs.all()]
    found = []
    for route in every_route():
        # A list of apps is the one route that is a pattern.
        path = re.sub(r"\^|\$|\(\?P<app_label>[^)]*\)", "", route)
        key = str(key_of(path, ledger))
        for verb in verb_names if "<str:verb>" in path else [""]:
            named = {"imei": ledger.imei, "verb": verb}
            found.append(PLACEHOLDER.sub(partial(_named, named, key), path))
    return found


def _named(named: dict[str, str], key: str, placeholder: re.Match[str]) -> str:
    return named.get(placeholder[1], key)


def key_of(path: str, ledger: Ledger) -> Any:
    """The key of a row of the table that a route is about; the unit's for those about units."""
    for table, model in GUARDED.items():
        named = {table, f"{table}s", f"dcm/{model.__name__.lower()}"}
        if any(f"/{name}/" in path for name in named):
            return model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    return ledger.imei if "/product" in path else 1


def everything_one_may_send(ledger: Ledger) -> dict[str, Any]:
    waiting = PaymentCommand.objects.get(transaction_id="waiting")
    return {
        **{"void": True, "status": "acknowledged", "value": 1, "category": "payment"},
        **{"transaction_id": "waiting", "product_imei": ledger.imei, "balance": 1},
        **{"payment_command_id": waiting.pk, "final_balance": 1, "created_by": "somebody else"},
    }


def test_no_route_of_the_api_changes_a_row(api: Any, full: Ledger) -> None:
    caller = api.as_("system")
    sent = everything_one_may_send(full)
    tried = [path for path in addresses(full) if not path.startswith("/admin/")]
    for path in tried:
        for verb, body in (("POST", {}), *((verb, sent) for verb in VERBS)):
            with attempt():
                answer = caller.request(verb, path, json=body)
            assert answer.status_code < 500, (verb, path)
    assert f"/v1/payment_commands/{PaymentCommand.objects.latest('pk').pk}" in tried
    assert len(tried) > 250


def test_no_page_of_the_back_office_changes_a_row(full: Ledger, system: User) -> None:
    client = Client()
    client.force_login(system)
    sent = {**everything_one_may_send(full), "post": "yes", "confirm": "yes", "sure": "on"}
    sent |= {"days": "1", "reason": "x", "void": "on"}
    tried = [path for path in addresses(full) if path.startswith("/admin/")]
    for path in tried:
        sent["transaction_id"] = f"office-{uuid.uuid4().hex}"
        with attempt():
            answer = client.post(path, sent)
        assert answer.status_code < 500, path
    assert {f"/admin/products/product/{full.imei}/act/{verb.name}/" for verb in verbs.all()} <= {
        *tried
    }


def test_no_action_of_a_list_changes_a_row(full: Ledger, system: User) -> None:
    request = RequestFactory().get("/")
    request.user = system
    client = Client()
    client.force_login(system)
    about = {*GUARDED.values(), Product}
    for model, page in admin.site._registry.items():
        if model not in about:
            continue
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        key = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        for name in {*page.get_actions(request), "delete_selected"}:
            for sent in ({}, {"post": "yes", "apply": "yes"}):
                with attempt():
                    client.post(base, {"action": name, "_selected_action": [key], **sent})


def test_internal_tables_have_no_page_and_no_row_stands_in_the_form_of_another() -> None:
    shown = {PaymentCommand, GUARDED["final_balance"]}
    assert {*GUARDED.values()} & {*admin.site._registry} == shown
    inlines = {one.model for page in admin.site._registry.values() for one in page.inlines}
    assert not inlines & {*GUARDED.values()}
    for model in shown:
        assert not {"POST", "PUT", "PATCH", "DELETE"} & {*registry.of(model).levels}


@pytest.mark.parametrize("change", [{"value": 5}, {"status": "pending"}, {"created_by": "x"}])
def test_a_way_that_only_the_database_closes_is_seen(full: Ledger, change: dict[str, Any]) -> None:
    def change_it() -> None:
        with suppress(IntegrityError), transaction.atomic():
            PaymentCommand.objects.update(**change)

    with pytest.raises(AssertionError, match="UPDATE"), attempt():
        change_it()


# --- managers ------------------------------------------------------------------------------------


def _again(model: type[models.Model]) -> models.Model:
    """A copy of a row, which is not known to come from the database."""
    row = model._base_manager.order_by("-pk").first()
    assert row is not None
    return model(**{field.attname: getattr(row, field.attname) for field in model._meta.fields})


def _column(model: type[models.Model]) -> str:
    return next(f.name for f in reversed(model._meta.fields) if not f.is_relation)


def _stored(model: type[models.Model]) -> Any:
    return model._base_manager.order_by("-pk").first()


# What writes, by its name, and how it is tried on a row that is there.
TRIES: dict[str, Callable[[Any, Any], Any]] = {
    "delete": lambda many, model: many.all().delete(),
    "_raw_delete": lambda many, model: many.all()._raw_delete("default"),
    "update": lambda many, model: many.all().update(**{_column(model): F(_column(model))}),
    "_update": lambda many, model: many.all().update(**{_column(model): F(_column(model))}),
    "bulk_update": lambda many, model: many.bulk_update([_stored(model)], [_column(model)]),
    "update_or_create": lambda many, model: many.update_or_create(
        pk=_stored(model).pk, defaults={_column(model): getattr(_stored(model), _column(model))}
    ),
    "create": lambda many, model: many.create(**_again(model).__dict__ | {"_state": None}),
    "bulk_create": lambda many, model: many.bulk_create(
        [_again(model)],
        update_conflicts=True,
        update_fields=[_column(model)],
        unique_fields=["pk"],
    ),
    "_insert": lambda many, model: many.bulk_create([_again(model)]),
    "add": lambda many, model: many.add(_stored(model)),
    "set": lambda many, model: many.set([_stored(model)]),
    # Of a row itself.
    "save": lambda many, model: _again(model).save(force_update=True),
    "save_base": lambda many, model: _again(model).save_base(force_update=True),
}
# They leave a row that is there as it is.
READS = {"get_or_create"}
ROW_ITSELF = {"save", "save_base", "delete"}


def writing_methods(thing: Any) -> set[str]:
    """Django marks what writes; an async twin calls the one it is named after."""
    names = {
        name
        for name in dir(thing)
        if not name.startswith("__") and getattr(getattr(thing, name, None), "alters_data", False)
    }
    return {name for name in names if not (name.startswith("a") and name[1:] in names)}


@pytest.mark.parametrize("table", GUARDED)
def test_no_manager_of_the_ledger_changes_a_row(full: Ledger, table: str) -> None:
    model = GUARDED[table]
    ways: list[tuple[str, Any]] = [
        (name, manager)
        for manager in {*model._meta.managers, model._base_manager}
        for name in writing_methods(manager.get_queryset()) | writing_methods(manager)
    ]
    ways += [(name, model._base_manager) for name in writing_methods(_stored(model))]
    other = ProductFactory.create()
    for relation in Product._meta.related_objects:
        if relation.related_model is model and relation.get_accessor_name() != "+":
            accessor = getattr(other, str(relation.get_accessor_name()), None)
            # What is there is moved to another unit.
            ways += [(n, accessor) for n in writing_methods(accessor) if n in ("add", "set")]
    assert {"delete", "update", "save", "bulk_create"} <= {name for name, _many in ways}
    before = fingerprint()
    for name, many in ways:
        if name in READS:
            continue
        with pytest.raises((IntegrityError, TypeError)), transaction.atomic():
            TRIES[name](many, model)
        assert fingerprint() == before, name


# --- services ------------------------------------------------------------------------------------


def services_there() -> set[str]:
    found = set()
    for each in pkgutil.iter_modules(services.__path__):
        module = importlib.import_module(f"{services.__name__}.{each.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found.add(f"{each.name}.{name}")
    return found


def _file(ledger: Ledger) -> bytes:
    lines = [f"{name},{ledger.imei},9" for name in ("waiting", "booked", "new")]
    return "\n".join(["transaction_id,imei,seconds", *lines]).encode()


def calls(ledger: Ledger, user: User) -> dict[str, Callable[[], Any]]:
    """How each service is called, with all that it could do harm with."""
    imei, caller = ledger.imei, session_caller(user)
    key = PaymentCommand.objects.get(transaction_id="booked").pk
    names = tuple(PaymentCommand.objects.values_list("transaction_id", flat=True))
    row = imports.preview(raw=_file(ledger), file_name="x.csv", caller=caller)
    lines = read_lines(_file(ledger).decode())
    found = standing.lock_standing(product_imei=imei, transaction_id="x")
    heard = {"product_imei": imei, "made_at": NOW, "at": NOW, "late": False}

    def report() -> None:
        for final in (*((name, 3) for name in names), None):
            said = receipts.CreditReport(**heard, balance=1, acks=names, final_balance=final)
            receipts.take_credit_report(report=said, by="unit")

    def with_cursor(service: Any, **values: Any) -> Callable[[], Any]:
        def call() -> None:
            with connection.cursor() as cursor:
                service(cursor, product_imei=imei, at=NOW, by="x", **values)

        return call

    command = {"product_imei": imei, "category": "payment", "value": 1, "by": "x"}
    written = {k: v for k, v in command.items() if k != "by"}
    return {
        "balances.record_balance": lambda: balances.record_balance(
            product_imei=imei, seconds=1, made_at=NOW, at=NOW, by="x"
        ),
        "balances.zero_balance": with_cursor(balances.zero_balance),
        "balances.zero_older_balance": with_cursor(balances.zero_older_balance, than=NOW),
        "commands.add_payment_command": lambda: commands.add_payment_command(
            **command, transaction_id="waiting"
        ),
        "commands.refusal_of": lambda: commands.refusal_of(found, "payment", 1),
        "commands.repeated": lambda: commands.repeated("waiting"),
        "imports.confirm": lambda: imports.confirm(import_id=row.pk, caller=caller),
        "imports.forget_previews": imports.forget_previews,
        "imports.found_import": lambda: imports.found_import(import_id=row.pk, caller=caller),
        "imports.judge": lambda: list(imports.judge(lines, caller)),
        "imports.left_lying": imports.left_lying,
        "imports.preview": lambda: imports.preview(raw=b"x", file_name="x", caller=caller),
        "imports.results": lambda: list(imports.results(row=row, caller=caller)),
        "imports.sentence": lambda: imports.sentence(DomainError()),
        "imports.work_off": lambda: (
            type(row).objects.update(confirmed_at=NOW),
            imports.work_off(import_id=row.pk),
        ),
        "reasons.keep_reason": lambda: reasons.keep_reason(command_id=key, reason="x"),
        "receipts.take_credit_report": report,
        "reconciliation.compare": lambda: reconciliation.compare(product_imei=imei),
        "reconciliation.reconcile": reconciliation.reconcile,
        "reminders.remind_of_waiting_credit": reminders.remind_of_waiting_credit,
        "resets.force_reset": lambda: resets.force_reset(
            product_imei=imei, transaction_id="another", by="x"
        ),
        "standing.insert_command": lambda: standing.insert_command(
            **written, transaction_id="one more", at=NOW, by="x"
        ),
        "standing.lock_standing": lambda: standing.lock_standing(
            product_imei=imei, transaction_id="waiting"
        ),
        "voiding.void_earlier": with_cursor(voiding.void_earlier, before=2**40),
    }


def test_no_service_changes_a_row_otherwise(full: Ledger, admin: User) -> None:
    ways = calls(full, admin)
    assert services_there() == ways.keys()
    for call in ways.values():
        with attempt(), suppress(DomainError):
            call()


def test_no_module_writes_the_ledger_but_the_services() -> None:
    """SQL that changes a row of the ledger stands in two places, one for each transition."""
    change = re.compile(
        rf"(UPDATE|DELETE FROM|TRUNCATE|INTO) \"?({'|'.join(GUARDED)})\b[^'\"]* SET"
    )
    delete = re.compile(rf"(DELETE FROM|TRUNCATE) \"?({'|'.join(GUARDED)})\b")
    writing = {
        name
        for name, path in modules()
        for text in [path.read_text(encoding="utf-8")]
        if change.search(text) or delete.search(text)
    }
    assert writing == {"apps.dcm.services.receipts", "apps.dcm.services.voiding"}
