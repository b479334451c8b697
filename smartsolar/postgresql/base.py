"""The database backend settings name for PostgreSQL. Django loads `DatabaseWrapper` from here."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose health is told from its socket, and that remembers what it has prepared.

    `prepared` holds the names of the statements prepared on the connection (`apps.core.prepared`);
    it is None where a pooler may hand each transaction another one. Such a pooler is announced as
    Django wants it: `disable_server_side_cursors` in DATABASE_URL.
    """

    prepared: set[str] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        pooled = self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        self.prepared = None if pooled else set()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether the server still holds its end, without asking it.

        Django asks with SELECT 1 before the first query of each request. A server that ends a
        connection closes the socket, which makes it readable; an idle one that lives is silent.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        if connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            return False
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        return not poll.poll(0)
