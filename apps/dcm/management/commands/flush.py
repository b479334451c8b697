"""`manage.py flush`: Django's own, which empties the database, the guarded ledger included."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections, transaction

from apps.dcm.guards import close_ledger, open_ledger


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        """Take the ledger's guards down for the flush alone: all of it commits, or none."""
        connection = connections[options["database"]]
        with transaction.atomic(using=connection.alias):
            open_ledger(connection)
            super().handle(**options)
            close_ledger(connection)
