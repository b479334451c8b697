"""The list of repairs: what is on the bench, and what is done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from apps.core.admin import ResourceAdmin
from apps.core.adminpages.filters import filter_for
from apps.core.resources import registry
from apps.repairs.models import Repair
from apps.repairs.story import IN_PROGRESS


class ProgressFilter(DropdownFilter):
    """Under way, or finished."""

    title = _("progress")
    parameter_name = "progress"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("In progress")), ("done", _("Finished"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Repair]) -> QuerySet[Repair]:
        if self.value() == "open":
            return queryset.filter(IN_PROGRESS)
        return queryset.exclude(IN_PROGRESS) if self.value() == "done" else queryset


@admin.register(Repair)
class RepairAdmin(ResourceAdmin):
    """Repairs, newest first."""

    list_filter = (
        ProgressFilter,
        *(filter_for(Repair, name) for name in registry.named("repair").filters),
    )
