"""The page with what came of commands for each unit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter

from apps.core.admin import ResourceAdmin
from apps.core.adminpages.filters import RelatedFilter
from apps.fleet import reasons
from apps.fleet.models import FleetCommandUnit, UnitOutcome

_TONES = {
    UnitOutcome.DONE: "good",
    UnitOutcome.FAILED: "bad",
    UnitOutcome.SKIPPED: "warn",
    UnitOutcome.PENDING: "info",
}


class ReasonFilter(DropdownFilter):
    """Why units were skipped or failed."""

    title = _("reason")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(reasons.MEANINGS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(reason=value) if value in reasons.MEANINGS else queryset


@admin.register(FleetCommandUnit)
class FleetCommandUnitAdmin(ResourceAdmin):
    """Every unit of every command; a command's page leads to its own."""

    list_display = ("unit", "of_command", "came", "why", "message", "done_at")
    extra_listed = ("unit", "of_command", "came", "why")
    list_filter = (
        ("outcome", ChoicesDropdownFilter),
        ReasonFilter,
        ("fleet_command", RelatedFilter),
    )

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        return ["product", "fleet_command"]

    @admin.display(description=_("unit"), ordering="product__serial_number")
    def unit(self, row: FleetCommandUnit) -> str:
        return row.product.serial_number

    @admin.display(description=_("command"), ordering="fleet_command")
    def of_command(self, row: FleetCommandUnit) -> Any:
        page = reverse("admin:fleet_fleetcommand_change", args=(row.fleet_command_id,))
        return format_html('<a class="text-link" href="{}">{}</a>', page, row.fleet_command)

    @admin.display(description=_("outcome"), ordering="outcome")
    def came(self, row: FleetCommandUnit) -> Any:
        tone = _TONES.get(UnitOutcome(row.outcome), "plain")
        badge = '<span class="so-badge so-badge-{}">{}</span>'
        return format_html(badge, tone, row.get_outcome_display())

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, row: FleetCommandUnit) -> str:
        return reasons.meaning(row.reason or row.expected_reason) or "–"
