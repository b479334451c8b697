"""Whoever tries: a row of the ledger is acknowledged and voided, and never changed otherwise."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState

from apps.dcm.guards import TABLES, GuardLedger, KeepLedgerGuarded
from apps.dcm.models import FinalBalance, ForceReset, LateReceipt, PaymentCommand
from apps.products.models import Product
from tests.dcm.ledger import GUARDED, Ledger, fingerprint
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], Any]) -> None:
    """The database refuses it, and all is as before."""
    before = fingerprint()
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    assert fingerprint() == before


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_table_of_the_ledger_is_guarded() -> None:
    assert set(GUARDED) == set(TABLES)


# --- deletion ------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_deleted(full: Ledger, table: str) -> None:
    model = GUARDED[table]
    row = model._base_manager.first()
    refused(lambda: model._base_manager.filter(pk=row.pk)._raw_delete("default"))
    refused(lambda: run(f"DELETE FROM {table}"))
    refused(lambda: run(f"DELETE FROM {table} WHERE 1 = 1"))


def test_no_row_is_deleted_through_its_model(full: Ledger) -> None:
    waiting = PaymentCommand.objects.get(transaction_id="waiting")
    refused(lambda: waiting.delete())
    refused(lambda: PaymentCommand.objects.filter(pk=waiting.pk).delete())
    refused(lambda: FinalBalance.objects.all().delete())
    refused(lambda: LateReceipt.objects.all().delete())
    refused(lambda: ForceReset.objects.all().delete())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(full: Ledger, table: str) -> None:
    connection.check_constraints()
    refused(lambda: run(f"TRUNCATE {table} CASCADE"))


def test_a_unit_with_credit_is_not_deleted(api: Any, full: Ledger) -> None:
    answer = api.as_("system").delete(f"/v1/products/{full.imei}")
    assert answer.status_code == 400
    assert Product.objects.filter(pk=full.imei).exists()


# --- change --------------------------------------------------------------------------------------

COLUMNS = {
    "payment_command_id": "payment_command_id + 1000",
    "product_imei": "(SELECT MIN(product_imei) FROM product)",
    "value": "value + 1",
    "category": "'force-reset'",
    "transaction_id": "transaction_id || 'x'",
    "created_at": "'2020-01-01 00:00:00+00'",
    "created_by": "'somebody else'",
    "modified_at": "'2020-01-01 00:00:00+00'",
    "modified_by": "'somebody else'",
}


def test_every_column_is_tried() -> None:
    columns = {field.column for field in PaymentCommand._meta.concrete_fields}
    assert columns == {*COLUMNS, "void", "status"}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("transition", ["", ", status = 'acknowledged'", ", void = true"])
def test_no_column_of_a_command_changes(full: Ledger, column: str, transition: str) -> None:
    if column.startswith("modified") and transition:
        pytest.skip("a transition says who made it and when")
    other = PaymentCommand.objects.get(transaction_id="waiting")
    value = COLUMNS[column]
    if column == "product_imei":
        value = f"'{ProductFactory.create().pk}'"
    where = f"WHERE payment_command_id = {other.pk}"
    refused(lambda: run(f"UPDATE payment_command SET {column} = {value}{transition} {where}"))


@pytest.mark.parametrize(
    ("transaction_id", "change"),
    [
        ("booked", "status = 'pending'"),
        ("booked", "status = NULL"),
        ("booked", "status = 'other'"),
        ("booked", "status = 'pending', void = true"),
        ("waiting", "status = 'other'"),
        ("waiting", "status = NULL"),
        ("waiting", "void = false"),
        ("late", "void = false"),
        ("late", "status = 'acknowledged'"),
        ("late", "modified_by = 'x'"),
    ],
)
def test_no_command_goes_back(full: Ledger, transaction_id: str, change: str) -> None:
    refused(
        lambda: run(
            f"UPDATE payment_command SET {change} WHERE transaction_id = '{transaction_id}'"
        )
    )


@pytest.mark.parametrize("table", [table for table in TABLES if table != "payment_command"])
def test_what_was_given_back_never_changes(full: Ledger, table: str) -> None:
    for field in GUARDED[table]._meta.concrete_fields:
        refused(lambda column=field.column: run(f"UPDATE {table} SET {column} = {column}"))


def test_no_model_changes_a_row(full: Ledger) -> None:
    row = PaymentCommand.objects.get(transaction_id="waiting")
    row.value = 10_000
    refused(lambda: row.save())
    refused(lambda: PaymentCommand.objects.filter(pk=row.pk).update(value=10_000))
    refused(lambda: PaymentCommand.objects.bulk_update([row], ["value"]))
    final = FinalBalance.objects.get()
    final.final_balance = 10_000
    refused(lambda: final.save())


def test_no_row_is_replaced(full: Ledger) -> None:
    """In one statement, which deletes and inserts."""
    for table in TABLES:
        names = ", ".join(field.column for field in GUARDED[table]._meta.concrete_fields)
        key = TABLES[table][0]
        select = f"SELECT {names} FROM {table}"
        if connection.vendor == "sqlite":
            refused(lambda t=table, n=names, s=select: run(f"INSERT OR REPLACE INTO {t} ({n}) {s}"))
        else:
            upsert = f"ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key}"
            refused(
                lambda t=table, n=names, s=select, u=upsert: run(f"INSERT INTO {t} ({n}) {s} {u}")
            )


def test_the_two_transitions_are_open(full: Ledger) -> None:
    where = "WHERE transaction_id = 'waiting'"
    run(f"UPDATE payment_command SET status = 'acknowledged', modified_by = 'unit' {where}")
    run(f"UPDATE payment_command SET void = true, modified_by = 'staff' {where}")
    row = PaymentCommand.objects.get(transaction_id="waiting")
    assert (row.status, row.void, row.modified_by) == ("acknowledged", True, "staff")


# --- flush ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_database_and_puts_the_guards_up_again(full: Ledger) -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert not any(model._base_manager.exists() for model in GUARDED.values())
    names = {name for name in triggers() if name.startswith(tuple(TABLES))}
    assert len([name for name in names if name.endswith(("_kept", "_unchanged"))]) == 2 * len(
        TABLES
    )


def test_migrations_leave_the_guards_up_whichever_way_they_are_run(full: Ledger) -> None:
    before = triggers()
    state = ProjectState.from_apps(apps)
    editor = SimpleNamespace(connection=connection)
    for run_it in (KeepLedgerGuarded().database_forwards, KeepLedgerGuarded().database_backwards):
        run_it("dcm", editor, state, state)
        assert triggers() == before
    # Before the table of reasons was there, the others were guarded.
    state.remove_model("dcm", "paymentreason")
    GuardLedger().database_forwards("dcm", editor, state, state)
    assert triggers() == {name for name in before if not name.startswith("payment_reason")}


def triggers() -> set[str]:
    sql = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def test_fingerprints_see_a_change(full: Ledger) -> None:
    before = fingerprint()
    full.pay(1)
    assert fingerprint() != before
