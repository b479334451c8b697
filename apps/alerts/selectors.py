"""Reads over alerts, for others too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

# Read with every page of units at a glance, where building a queryset costs more than its rows.
_OPEN = (
    "SELECT a.product_imei, y.name FROM alert a JOIN alert_type y"
    " ON y.alert_type_id = a.alert_type_id"
    " WHERE a.dismissed_at IS NULL AND a.product_imei IN ({imeis}) ORDER BY a.alert_id"
)


def open_alert_names(imeis: Sequence[str]) -> dict[str, list[str]]:
    """The names of the types of the open alerts of each unit that has any, oldest first."""
    found: dict[str, list[str]] = defaultdict(list)
    if not imeis:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(imeis=", ".join(["%s"] * len(imeis))), imeis)
        for imei, name in cursor.fetchall():
            found[imei].append(name)
    return dict(found)
