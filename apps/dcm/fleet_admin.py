"""The pages of the fleet's credit: the figures with their lists, and the units that drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.admin import ResourceAdmin
from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.export import csv_file, harmless
from apps.core.columns import render_time
from apps.dcm.amounts import exactly, signed
from apps.dcm.figures import groups
from apps.dcm.filters import ExpiryFilter
from apps.dcm.fleet import drifts
from apps.dcm.models import Balance, CreditDrift
from apps.dcm.story import statement_url

_PAGE: Final = 50
_COLUMNS: Final = (
    *("serial_number", "product_imei", "reported_at", "balance", "lowest", "highest"),
    *("drift", "since", "checked_at"),
)


@admin.register(Balance)
class BalanceAdmin(ResourceAdmin):
    """What units last said they have left; the fleet's figures are behind "Credit of the fleet"."""

    list_display = ("product", "left", "expected_expiry", "modified_at")
    extra_listed = ("left",)
    list_filter = (ExpiryFilter,)
    change_list_template = "dcm/balance_list.html"

    @admin.display(description=lazy("balance"), ordering="balance")
    def left(self, row: Balance) -> str:
        return exactly(row.balance)

    def get_urls(self) -> list[Any]:
        # The menu tells by the path that what drifts belongs to the fleet's page.
        pages: dict[str, tuple[str, Any]] = {
            "fleet": ("fleet/", self.fleet_view),
            "drift": ("fleet/drift/", self.drift_view),
            "drift_export": ("fleet/drift/export/", self.drift_export_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"dcm_balance_{name}")
            for name, (route, view) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def fleet_view(self, request: HttpRequest) -> HttpResponse:
        """Credit that ends soon, commands that wait, zeroes, drift."""
        self._may_look(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        context = {"title": _("Credit of the fleet"), "groups": groups(caller_of(request))}
        return self._page(request, "dcm/fleet.html", context)

    def drift_view(self, request: HttpRequest) -> HttpResponse:
        """The units whose report lies outside of what the ledger allows, furthest first."""
        self._may_look(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        rows = drifts(caller_of(request)).select_related("product").order_by("since", "pk")
        page = Paginator(rows, _PAGE).get_page(request.GET.get("p"))
        shown = [
            {
                "row": row,
                "url": statement_url(row.product_id),
                "balance": exactly(row.balance),
                "lowest": exactly(row.lowest),
                "highest": exactly(row.highest),
                "drift": signed(row.drift),
            }
            for row in page
        ]
        context = {"title": _("Credit that drifts"), "page": page, "shown": shown}
        return self._page(request, "dcm/drift.html", context)

    def drift_export_view(self, request: HttpRequest) -> HttpResponse | Any:
        """The same as CSV; amounts are seconds."""
        self._may_look(request)
        rows = drifts(caller_of(request)).select_related("product").order_by("since", "pk")
        return csv_file("credit-drift", _COLUMNS, _cells(rows.iterator(chunk_size=_PAGE * 40)))

    def _may_look(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        site = self.admin_site.each_context(request)
        return TemplateResponse(
            request,
            template,
            {**site, "subtitle": None, "content_title": context["title"], **context},
        )


def _cells(rows: Iterator[CreditDrift]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            harmless(row.product.serial_number),
            row.product_id,
            render_time(row.reported_at),
            *(row.balance, row.lowest, row.highest, row.drift),
            render_time(row.since),
            render_time(row.checked_at),
        ]
