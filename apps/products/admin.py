"""The list of units and the page of a unit."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from apps.core.admin import ResourceAdmin
from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.filters import RelatedFilter
from apps.core.adminpages.navigation import may_see
from apps.core.levels import Level
from apps.core.templatetags.wording import moment
from apps.core.verbs import Verb, VerbForm, press, verbs
from apps.core.wording import ago
from apps.entities.models import ProductEntityLinker
from apps.products.filters import ContactFilter, EntityFilter, StateFilter, SwitchFilter
from apps.products.fleet import stage_name
from apps.products.models import Product, ProductSoftwareLinker
from apps.products.unit_page import RELATED, unit_page

_IDENTIFIER = 15


class UnitList(ChangeList):
    """Units with what other tables say of them: three queries a page, whatever its length."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        page: Any = self
        units = list(page.result_list)
        keys = [unit.pk for unit in units]
        owners = ProductEntityLinker.objects.filter(product__in=keys, date_removed=None)
        entities = dict(owners.values_list("product_id", "entity__name"))
        running = ProductSoftwareLinker.objects.filter(
            product__in=keys, date_added__isnull=False, date_removed=None
        )
        software = dict(running.values_list("product_id", "software_version_type__name"))
        alerts = dict(
            Product.objects.filter(pk__in=keys)
            .values_list("pk")
            .annotate(n=Count("alerts", filter=Q(alerts__dismissed_at__isnull=True)))
        )
        for unit in units:
            unit.owner_name = entities.get(unit.pk, "")
            unit.software_name = software.get(unit.pk, "")
            unit.alert_count = alerts.get(unit.pk, 0)
        self.result_list = units


@admin.register(Product)
class ProductAdmin(ResourceAdmin):
    """Units: the list finds one, its page tells its story and switches it."""

    list_display = (
        "serial_number",
        "product_imei",
        "product_type",
        "owner",
        "stage",
        "switch",
        "last_contact",
        "software",
        "alerts",
    )
    extra_listed = ("owner", "stage", "switch", "last_contact", "software", "alerts")
    search_fields = (
        "serial_number",
        "product_imei",
        "imsi",
        "iccid",
        "customer_product_history__customer__name",
    )
    search_help_text = _("Serial number, IMEI, IMSI or customer")
    list_filter = (
        SwitchFilter,
        ContactFilter,
        StateFilter,
        EntityFilter,
        ("product_type", RelatedFilter),
    )
    # Along an index: sorting a hundred thousand units by anything else takes most of a second.
    ordering = ("serial_number",)
    # Staff compare the number with other systems, so it is exact.
    paginator = Paginator
    change_list_template = "products/unit_list.html"
    actions = ("command_ticked",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return UnitList

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        return list(RELATED)

    # --- commands to many units ------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"may_command": _may_command(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not _may_command(request):
            actions.pop("command_ticked", None)
        return actions

    @admin.action(description=_("Command to the ticked units"))
    def command_ticked(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Hand the ticked units, or all of the list, to the page that commands many."""
        query = request.GET.urlencode()
        if request.POST.get("select_across") != "1":
            ticked = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
            query = urlencode({"product_imei__in": ",".join(ticked)})
        page = reverse("admin:fleet_fleetcommand_new")
        return HttpResponseRedirect(f"{page}?{urlencode({'units': query})}")

    def _list_column(self, name: str) -> Any:
        return name

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if len(term) == _IDENTIFIER and term.isascii() and term.isdigit():
            # A whole IMEI or IMSI, as scanned from a label: the indexes find it at once.
            return queryset.filter(Q(pk=term) | Q(imsi=term)), False
        return super().get_search_results(request, queryset, search_term)

    # --- columns ---------------------------------------------------------------------------------

    @admin.display(description=_("entity"))
    def owner(self, unit: Any) -> str:
        return unit.owner_name or "–"

    @admin.display(description=_("state"), ordering="latest_state__current_state_type__name")
    def stage(self, unit: Product) -> str:
        state = unit.latest_state
        return stage_name(state.current_state_type.name) if state else "–"

    @admin.display(description=_("switch"), ordering="current_enable_flag")
    def switch(self, unit: Product) -> Any:
        latest = unit.latest_enable_history
        if unit.current_enable_flag != unit.desired_enable_flag:
            words = _("To be enabled") if unit.desired_enable_flag else _("To be disabled")
            told = _("Asked for by {by} {when}")
            hint = told.format(by=latest.user, when=ago(latest.date)) if latest else ""
            return _badge(words, "warn", hint)
        hint = _("Since {when}").format(when=ago(latest.date)) if latest else ""
        if unit.current_enable_flag:
            return _badge(_("Enabled"), "good", hint)
        return _badge(_("Disabled"), hint=hint)

    @admin.display(description=_("last contact"), ordering="latest_connection__date")
    def last_contact(self, unit: Product) -> Any:
        latest: Any = unit.latest_connection
        return moment(latest.date) if latest else _("never")

    @admin.display(description=_("software"))
    def software(self, unit: Any) -> str:
        return unit.software_name or "–"

    @admin.display(description=_("open alerts"))
    def alerts(self, unit: Any) -> Any:
        return _badge(unit.alert_count, "bad") if unit.alert_count else "–"

    # --- the page of a unit ----------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        return [
            path(
                "<str:object_id>/edit/",
                self.admin_site.admin_view(self.edit_view),
                name="products_product_edit",
            ),
            path(
                "<str:object_id>/act/<str:verb>/",
                self.admin_site.admin_view(self.act_view),
                name="products_product_act",
            ),
            *super().get_urls(),
        ]

    def find_unit(self, request: HttpRequest, object_id: str) -> Product:
        """The unit, with what its page shows at the top; 404 for one that is not the caller's."""
        if "\x00" in object_id:
            raise Http404
        unit = self.get_queryset(request).select_related(*RELATED).filter(pk=object_id).first()
        if unit is None:
            raise Http404
        return unit

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The story of the unit; the form with its columns is behind "Edit"."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        unit = self.find_unit(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])

        return self._show(request, unit, extra_context)

    def _show(
        self,
        request: HttpRequest,
        unit: Product,
        extra_context: Any = None,
        refused: tuple[Verb, VerbForm] | None = None,
    ) -> HttpResponse:
        def sees(model: type[models.Model]) -> bool:
            return may_see(request, model)

        context = {
            **self.admin_site.each_context(request),
            "title": unit.serial_number,
            "subtitle": None,
            "opts": self.opts,
            "original": unit,
            "may_edit": self.has_change_permission(request, unit),
            **unit_page(unit, caller_of(request), sees, request.GET.dict(), refused),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "products/unit.html", context)

    def edit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form with the unit's columns."""
        self.find_unit(request, object_id)
        return self.changeform_view(request, object_id)

    def act_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Do what a button of the page says, then show the page again.

        What was refused comes back in its form, as it was typed; a button without a form has its
        refusal told above the page.
        """
        if request.method != "POST":
            # Somebody signed in again after pressing a button: show the unit, press nothing.
            return HttpResponseRedirect(unit_url(self.find_unit(request, object_id).pk))
        chosen, caller = verbs.named(verb), caller_of(request)
        if chosen is None:
            raise Http404
        if not chosen.allows(caller):
            raise PermissionDenied
        unit = self.find_unit(request, object_id)
        said, form = press(chosen, unit, caller, request.POST)
        if said is not None:
            messages.add_message(
                request, messages.SUCCESS if said.changed else messages.INFO, said.text
            )
            return self._back(request, unit)
        if form.fields:
            return self._show(request, self.find_unit(request, object_id), refused=(chosen, form))
        messages.error(request, " ".join(str(text) for text in form.non_field_errors()))
        return self._back(request, unit)

    def _back(self, request: HttpRequest, unit: Product) -> HttpResponse:
        """To the unit, or to the list where it has left the caller's scope with that."""
        if self.get_queryset(request).filter(pk=unit.pk).exists():
            return HttpResponseRedirect(unit_url(unit.pk))
        return HttpResponseRedirect(reverse("admin:products_product_changelist"))

    def response_post_save_change(self, request: HttpRequest, obj: Product) -> HttpResponse:
        return HttpResponseRedirect(unit_url(obj.pk))


def unit_url(imei: str) -> str:
    """The page of a unit."""
    return reverse("admin:products_product_change", args=(imei,))


def _badge(text: Any, tone: str = "", hint: Any = "") -> Any:
    return format_html(
        '<span class="so-badge so-badge-{}" title="{}">{}</span>', tone or "plain", hint, text
    )


def _may_command(request: HttpRequest) -> bool:
    """Whether the person may give any command to many units; some ask for more."""
    return caller_of(request).level >= Level.TECHNICAL
