"""The list of units and the page of a unit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
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
from apps.entities.models import ProductEntityLinker
from apps.products import timeline, unit_actions
from apps.products.filters import ContactFilter, EntityFilter, StateFilter, SwitchFilter
from apps.products.fleet import stage_name
from apps.products.models import Product, ProductSoftwareLinker

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

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return UnitList

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        return ["product_type", "latest_state__current_state_type", "latest_connection"]

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
        if unit.current_enable_flag != unit.desired_enable_flag:
            words = _("To be enabled") if unit.desired_enable_flag else _("To be disabled")
            return _badge(words, "warn")
        return _badge(_("Enabled"), "good") if unit.current_enable_flag else _badge(_("Disabled"))

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
        related = (
            "product_type",
            "latest_state__current_state_type",
            "latest_enable_history",
            "latest_connection",
        )
        if "\x00" in object_id:
            raise Http404
        unit = self.get_queryset(request).select_related(*related).filter(pk=object_id).first()
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

        def sees(model: type[models.Model]) -> bool:
            return may_see(request, model)

        page = request.GET.get("p", "1")
        told = timeline.timeline(
            unit.pk,
            sees,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
            kind=request.GET.get("kind", ""),
        )
        context = {
            **self.admin_site.each_context(request),
            "title": unit.serial_number,
            "subtitle": None,
            "opts": self.opts,
            "original": unit,
            "unit": unit,
            "standing": timeline.standing(unit),
            "cards": timeline.cards(unit.pk, sees),
            "timeline": told,
            "may_act": caller_of(request).level >= Level.TECHNICAL,
            "may_edit": self.has_change_permission(request, unit),
            "note_length": unit_actions.NOTE_LENGTH,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "products/unit.html", context)

    def edit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form with the unit's columns."""
        self.find_unit(request, object_id)
        return self.changeform_view(request, object_id)

    def act_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Do what a button of the page says, then show the page again."""
        if request.method != "POST":
            # Somebody signed in again after pressing a button: show the unit, press nothing.
            return HttpResponseRedirect(unit_url(self.find_unit(request, object_id).pk))
        if caller_of(request).level < Level.TECHNICAL:
            raise PermissionDenied
        unit = self.find_unit(request, object_id)
        if verb not in unit_actions.VERBS:
            raise Http404
        unit_actions.act(request, unit, verb, by=caller_of(request).username)
        return HttpResponseRedirect(unit_url(unit.pk))

    def response_post_save_change(self, request: HttpRequest, obj: Product) -> HttpResponse:
        return HttpResponseRedirect(unit_url(obj.pk))


def unit_url(imei: str) -> str:
    """The page of a unit."""
    return reverse("admin:products_product_change", args=(imei,))


def _badge(text: Any, tone: str = "") -> Any:
    return format_html('<span class="so-badge so-badge-{}">{}</span>', tone or "plain", text)
