"""Where the tables of device credit stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import place, section

section("credit", _("Credit"), icon="payments", order=140)
place("credit", "payment_command", "balance", "final_balance", "duration_payment_token")
