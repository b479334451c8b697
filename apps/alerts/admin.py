"""The list of alerts: what is open first, by severity."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from apps.alerts.models import Alert
from apps.alerts.open_alerts import SEVERITIES, tone_of
from apps.core.admin import ResourceAdmin
from apps.core.adminpages.columns import link_to
from apps.core.adminpages.filters import RelatedFilter
from apps.core.templatetags.wording import moment

# Characters of what is told besides; all of it stands on the page of the alert.
_MOST_SHOWN = 160


class OpenFilter(DropdownFilter):
    """Open, or dismissed by somebody."""

    title = _("open")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Open")), ("no", _("Dismissed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(dismissed_at__isnull=self.value() == "yes")


class SeverityFilter(DropdownFilter):
    """How grave alerts of the type are."""

    title = _("severity")
    parameter_name = "severity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, label) for key, (label, _tone) in SEVERITIES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        if self.value() not in SEVERITIES:
            return queryset
        return queryset.filter(alert_type__severity=self.value())


@admin.register(Alert)
class AlertAdmin(ResourceAdmin):
    """Alerts, newest first; each leads to its unit."""

    list_display = ("label", "severity", "unit", "since", "state", "customer_contact_date")
    extra_listed = ("label", "severity", "unit", "since", "state")
    list_filter = (OpenFilter, SeverityFilter, ("alert_type", RelatedFilter))
    ordering = ("-start_time", "-pk")

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        return ["product", "alert_type"]

    @admin.display(description=_("alert"), ordering="alert_type__label")
    def label(self, alert: Alert) -> Any:
        label = gettext(alert.alert_type.label)
        if not alert.extra_info:
            return label
        more = Truncator(alert.extra_info).chars(_MOST_SHOWN)
        return format_html('{}<br><span class="so-quiet font-normal">{}</span>', label, more)

    @admin.display(description=_("severity"), ordering="alert_type__severity")
    def severity(self, alert: Alert) -> Any:
        key = alert.alert_type.severity
        words = SEVERITIES[key][0] if key and key in SEVERITIES else key or "–"
        return format_html(
            '<span class="so-badge so-badge-{}">{}</span>', tone_of(key) or "plain", words
        )

    @admin.display(description=_("product"), ordering="product__serial_number")
    def unit(self, alert: Alert) -> Any:
        return link_to(alert.product, self.admin_site.name)

    @admin.display(description=_("since"), ordering="start_time")
    def since(self, alert: Alert) -> Any:
        return moment(alert.start_time)

    @admin.display(description=_("dismissed"), ordering="dismissed_at")
    def state(self, alert: Alert) -> Any:
        if alert.dismissed_at is None:
            return _("open")
        return format_html("{} · {}", moment(alert.dismissed_at), alert.dismissed_by or "–")
