"""What alerts add to the back office: their place in the menu and what is open at home."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.alerts.open_alerts import SEVERITIES, counts_by_severity, open_alerts, tone_of
from apps.core.callers import Caller
from apps.core.menu import CATALOGUE, RULES, place, section
from apps.core.panels import Agenda, Bar, Chart, Figure, Line, Panel, panel

section("alerts", lazy("Alerts"), icon="notifications_active", order=20)
place("alerts", "alert", "anomaly", "analysis_history")
place(CATALOGUE, "alert_type", "anomaly_type")
place(
    RULES,
    "alert_type_product_type_linker",
    "alert_type_state_type_linker",
    "alert_type_entity_anti_linker",
    "alert_type_anomaly_type_linker",
    "anomaly_type_product_type_linker",
)
_SHOWN = 5


@panel(order=20, table="alert")
def what_is_open(caller: Caller) -> Panel:
    """Open alerts: how many, how grave, and the newest grave ones."""
    counts = counts_by_severity(caller)
    total = sum(counts.values())
    page = f"{reverse('admin:alerts_alert_changelist')}?open=yes"
    known = [
        Bar(label, counts.get(key, 0), f"{page}&severity={key}", tone)
        for key, (label, tone) in SEVERITIES.items()
    ]
    others = sum(n for key, n in counts.items() if key not in SEVERITIES)
    if others:
        known.append(Bar(_("Other"), others, page))
    grave = counts.get("high", 0)
    hint = _("{n} of high severity").format(n=grave) if grave else ""
    figure = Figure(
        _("Open alerts"), total, "notifications_active", page, hint, "bad" if grave else ""
    )
    chart = Chart(_("Open alerts by severity"), tuple(known), _("No alert is open."))
    return Panel((figure,), (chart,), (_newest(caller, page),))


def _newest(caller: Caller, page: str) -> Agenda:
    rows = (
        open_alerts(caller)
        .filter(alert_type__severity="high")
        .order_by("-start_time", "-pk")
        .values_list(
            "product_id",
            "product__serial_number",
            "alert_type__label",
            "alert_type__severity",
            "start_time",
        )
    )
    return Agenda(
        _("Newest alerts of high severity"),
        tuple(
            Line(
                serial,
                _(label),
                start,
                reverse("admin:products_product_change", args=(imei,)),
                tone_of(severity),
            )
            for imei, serial, label, severity, start in rows[:_SHOWN]
        ),
        _("No alert of high severity is open."),
        f"{page}&severity=high",
    )
