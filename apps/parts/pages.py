"""Where the tables of parts stand in the menu."""

from django.utils.translation import gettext_lazy as _

from apps.core.menu import CATALOGUE, RULES, place, section

section("parts", _("Parts"), icon="settings_input_component", order=160)
place("parts", "part", "part_product_linker", "part_parameter", "default_energy_limit")
place(CATALOGUE, "part_type", "part_type_category")
place(RULES, "part_type_product_type_linker", "part_type_replacement_linker")
