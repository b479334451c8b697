"""Where the tables of rtc stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import place, section

section("rtc", _("Real-time messages"), icon="bolt", order=190)
place(
    "rtc",
    "rtc_connection_history",
    "rtc_message_history",
    "rtc_mo_message_history",
    "rtc_fallback_message_history",
    "rtc_dead_letter",
)
