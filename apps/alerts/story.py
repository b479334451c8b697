"""What alerts tell of a unit: what was raised, and how it ended."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.alerts.models import Alert
from apps.alerts.open_alerts import tone_of
from apps.core.stories import Card, Event, Fact, card, events, row_url, rows_of

_SHOWN = 6


@card(order=5, table="alert")
def open_now(imei: str) -> Card | None:
    """Alerts nobody has dismissed; no card where there is none."""
    rows = (
        Alert.objects.filter(product_id=imei, dismissed_at=None)
        .order_by("-start_time", "-pk")
        .values_list("pk", "alert_type__label", "alert_type__severity", "start_time", "created_at")
    )
    facts = tuple(
        Fact(_(label), "", when=start or created, url=row_url(Alert, key), tone=tone_of(severity))
        for key, label, severity, start, created in rows[:_SHOWN]
    )
    if not facts:
        return None
    link = rows_of(Alert, imei)
    return Card(_("Open alerts"), "notifications_active", facts, link, _("All alerts"))


@events(order=20, kind="alerts", label=lazy("Alerts"), table="alert")
def alerts(imei: str, limit: int) -> list[Event]:
    rows = Alert.objects.filter(product_id=imei).order_by("-created_at", "-pk")
    columns = (
        "pk",
        "alert_type__label",
        "alert_type__message",
        "alert_type__severity",
        "start_time",
        "created_at",
        "dismissed_at",
        "dismissed_by",
        "dismissal_reason",
    )
    found = []
    for key, label, message, severity, start, created, ended, by, reason in rows.values_list(
        *columns
    )[:limit]:
        url = row_url(Alert, key)
        title = _("Alert: {label}").format(label=_(label))
        words = _(message) if message else ""
        icon = "notifications_active"
        tone = tone_of(severity)
        found.append(Event(start or created, title, words, "", icon, tone, url))
        if ended:
            title = _("Alert dismissed: {label}").format(label=_(label))
            words = _(reason) if reason else ""
            found.append(Event(ended, title, words, by or "", "notifications_off", "", url))
    return sorted(found, key=lambda event: event.when, reverse=True)[:limit]
