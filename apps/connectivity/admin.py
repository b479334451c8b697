"""The page of a connection: what matters first, the cells in one table."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.connectivity.models import Connection
from apps.core.admin import ResourceAdmin

_CELLS = range(1, 8)
_CELL_COLUMNS = ("lac", "cid", "signal", "mcc", "mnc")


@admin.register(Connection)
class ConnectionAdmin(ResourceAdmin):
    """Connections, newest first."""

    ordering = ("-pk",)
    readonly_fields = ("cells", "place")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        meta = ("created_at", "created_by", "modified_at", "modified_by")
        return [
            (None, {"fields": ("product", "date", "place", "location_failed_flag")}),
            (lazy("Network"), {"fields": ("mcc", "mnc", "cells", "frequency", "timing_advance")}),
            (
                lazy("Kept by the system"),
                {"fields": ("connection_id", "country_code", *meta), "classes": ("collapse",)},
            ),
        ]

    @admin.display(description=lazy("place"))
    def place(self, row: Connection) -> str:
        if not (row.latitude and row.longitude):
            return row.address or "–"
        point = f"{row.latitude}, {row.longitude}"
        if row.error_radius:
            point += f" (± {row.error_radius} m)"
        return f"{row.address} · {point}" if row.address else point

    @admin.display(description=lazy("cells"))
    def cells(self, row: Connection) -> Any:
        """The cells the unit saw, strongest first as it sent them; cell 1 served it."""
        seen = [
            (number, *(getattr(row, f"cell_{number}_{column}") for column in _CELL_COLUMNS))
            for number in _CELLS
        ]
        lines = [cell for cell in seen if any(value is not None for value in cell[1:])]
        if not lines:
            return "–"
        shown = [tuple("–" if value is None else value for value in line) for line in lines]
        body = format_html_join(
            "", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", shown
        )
        return format_html(
            '<table class="so-table"><thead><tr><th>#</th><th>LAC</th><th>{}</th><th>{}</th>'
            "<th>MCC</th><th>MNC</th></tr></thead><tbody>{}</tbody></table>",
            _("Cell ID"),
            _("Signal"),
            body,
        )
