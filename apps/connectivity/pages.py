"""What connectivity adds to the back office: its place in the menu, and what SMS cost at home."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.connectivity.sms.progress import PROGRESS, WORDS
from apps.connectivity.sms.spending import spending
from apps.core.callers import Caller
from apps.core.menu import CATALOGUE, RULES, place, section
from apps.core.panels import Bar, Chart, Panel, panel

section("connectivity", lazy("Connectivity"), icon="cell_tower", order=150)
place("connectivity", "connection", "sms_history", "connectivity.CellNetwork")
place(CATALOGUE, "network", "sim_provider")
place(RULES, "sim_provider_network_linker", "sim_part_type_sim_provider_linker")

_DAYS = 30


@panel(order=40, table="sms_history")
def text_messages(caller: Caller) -> Panel:
    """What became of the SMS of the last 30 days, and what they cost."""
    over = dt.timedelta(days=_DAYS)
    spent = spending(caller, over=over)
    since = (timezone.now() - over).date().isoformat()
    page = f"{reverse('admin:connectivity_smshistory_changelist')}?sent_time_from={since}"
    chart = Chart(
        _("SMS to units"),
        tuple(
            Bar(
                capfirst(words.label),
                spent.messages[key],
                f"{page}&{PROGRESS}={key.value}",
                words.tone,
            )
            for key, words in WORDS.items()
        ),
        _("No SMS was sent in the last {n} days.").format(n=_DAYS),
        " · ".join(filter(None, (_("in the last {n} days").format(n=_DAYS), spent.cost))),
    )
    return Panel(charts=(chart,))
