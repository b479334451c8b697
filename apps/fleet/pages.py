"""Where commands to many units stand in the menu."""

from apps.core.menu import place

place("fleet", "fleet_command", "fleet_command_unit")
