"""Connections, the cells in one table; text messages, with what became of each and its cost."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from unfold.contrib.filters.admin import DropdownFilter

from apps.connectivity.cell_pages import CellNetworkPage
from apps.connectivity.models import Connection, SmsDispatch, SmsHistory
from apps.connectivity.sms.progress import (
    CONDITIONS,
    PROGRESS,
    TRIGGERS,
    WORDS,
    price,
    progress_of,
)
from apps.core.admin import ResourceAdmin
from apps.core.adminpages.columns import link_to
from apps.core.adminpages.filters import filter_for
from apps.core.templatetags.wording import moment

__all__ = ["CellNetworkPage", "ConnectionAdmin", "SmsHistoryAdmin"]

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


class ProgressFilter(DropdownFilter):
    """How far messages got."""

    title = lazy("what became of it")
    parameter_name = PROGRESS

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key.value, words.label) for key, words in WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        condition = {key.value: found for key, found in CONDITIONS.items()}.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


class TriggerFilter(DropdownFilter):
    """Why messages were sent."""

    title = lazy("trigger")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(TRIGGERS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(trigger=self.value()) if self.value() in TRIGGERS else queryset


@admin.register(SmsHistory)
class SmsHistoryAdmin(ResourceAdmin):
    """Text messages, newest first: what became of each, and what it cost."""

    list_display = ("sent", "unit", "progress", "why", "attempted_retries", "cost", "created_by")
    extra_listed = ("sent", "unit", "progress", "why", "cost")
    list_filter = (ProgressFilter, TriggerFilter, filter_for(SmsHistory, "sent_time"))
    ordering = ("-sent_time", "-pk")
    readonly_fields = ("progress", "cost", "handed_over", "next_attempt", "gateway", "last_error")

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        return ["product", "dispatch"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None or _dispatch(obj) is None:
            return sets
        return [(lazy("Sending"), {"fields": self.readonly_fields}), *sets]

    @admin.display(description=lazy("sent"), ordering="sent_time")
    def sent(self, sms: SmsHistory) -> Any:
        return moment(sms.sent_time)

    @admin.display(description=lazy("product"), ordering="product__serial_number")
    def unit(self, sms: SmsHistory) -> Any:
        return link_to(sms.product, self.admin_site.name)

    @admin.display(description=lazy("what became of it"), ordering="status")
    def progress(self, sms: SmsHistory) -> Any:
        dispatch = _dispatch(sms)
        held = dispatch is not None and dispatch.handed_over_at is None
        progress = progress_of(sms.status, held=held)
        if progress is None:
            return sms.status
        words = WORDS[progress]
        return format_html(
            '<span class="so-badge so-badge-{}">{}</span>', words.tone or "plain", words.label
        )

    @admin.display(description=lazy("trigger"), ordering="trigger")
    def why(self, sms: SmsHistory) -> Any:
        return TRIGGERS.get(sms.trigger or "", sms.trigger or "–")

    @admin.display(description=lazy("cost"), ordering="dispatch__cost")
    def cost(self, sms: SmsHistory) -> str:
        dispatch = _dispatch(sms)
        if dispatch is None or dispatch.cost is None:
            return "–"
        return price(dispatch.cost, dispatch.currency)

    @admin.display(description=lazy("handed over"))
    def handed_over(self, sms: SmsHistory) -> Any:
        return moment(sms.dispatch.handed_over_at) if sms.dispatch.handed_over_at else "–"

    @admin.display(description=lazy("next attempt"))
    def next_attempt(self, sms: SmsHistory) -> Any:
        return moment(sms.dispatch.due_at) if sms.dispatch.due_at else "–"

    @admin.display(description=lazy("sent through"))
    def gateway(self, sms: SmsHistory) -> str:
        parts = (sms.dispatch.provider, sms.dispatch.provider_reference)
        return " · ".join(part for part in parts if part) or "–"

    @admin.display(description=lazy("last error"))
    def last_error(self, sms: SmsHistory) -> str:
        return sms.dispatch.last_error or "–"


def _dispatch(sms: SmsHistory) -> SmsDispatch | None:
    """How this program sent the message, if it did."""
    return getattr(sms, "dispatch", None)
