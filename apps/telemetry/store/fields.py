"""The fields the reference lists ("Product Data", Schema): all of them numbers."""

from __future__ import annotations

from apps.telemetry.store.series import ANALYSIS, TELEMETRY, Kind

_NUMBERS = {
    TELEMETRY: (
        "ac_current", "ac_voltage", "active_power", "apparent_power", "charge_current", "current",
        "current_in", "current_out", "dc_load_current", "energy", "pack_current", "panel_voltage",
        "pulse_count", "state_of_charge_percent", "state_of_charge_wh", "temperature",
        "usb_current", "voltage", "voltage_cell_1", "voltage_cell_2", "voltage_cell_3",
        "voltage_cell_4",
    ),
    ANALYSIS: (
        "discharge_ah", "discharge_end", "discharge_imax", "discharge_vmax", "discharge_vmin",
        "discharge_wh", "energy_in", "energy_out", "gap_end", "lvd", "state_of_charge",
    ),
}  # fmt: skip

# (measurement, field) -> kind, whatever is written first.
DOCUMENTED: dict[tuple[str, str], Kind] = {
    (measurement, name): Kind.NUMBER for measurement, names in _NUMBERS.items() for name in names
}
