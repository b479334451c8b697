"""Payment commands, and the statement of one unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.admin import ResourceAdmin
from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.export import csv_file, harmless
from apps.core.adminpages.filters import filter_for
from apps.core.columns import render_time
from apps.dcm.amounts import exactly, signed
from apps.dcm.filters import WaitFilter
from apps.dcm.fleet_admin import BalanceAdmin
from apps.dcm.imports_admin import ImportPages, may_import
from apps.dcm.models import Balance, PaymentCommand
from apps.dcm.statement import Line, statement, whole_statement
from apps.dcm.story import statement_url
from apps.products.fleet import visible_units
from apps.products.models import Product

# Both are found here by the admin.
__all__ = ["BalanceAdmin", "PaymentCommandAdmin"]

_COLUMNS = (
    *("date", "entry", "transaction_id", "seconds", "amount", "by", "state", "void"),
    *("booked_in_all_seconds", "booked_in_all", "remark", "reason"),
)


@admin.register(PaymentCommand)
class PaymentCommandAdmin(ResourceAdmin):
    """Payment commands of all units; the statement is that of one."""

    list_display = (
        *("product", "category", "amount", "status", "void", "transaction_id", "created_at"),
        "its_statement",
    )
    extra_listed = ("amount", "its_statement")
    change_list_template = "dcm/payment_command_list.html"
    readonly_fields = ("amount", "its_statement")
    list_filter = (
        WaitFilter,
        *(filter_for(PaymentCommand, name) for name in ("category", "status", "void")),
    )

    @admin.display(description=lazy("amount"), ordering="value")
    def amount(self, row: PaymentCommand) -> str:
        return signed(row.value) if row.value else "–"

    @admin.display(description=lazy("statement"))
    def its_statement(self, row: PaymentCommand) -> Any:
        return format_html(
            '<a class="text-link" href="{}">{}</a>', statement_url(row.product_id), _("Statement")
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None:
            return sets
        return [(None, {"fields": ("amount", "its_statement")}), *sets]

    def get_urls(self) -> list[Any]:
        pages = {"statement": self.statement_view, "statement_export": self.statement_export_view}
        return [
            path(
                f"{name.replace('_', '/')}/<str:imei>/",
                self.admin_site.admin_view(view),
                name=f"dcm_paymentcommand_{name}",
            )
            for name, view in pages.items()
        ] + [*ImportPages(self.admin_site).urls(), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"may_import": may_import(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def _unit(self, request: HttpRequest, imei: str) -> Product:
        """The unit, for who may see payment commands and the unit."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if "\x00" in imei:
            raise Http404
        unit = visible_units(caller_of(request)).filter(pk=imei).first()
        if unit is None:
            raise Http404
        return unit

    def statement_view(self, request: HttpRequest, imei: str) -> HttpResponse:
        """What a unit was given and what was taken, newest first."""
        unit = self._unit(request, imei)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        asked = request.GET.get("p", "")
        page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
        balance = Balance.objects.filter(product=unit).first()
        title = _("Credit of {unit}").format(unit=unit.serial_number)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "content_title": title,
            "subtitle": None,
            "unit": unit,
            "balance": balance,
            "left": exactly(balance.balance) if balance is not None else "",
            "statement": statement(product_imei=unit.pk, page=page),
        }
        return TemplateResponse(request, "dcm/statement.html", context)

    def statement_export_view(self, request: HttpRequest, imei: str) -> HttpResponse | Any:
        """The whole statement, oldest first, as CSV."""
        unit = self._unit(request, imei)
        name = f"statement-{unit.pk}"
        return csv_file(name, _COLUMNS, _cells(whole_statement(product_imei=unit.pk)))


def _cells(lines: Iterator[Line]) -> Iterator[list[Any]]:
    for line in lines:
        yield [
            render_time(line.when),
            line.entry,
            harmless(line.transaction_id),
            line.seconds,
            exactly(line.seconds),
            harmless(line.by),
            line.state,
            "true" if line.void else "false",
            "" if line.booked is None else line.booked,
            "" if line.booked is None else exactly(line.booked),
            line.remark,
            harmless(line.reason),
        ]
