"""What people call the fields of a unit, and in which unit of measure they are.

Reference: "Product Data", Schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Measure:
    """One field: its name in the store, what people call it, and its unit of measure or ""."""

    field: str
    label: Any
    unit: str = ""


# In the order in which people look at them.
_KNOWN = {
    measure.field: measure
    for measure in (
        Measure("voltage", _("Voltage"), "V"),
        Measure("current_in", _("Current in"), "A"),
        Measure("current_out", _("Current out"), "A"),
        Measure("temperature", _("Temperature"), "°C"),
        Measure("state_of_charge_percent", _("State of charge"), "%"),
        Measure("active_power", _("Power"), "W"),
        Measure("current", _("Current"), "A"),
        Measure("panel_voltage", _("Panel voltage"), "V"),
        Measure("charge_current", _("Charge current"), "A"),
        Measure("pack_current", _("Pack current"), "A"),
        Measure("dc_load_current", _("DC load current"), "A"),
        Measure("usb_current", _("USB current"), "A"),
        Measure("state_of_charge_wh", _("State of charge in Wh"), "Wh"),
        Measure("voltage_cell_1", _("Voltage of cell 1"), "V"),
        Measure("voltage_cell_2", _("Voltage of cell 2"), "V"),
        Measure("voltage_cell_3", _("Voltage of cell 3"), "V"),
        Measure("voltage_cell_4", _("Voltage of cell 4"), "V"),
        Measure("ac_voltage", _("AC voltage"), "V"),
        Measure("ac_current", _("AC current"), "A"),
        Measure("apparent_power", _("Apparent power"), "VA"),
        Measure("energy", _("Energy")),
        Measure("pulse_count", _("Pulses")),
    )
}
_ORDER = {name: place for place, name in enumerate(_KNOWN)}


def measure_of(field: str) -> Measure:
    """What is known of a field; one that no document names is called by its name."""
    return _KNOWN.get(field) or Measure(field, field)


def in_order(fields: set[str]) -> list[Measure]:
    """The fields, those that people look at most first, all others by name."""
    return [measure_of(name) for name in sorted(fields, key=lambda n: (_ORDER.get(n, 99), n))]
