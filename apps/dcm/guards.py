"""The ledger's rows are kept by the database itself, whoever asks it to change them.

A row of `payment_command` may only be acknowledged (pending → acknowledged) and become void, once
each, and nothing else of it changes but who did that and when; a void row is final. What a reset
gave back, what a unit had left, what it said too late and why a command was given never change.
None of them is deleted.

Only `manage.py flush`, which empties the whole database, opens the guards, for its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.migrations.operations.base import Operation

LEDGER: Final = "payment_command"
# Guarded table -> the columns whose values are taken once and for all.
TABLES: Final = {
    LEDGER: ("payment_command_id", "transaction_id"),
    "final_balance": ("final_balance_id", "zero_command_id"),
    "force_reset": ("command_id",),
    "late_receipt": ("command_id",),
    "payment_reason": ("command_id",),
}
_FIXED = (
    *("payment_command_id", "product_imei", "value", "category", "transaction_id"),
    *("created_at", "created_by"),
)
_REFUSED = "a payment command is acknowledged and voided, once each, and never changed otherwise"

_POSTGRESQL_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION ledger_kept() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is kept for good', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE FUNCTION ledger_transition() RETURNS trigger AS $$
BEGIN
    IF OLD.void
        OR ({", ".join(f"NEW.{name}" for name in _FIXED)})
            IS DISTINCT FROM ({", ".join(f"OLD.{name}" for name in _FIXED)})
        OR (NEW.status = OLD.status AND NEW.void = OLD.void)
        OR NOT (NEW.status = OLD.status
                OR (OLD.status = 'pending' AND NEW.status = 'acknowledged'))
    THEN
        RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
"""


def _postgresql(table: str) -> list[str]:
    function = "ledger_transition" if table == LEDGER else "ledger_kept"
    return [
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION ledger_kept()",
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_kept()",
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]


def _sqlite(table: str) -> list[str]:
    unchanged = f" WHEN {_CHANGED}" if table == LEDGER else ""
    refused = _REFUSED if table == LEDGER else f"a row of {table} is kept for good"
    return [
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'a row of {table} is kept for good'); END",
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}{unchanged}"
        f" BEGIN SELECT RAISE(ABORT, '{refused}'); END",
        *(_not_replaced(table, column) for column in TABLES[table]),
    ]


def _not_replaced(table: str, column: str) -> str:
    """INSERT OR REPLACE deletes what is in its way, without a trigger of deletions.

    The refusal is in SQLite's own words for a value that is taken, which are told from others.
    """
    return (
        f"CREATE TRIGGER {table}_{column}_taken BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} kept WHERE kept.{column} = NEW.{column})"
        f" BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}.{column}'); END"
    )


_CHANGED = " OR ".join(
    (
        "OLD.void",
        *(f"NEW.{name} IS NOT OLD.{name}" for name in _FIXED),
        "(NEW.status IS OLD.status AND NEW.void IS OLD.void)",
        "NOT (NEW.status IS OLD.status"
        " OR (OLD.status = 'pending' AND NEW.status = 'acknowledged'))",
    )
)


def _names(table: str) -> list[str]:
    taken = (f"{table}_{column}_taken" for column in TABLES[table])
    return [f"{table}_kept", f"{table}_not_emptied", f"{table}_unchanged", *taken]


def close_ledger(connection: Any, tables: Iterable[str] = TABLES) -> None:
    """Put the guards up: from here on the database refuses what the ledger forbids."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute(_POSTGRESQL_FUNCTIONS)
        for table in tables:
            for statement in _postgresql(table) if postgresql else _sqlite(table):
                cursor.execute(statement)


def open_ledger(connection: Any) -> None:
    """Take the guards down, in a transaction that puts them up again or leaves no ledger."""
    with connection.cursor() as cursor:
        for table in TABLES:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for name in _names(table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


class GuardLedger(Operation):
    """Migration operation: from here on the database guards the ledger, as far as it is there."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        there = {model.options.get("db_table") for model in to_state.models.values()}
        open_ledger(schema_editor.connection)
        close_ledger(schema_editor.connection, [table for table in TABLES if table in there])

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        open_ledger(schema_editor.connection)

    def describe(self) -> str:
        return "Guard the rows of the ledger"

    @property
    def migration_name_fragment(self) -> str:
        return "guard_ledger"


class KeepLedgerGuarded(GuardLedger):
    """The same in a later migration, whichever way it is run.

    One that adds a table of the ledger ends with it; one that alters such a table begins with it
    too: SQLite alters a table by making another, which has no triggers.
    """

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)
