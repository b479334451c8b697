"""Where the tables of device credit stand in the menu, and what credit adds to the home page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.menu import page, place, section
from apps.core.panels import Chart, Panel, panel
from apps.dcm.figures import bars

section("credit", lazy("Credit"), icon="payments", order=140)
place("credit", "payment_command", "balance", "final_balance", "duration_payment_token")
page("credit", lazy("Credit of the fleet"), "admin:dcm_balance_fleet", table="balance")


@panel(order=30, table="balance")
def credit(caller: Caller) -> Panel:
    """Credit that ends soon, commands that wait long, drift; each leads to its list."""
    empty = _("No credit ends soon, and no command waits for long.")
    return Panel(charts=(Chart(_("Credit"), bars(caller), empty),))
