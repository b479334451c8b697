"""Parameter types: what may be set on units and parts, and within which bounds."""

from typing import Any

from apps.core.catalogue import Table


def _between(least: float, most: float) -> dict[str, Any]:
    return {"min": least, "max": most}


def _one_of(*options: str) -> dict[str, Any]:
    return {"options": list(options)}


def _at_most(characters: int) -> dict[str, Any]:
    return {"maxlength": characters}


# name, data type, units, validation rules, description
_SENT_TO_UNITS = {
    1: ("gps_enabled", "bool", None, None, "Whether the unit looks for satellites"),
    2: ("sleep_mode", "bool", None, None, "Whether the unit sleeps while nothing is connected"),
    3: (
        "energy_limit",
        "float",
        "Wh",
        _between(0, 2000),
        "Energy the unit gives between two charges before it switches off",
    ),
    7: ("sampling_period", "int", "s", _between(10, 3600), "Time between two measurements"),
    8: ("connection_period", "int", "s", _between(900, 86400), "Time between two connections"),
    9: (
        "low_voltage_disconnect",
        "float",
        "V",
        _between(2.5, 60),
        "Battery voltage below which the outputs go off",
    ),
    10: (
        "low_voltage_reconnect",
        "float",
        "V",
        _between(2.5, 60),
        "Battery voltage above which the outputs come back",
    ),
    11: (
        "temperature_limit",
        "float",
        "°C",
        _between(30, 85),
        "Temperature above which the battery is not charged",
    ),
    12: (
        "usb_current_limit",
        "float",
        "A",
        _between(0, 10),
        "Current at which the USB outputs cut out",
    ),
    13: (
        "load_current_limit",
        "float",
        "A",
        _between(0, 60),
        "Current at which the 12 V outputs cut out",
    ),
    14: (
        "tamper_sensitivity",
        "string",
        None,
        _one_of("low", "medium", "high"),
        "How easily the tamper switch trips",
    ),
    15: ("apn", "string", None, _at_most(64), "Access point name of the SIM"),
    16: ("server_url", "string", None, _at_most(200), "Where the unit sends its data"),
    17: (
        "rtc_keep_alive",
        "int",
        "s",
        _between(30, 3600),
        "Time between two signs of life over RTC",
    ),
    18: ("display_brightness", "int", "%", _between(0, 100), "Brightness of the unit's lights"),
    19: ("button_sound", "bool", None, None, "Whether buttons beep"),
    20: ("night_light", "bool", None, None, "Whether one light stays on at night"),
    21: (
        "language",
        "string",
        None,
        _one_of("en", "fr", "sw"),
        "Language in which the unit speaks to the customer",
    ),
    22: (
        "grace_period",
        "int",
        "s",
        _between(0, 604800),
        "How long the unit goes on once its credit has run out",
    ),
    23: (
        "low_credit_warning",
        "int",
        "s",
        _between(0, 604800),
        "Credit left when the unit begins to warn the customer",
    ),
    52: (
        "capacity_limit",
        "int",
        "Ah",
        _between(0, 100),
        "Charge an older unit gives between two charges before it switches off",
    ),
}
_KEPT_HERE = {
    4: (
        "energy_limit_cap",
        "float",
        "Wh",
        _between(0, 2000),
        "Highest energy limit that may be asked for on this unit",
    ),
    5: (
        "total_accessory_energy",
        "float",
        "Wh",
        _between(0, 2000),
        "Energy a day of all appliances sold with the unit; fixes its energy limit",
    ),
    6: (
        "solar_panel_wattage",
        "int",
        "W",
        _between(10, 2000),
        "Peak power of the panels sold with the unit",
    ),
    24: ("installation_date", "datetime", None, None, "When the unit was installed"),
    25: ("nominal_voltage", "float", "V", _between(1, 60), "Voltage of the battery as made"),
    26: ("nominal_capacity", "float", "Ah", _between(1, 400), "Capacity of the battery as made"),
    27: (
        "measured_capacity",
        "float",
        "Ah",
        _between(0, 400),
        "Capacity of the battery at its last test",
    ),
    28: ("cycle_count", "int", None, _between(0, 20000), "Charges and discharges of the battery"),
    29: ("accessory", "string", None, _at_most(100), "One appliance sold with the unit"),
}
_SEVERAL_AT_ONCE = {29}

PARAMETER_TYPES = Table(
    model="products.ParameterType",
    columns=(
        "pk",
        "name",
        "data_type",
        "units",
        "validation_rules",
        "description",
        "setting",
        "repeatable",
    ),
    rows=[
        (pk, *row, pk in _SENT_TO_UNITS, pk in _SEVERAL_AT_ONCE)
        for pk, row in sorted((_SENT_TO_UNITS | _KEPT_HERE).items())
    ],
    facts=("name", "data_type"),
)
