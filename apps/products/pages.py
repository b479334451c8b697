"""What units add to the back office: their place in the menu and the fleet's figures at home."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.callers import Caller
from apps.core.menu import CATALOGUE, RULES, SYSTEM, place, section
from apps.core.panels import Agenda, Bar, Chart, Figure, Line, Panel, Tone, panel
from apps.products import fleet
from apps.products.filters import CONTACT, STATE, SWITCH

section("fleet", _("Fleet"), icon="solar_power", order=10)
place("fleet", "product", "product_group", "product_product_group_linker", "product_note")

section("switches", _("Switch and life"), icon="toggle_on", order=110)
place("switches", "enable_history", "tamper_enable_history", "state")

section("software", _("Software"), icon="memory", order=120)
place("software", "product_software_linker", "latest_software", "software_version_type")

section("parameters", _("Parameters"), icon="tune", order=130)
place("parameters", "product_parameter")

place(CATALOGUE, "product_type", "state_type", "parameter_type")
place(RULES, "product_type_software_version_type_linker")
place(SYSTEM, "product_migration_history")

_LONGEST_WAITS = 5


@panel(order=10, table="product")
def the_fleet(caller: Caller) -> Panel:
    """Units by switch, stage of life and last contact, and those that keep somebody waiting."""
    counts = fleet.fleet_counts(caller)
    units = reverse("admin:products_product_changelist")
    figures = (
        Figure(_("Units"), counts.units, "solar_power", units, _("in all"), "info"),
        *(
            Figure(label, counts.by_switch[key], icon, f"{units}?{SWITCH}={key}", hint, tone)
            for key, label, icon, hint, tone in _SWITCHES
        ),
    )
    states = Chart(
        _("Units by state"),
        tuple(
            Bar(name, count, f"{units}?{STATE}={pk}" if pk else f"{units}?{STATE}=none")
            for pk, name, count in counts.by_state
        ),
    )
    contact = Chart(
        _("Last contact"),
        tuple(
            Bar(label, counts.by_contact[key], f"{units}?{CONTACT}={key}", tone)
            for key, label, tone in fleet.CONTACTS
        ),
        hint=_("Units report every four hours."),
    )
    return Panel(figures, (contact, states), (_waiting(caller),), has_units=counts.units > 0)


_SWITCHES: tuple[tuple[str, Any, str, Any, Tone], ...] = (
    ("enabled", _("Enabled"), "toggle_on", _("giving power"), "good"),
    ("pending", _("Waiting"), "hourglass_top", _("not yet heard by the unit"), "warn"),
    ("disabled", _("Disabled"), "toggle_off", _("switched off"), ""),
)


def _waiting(caller: Caller) -> Agenda:
    """Units that have been asked something for a day and more without being heard from."""
    return Agenda(
        _("Asked long ago, not heard yet"),
        tuple(
            Line(
                unit.serial_number,
                _("to be enabled") if unit.on else _("to be disabled"),
                unit.since,
                reverse("admin:products_product_change", args=(unit.imei,)),
                "warn",
            )
            for unit in fleet.longest_waits(caller, _LONGEST_WAITS)
        ),
        _("No unit keeps a change waiting for more than a day."),
        f"{reverse('admin:products_product_changelist')}?{SWITCH}=pending",
    )
