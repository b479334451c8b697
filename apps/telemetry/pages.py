"""Where the tables of telemetry stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import place, section

section("telemetry", _("Telemetry"), icon="monitoring", order=210)
place(
    "telemetry",
    "influx_shard_data",
)
