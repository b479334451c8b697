"""The cells that are known: how many of each network, and where a single one stands.

There may be tens of millions, so no page counts them or looks through them: the imports keep the
numbers, and a cell is looked up by the beginning of its key.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter
from unfold.views import ChangeList

from apps.connectivity.catalogue import COUNTRIES
from apps.connectivity.cell_files import BIGGEST, BIGGEST_CELL, MOST_MNC
from apps.connectivity.models import Cell, CellNetwork, Network
from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.system import ReadOnlyMixin
from apps.core.templatetags.wording import grouped, moment

# Cells shown of an area or a network; who wants more asks for less.
MOST_SHOWN: Final = 50


class CellForm(forms.Form):
    """The key of a cell, or the beginning of one."""

    mcc = forms.IntegerField(label=lazy("MCC"), min_value=1, max_value=999)
    mnc = forms.IntegerField(label=lazy("MNC"), min_value=0, max_value=MOST_MNC)
    lac = forms.IntegerField(
        label=lazy("LAC (area)"), min_value=0, max_value=BIGGEST, required=False
    )
    cid = forms.IntegerField(
        label=lazy("Cell ID"), min_value=0, max_value=BIGGEST_CELL, required=False
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("cid") is not None and found.get("lac") is None and "lac" not in self.errors:
            self.add_error("lac", _("A cell is found in its area only: give the LAC too."))
        return found

    def cells(self) -> list[Cell]:
        """The cells asked for by a valid form, one more than are shown where there are more."""
        asked = {name: value for name, value in self.cleaned_data.items() if value is not None}
        rows = Cell.objects.filter(**asked).order_by("mcc", "mnc", "lac", "cid", "radio")
        return list(rows[: MOST_SHOWN + 1])


class CountryFilter(DropdownFilter):
    """Networks of one country."""

    title = lazy("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = CellNetwork.objects.order_by("mcc").values_list("mcc", flat=True).distinct()
        names = {mcc: country for country, mcc in COUNTRIES}
        return [(str(mcc), f"{names[mcc]} ({mcc})" if mcc in names else str(mcc)) for mcc in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value() or ""
        return queryset.filter(mcc=asked) if asked.isdecimal() and len(asked) < 5 else queryset


class NetworkList(ChangeList):
    """A network leads to its cells."""

    def url_for_result(self, result: CellNetwork) -> str:
        page = reverse("admin:connectivity_cellnetwork_look_up")
        return f"{page}?{urlencode({'mcc': result.mcc, 'mnc': result.mnc})}"


@admin.register(CellNetwork)
class CellNetworkPage(ReadOnlyMixin, ModelAdmin):
    """Networks whose cells are known. The masts are nobody's secret: all who see all units look."""

    menu_title = lazy("Known cells")
    list_before_template = "connectivity/cells_known.html"
    list_display = ("network", "mcc", "mnc", "number", "surveyed_on", "changed")
    list_filter = (CountryFilter,)
    list_filter_submit = True
    search_fields = ("named", "=mcc")
    search_help_text = lazy("Name of the network, or MCC")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-cells", "mcc", "mnc")
    fields = ("mcc", "mnc", "number", "surveyed_on", "changed")

    def _allowed(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and caller_of(request).is_global

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        known = Network.objects.filter(mcc=OuterRef("mcc"), mnc=OuterRef("mnc"))
        return super().get_queryset(request).annotate(named=Subquery(known.values("name")[:1]))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NetworkList

    def get_urls(self) -> list[Any]:
        look_up = self.admin_site.admin_view(self.look_up_view)
        name = "connectivity_cellnetwork_look_up"
        return [path("look-up/", look_up, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        known = CellNetwork.objects.aggregate(all=Sum("cells"))["all"]
        return super().changelist_view(
            request, {"title": _("Known cells"), "known": known, "form": CellForm()}
        )

    def look_up_view(self, request: HttpRequest) -> HttpResponse:
        """Where one cell stands, or the first of an area or a network."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = CellForm(request.GET if request.GET else None)
        asked = form.is_valid()
        cells = form.cells() if asked else []
        return TemplateResponse(
            request,
            "connectivity/cell_look_up.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Look up a cell"),
                "opts": self.opts,
                "form": form,
                "cells": [(cell, _day(cell.surveyed)) for cell in cells[:MOST_SHOWN]],
                "nothing": asked and not cells,
                "more": len(cells) > MOST_SHOWN,
                "most": MOST_SHOWN,
            },
        )

    @admin.display(description=lazy("network"))
    def network(self, row: CellNetwork) -> str:
        return getattr(row, "named", None) or str(row)

    @admin.display(description=lazy("cells"), ordering="cells")
    def number(self, row: CellNetwork) -> str:
        return grouped(row.cells)

    @admin.display(description=lazy("latest survey"), ordering="surveyed")
    def surveyed_on(self, row: CellNetwork) -> Any:
        return _day(row.surveyed) or "–"

    @admin.display(description=lazy("last import"), ordering="changed_at")
    def changed(self, row: CellNetwork) -> Any:
        return moment(row.changed_at) if row.changed_at else "–"


def _day(seconds: int) -> dt.date | None:
    """The day of a survey; None where it is not known or lies beyond every calendar."""
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date() if seconds else None
    except (OverflowError, ValueError):
        return None
