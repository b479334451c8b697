"""Open alerts: how they are counted, coloured and ordered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.alerts.models import Alert
from apps.core.callers import Caller
from apps.core.panels import Tone
from apps.core.resources import registry
from apps.core.scope import restrict

# Severities in order; alert types may carry others, which stand last.
SEVERITIES: Mapping[str, tuple[Any, Tone]] = {
    "high": (_("High"), "bad"),
    "medium": (_("Medium"), "warn"),
    "low": (_("Low"), "info"),
}


def open_alerts(caller: Caller) -> QuerySet[Alert]:
    """The alerts that nobody has dismissed, within the caller's scope."""
    rows = Alert.objects.filter(dismissed_at__isnull=True)
    return restrict(rows, caller, registry.named("alert").scope)


def tone_of(severity: str | None) -> Tone:
    """How an alert of that severity is coloured."""
    return SEVERITIES.get(severity or "", ("", ""))[1]


def counts_by_severity(caller: Caller) -> dict[str, int]:
    """Open alerts by severity, "" where the type has none: one query."""
    rows = open_alerts(caller).values_list("alert_type__severity").annotate(n=Count("pk"))
    counts: dict[str, int] = {}
    for severity, count in rows.order_by():
        counts[severity or ""] = counts.get(severity or "", 0) + count
    return counts
