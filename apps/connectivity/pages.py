"""Where the tables of connectivity stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import CATALOGUE, RULES, place, section

section("connectivity", _("Connectivity"), icon="cell_tower", order=150)
place("connectivity", "connection", "sms_history")
place(CATALOGUE, "network", "sim_provider")
place(RULES, "sim_provider_network_linker", "sim_part_type_sim_provider_linker")
