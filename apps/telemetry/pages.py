"""Where the tables of telemetry stand in the menu, and what waits for the store, at home."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.menu import CATALOGUE, place, section
from apps.core.panels import Figure, Panel, Tone, panel
from apps.core.wording import length
from apps.telemetry.selectors import retention_state, spool_state

section("telemetry", lazy("Telemetry"), icon="monitoring", order=210)
place(
    "telemetry",
    "telemetry.TelemetrySpool",
    "telemetry.TelemetryRefusal",
    "telemetry.TelemetryDay",
    "influx_shard_data",
)
place(CATALOGUE, "telemetry.TelemetryDefault")


@panel(order=60, table="influx_shard_data")
def waiting_uploads(caller: Caller) -> Panel:
    """How many uploads wait for the store, and for how long; nothing where all is well."""
    state = spool_state()
    if not state.rows and not state.away_since:
        return Panel()
    hint = _("for {time}").format(time=length(state.age.total_seconds())) if state.rows else ""
    page = reverse("admin:telemetry_telemetryspool_changelist")
    tone: Tone = "bad" if state.away_since or state.is_nearly_full else "info"
    return Panel((Figure(_("Uploads waiting"), state.rows, "cloud_off", page, hint, tone),))


@panel(order=61, table="influx_shard_data")
def days_without_hours(caller: Caller) -> Panel:
    """Days whose points are too old but whose hourly figures are missing; nothing where none is."""
    state = retention_state()
    page = reverse("admin:telemetry_telemetryday_changelist")
    if state.oldest:
        hint = _("points older than they are kept; the oldest are of {date}")
        said = hint.format(date=date_format(state.oldest, "SHORT_DATE_FORMAT"))
        title = _("Days without hourly figures")
        return Panel((Figure(title, state.waiting, "history", page, said, "bad"),))
    if not state.holds:
        hint = _("until they are worked out by the hour, nothing is dropped by age")
        return Panel((Figure(_("Old days to work out"), state.to_do, "history", page, hint),))
    return Panel()
