"""Where the tables of notifications stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import place, section

section("notifications", _("Notifications"), icon="send", order=200)
place(
    "notifications",
    "subscriber",
    "channel",
)
