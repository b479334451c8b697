"""Where the tables of appliances stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import CATALOGUE, RULES, place, section

section("appliances", _("Appliances"), icon="kitchen", order=180)
place(
    "appliances",
    "appliance",
    "appliance_repair",
    "appliance_repair_appliance_symptom_linker",
    "appliance_repair_appliance_action_type_linker",
    "appliance_repair_appliance_part_type_linker",
)
place(
    CATALOGUE, "appliance_type", "appliance_part_type", "appliance_symptom", "appliance_action_type"
)
place(
    RULES,
    "appliance_symptom_appliance_type_linker",
    "appliance_action_type_appliance_type_linker",
    "appliance_part_type_replacement_linker",
)
