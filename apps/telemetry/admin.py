"""What staff see of the way points take: what waits, what was dropped, what is shown by default."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from apps.core.adminpages.filters import DayRangeFilter
from apps.core.adminpages.paging import BoundedPaginator
from apps.core.adminpages.system import ReadOnlyMixin, SystemMixin
from apps.core.errors import Invalid
from apps.core.templatetags.wording import moment
from apps.products.models import Product
from apps.telemetry.data_questions import Defaults, read_question
from apps.telemetry.days import TelemetryDay
from apps.telemetry.selectors import days_state, spool_state
from apps.telemetry.spool import TelemetryDefault, TelemetryRefusal, TelemetrySpool


def link_to_unit(imei: str) -> Any:
    """The unit's page, if the points are a unit's."""
    if not imei:
        return "–"
    page = reverse(f"admin:{Product._meta.app_label}_product_change", args=[imei])
    return format_html('<a class="text-link" href="{}">{}</a>', page, imei)


@admin.register(TelemetrySpool)
class SpoolPage(ReadOnlyMixin, ModelAdmin):
    """Uploads that wait for the store, oldest first."""

    menu_title = _("Waiting uploads")
    list_before_template = "telemetry/spool_state.html"
    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("received", "unit", "points", "size", "attempts", "next_try", "last_error")
    list_display_links = None
    search_fields = ("=imei",)
    ordering = ("pk",)
    fields = ("created_at", "imei", "points", "size", "attempts", "due_at", "last_error")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"state": spool_state(), **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("payload")

    @admin.display(description=_("received"))
    def received(self, row: TelemetrySpool) -> Any:
        return moment(row.created_at)

    @admin.display(description=_("unit"))
    def unit(self, row: TelemetrySpool) -> Any:
        return link_to_unit(row.imei)

    @admin.display(description=_("next attempt"))
    def next_try(self, row: TelemetrySpool) -> Any:
        # Without a failure of its own a row waits for the store, not for a time.
        return moment(row.due_at) if row.attempts else "–"


@admin.register(TelemetryRefusal)
class RefusalPage(ReadOnlyMixin, ModelAdmin):
    """Values that could never be stored, newest first."""

    menu_title = _("Dropped values")
    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("latest", "unit", "measurement", "dropped", "reason")
    list_display_links = None
    list_filter = (("last_at", DayRangeFilter),)
    list_filter_submit = True
    search_fields = ("=imei", "reason")
    ordering = ("-last_at", "-pk")
    fields = ("imei", "measurement", "reason", "dropped", "first_at", "last_at")

    @admin.display(description=_("last time"), ordering="last_at")
    def latest(self, row: TelemetryRefusal) -> Any:
        return moment(row.last_at)

    @admin.display(description=_("unit"))
    def unit(self, row: TelemetryRefusal) -> Any:
        return link_to_unit(row.imei)


@admin.register(TelemetryDay)
class DayPage(ReadOnlyMixin, ModelAdmin):
    """Days whose figures are to be worked out, those that are longest due first."""

    menu_title = _("Marked days")
    list_before_template = "telemetry/days_state.html"
    paginator = BoundedPaginator
    show_full_result_count = False
    list_display = ("unit", "date", "waits", "attempts", "last_error")
    list_display_links = None
    list_filter = (("due_at", DayRangeFilter),)
    list_filter_submit = True
    search_fields = ("=imei",)
    ordering = ("due_at", "pk")
    fields = ("imei", "date", "waits", "attempts", "last_error")
    readonly_fields = ("date", "waits")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"state": days_state(), **(extra_context or {})})

    @admin.display(description=_("unit"))
    def unit(self, row: TelemetryDay) -> Any:
        return link_to_unit(row.imei)

    @admin.display(description=_("day"), ordering="day")
    def date(self, row: TelemetryDay) -> str:
        return str(date_format(dt.date(1970, 1, 1) + dt.timedelta(days=row.day)))

    @admin.display(description=_("waits"), ordering="due_at")
    def waits(self, row: TelemetryDay) -> Any:
        now = timezone.now()
        if row.claimed_until and row.claimed_until > now:
            return _("is being worked out")
        if row.due_at <= now:
            words = _("due {when}")
        elif row.attempts:
            words = _("next attempt {when}")
        else:
            words = _("once more when the day is over, {when}")
        return format_html(str(words), when=moment(row.due_at))


class DefaultForm(forms.ModelForm):
    """Held to what a request may ask."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        asked = {
            "measurement": found.get("measurement"),
            "fields": found.get("fields") or None,
            "ds_interval": found.get("ds_interval") or None,
            "ds_function": found.get("ds_function") or None,
        }
        try:
            read_question(asked, imei="0" * 15, now=10**18, defaults=Defaults())
        except Invalid as error:
            for name, why in (error.errors or {"fields": error.message}).items():
                self.add_error(name if name in self.fields else None, str(why))
        return found


@admin.register(TelemetryDefault)
class DefaultPage(SystemMixin, ModelAdmin):
    """What a read of a unit's data answers if the request does not say."""

    form = DefaultForm
    menu_title = _("Defaults of data")
    list_display = ("product_type", "measurement", "fields", "days", "ds_interval", "ds_function")
    list_select_related = ("product_type",)
    help_texts = {
        "fields": _('A list of names, such as ["voltage", "current"]; [] for all.'),
        "days": _("How long before the end an answer starts."),
        "ds_interval": _("Such as 5m or 1d; empty for every value."),
        "ds_function": _("Such as mean or max; empty for the mean."),
    }
    fields = ("product_type", "measurement", "fields", "days", "ds_interval", "ds_function")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(request, obj, change, help_texts=self.help_texts, **kwargs)
