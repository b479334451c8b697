"""The page on which Home 2 units are checked before they leave the stock."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from apps.core.admin import ResourceAdmin
from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.filters import visible_rows
from apps.core.errors import DomainError
from apps.core.levels import Level
from apps.factory.forms import UnitForm
from apps.factory.models import Home2StockPreparationTracking
from apps.factory.selectors import unit_named
from apps.factory.serials import has_good_check
from apps.factory.services.stock_preparation import Preparation, prepare_home2
from apps.factory.stock_checks import not_passed
from apps.products.models import Product

_LAST = 20
# Serial numbers as they are given out now; older ones have no check character of ours.
_OURS = re.compile(r"[A-Z0-9]+-[0-9]{6,}-[A-Z0-9]", re.ASCII)


@admin.register(Home2StockPreparationTracking)
class StockPreparationAdmin(ResourceAdmin):
    """The recorded checks; the page that makes them is behind "Check a unit"."""

    change_list_template = "factory/stock_preparation_list.html"

    def get_urls(self) -> list[Any]:
        return [
            path(
                "check/",
                self.admin_site.admin_view(self.check_view),
                name="factory_home2stockpreparationtracking_check",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"may_check": may_check(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a unit; once one is named, check it, record that, and show what was found."""
        if not may_check(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        done: Preparation | None = None
        wrong, status = "", 200
        typed = request.POST.get("unit", "").strip()
        if request.method == "POST":
            try:
                done = self._check(request, typed)
            except DomainError as error:
                wrong, status = str(error.message), error.status
        rows = self.get_queryset(request).order_by("-pk")[:_LAST]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Check a Home 2 before it leaves the stock"),
            "subtitle": None,
            "opts": self.opts,
            "done": done,
            "wrong": wrong,
            "form": UnitForm({"unit": typed}) if wrong else UnitForm(),
            "last": [(row, not_passed(row)) for row in rows],
        }
        return TemplateResponse(request, "factory/stock_preparation.html", context, status=status)

    def _check(self, request: HttpRequest, typed: str) -> Preparation:
        unit = unit_named(visible_rows(Product, request), typed)
        if unit is None:
            raise DomainError(_not_found(typed))
        return prepare_home2(product_imei=unit.pk, by=caller_of(request).username)


def may_check(request: HttpRequest) -> bool:
    """Whether the person may check units here; TECHNICAL, as for all work on units."""
    return caller_of(request).level >= Level.TECHNICAL


def _not_found(typed: str) -> str:
    if not typed:
        return _("Scan or type the serial number or the IMEI of a unit.")
    if _OURS.fullmatch(typed.upper()) and not has_good_check(typed):
        return _("No unit has this serial number. Its last character does not fit: look again.")
    return _("No unit has this serial number or IMEI.")
