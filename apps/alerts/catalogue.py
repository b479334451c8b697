"""Alert types and the anomalies behind them; where and when each is looked for.

Labels and messages are keys of the translations.
"""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from apps.core.catalogue import Table, links

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

ALERT_TYPES = Table(
    model="alerts.AlertType",
    columns=(
        "pk",
        "name",
        "category",
        "severity",
        "analysis_frequency",
        "cooling_off_period",
        "label",
        "message",
        "purpose",
    ),
    defaults={"version": 1, "status": "live", "active": True},
    rows=[
        (
            1,
            "no_connection",
            "connectivity",
            "high",
            _HOUR,
            7 * _DAY,
            _("No connection"),
            _("The unit has not connected for a long time."),
            "Find units that were moved, sold on or have lost their network",
        ),
        (
            2,
            "low_battery",
            "battery",
            "medium",
            _HOUR,
            3 * _DAY,
            _("Low battery"),
            _("The battery voltage has stayed low."),
            "Call the customer before the unit goes dark",
        ),
        (
            3,
            "tamper",
            "security",
            "high",
            _HOUR,
            _DAY,
            _("Tampering"),
            _("The tamper switch of the unit has been tripped."),
            "Find units that are being opened",
        ),
        (
            4,
            "over_temperature",
            "temperature",
            "high",
            _HOUR,
            2 * _DAY,
            _("Over-temperature"),
            _("The unit has been too hot."),
            "Have units moved out of the sun, and fire prevented",
        ),
        (
            5,
            "not_charging",
            "charging",
            "medium",
            _DAY,
            7 * _DAY,
            _("Not charging"),
            _("Hardly any energy has come from the solar panel."),
            "Find panels that are broken, dirty, shaded or not plugged in",
        ),
        (
            6,
            "battery_degraded",
            "battery",
            "low",
            _DAY,
            30 * _DAY,
            _("Worn battery"),
            _("The battery holds much less than when it was new."),
            "Plan the exchange of batteries before they fail",
        ),
        (
            7,
            "overload",
            "usage",
            "low",
            _DAY,
            7 * _DAY,
            _("Overload"),
            _("More current was drawn than the unit is made for."),
            "Advise customers who plug in what was not sold with the unit",
        ),
        (
            8,
            "data_gap",
            "connectivity",
            "low",
            _DAY,
            7 * _DAY,
            _("Missing data"),
            _("The unit connects but its measurements have gaps."),
            "Find faulty memory and clocks",
        ),
        (
            9,
            "pending_too_long",
            "connectivity",
            "medium",
            _HOUR,
            3 * _DAY,
            _("Change not taken up"),
            _("The unit has not taken up a change of its enable state for days."),
            "Find units that stay on without being paid for",
        ),
        (
            10,
            "credit_drift",
            "credit",
            "high",
            6 * _HOUR,
            _DAY,
            _("Credit does not add up"),
            _("What the unit says it has left does not fit its payments."),
            "Find units that lost credit, or run on credit that nobody paid",
        ),
    ],
)

ANOMALY_TYPES = Table(
    model="alerts.AnomalyType",
    columns=(
        "pk",
        "name",
        "metrics",
        "min_gap_length",
        "min_duration",
        "min_data_points",
        "gap_anomaly",
        "status",
        "description",
    ),
    # Lengths are in seconds.
    defaults={"version": 1, "version_comment": "First version"},
    rows=[
        (1, "low_voltage", "voltage", 900, 1800, 6, False, "live", "Battery voltage too low"),
        (2, "high_temperature", "temperature", 900, 1800, 6, False, "live", "Unit too hot"),
        (3, "no_charge", "charge_current", 3600, 86400, 24, False, "live", "No current by day"),
        (4, "deep_discharge", "voltage", 3600, 600, 3, False, "live", "Battery nearly empty"),
        (5, "high_current", "current_out", 600, 60, 2, False, "live", "Output current too high"),
        (6, "no_data", "voltage", 3600, 14400, 0, True, "live", "No measurements at all"),
        (7, "low_capacity", "energy", 86400, 604800, 7, False, "test", "Battery gives little"),
        (
            8,
            "cell_imbalance",
            "voltage_cell_1,voltage_cell_2,voltage_cell_3,voltage_cell_4",
            3600,
            3600,
            12,
            False,
            "test",
            "Cells of the battery drift apart",
        ),
    ],
)

_EVERY = (
    "BB17SMART_v1",
    "BB17SMART_v2",
    "Hub",
    "Enterprise",
    "Home",
    "Home 2",
    "Hub 2",
    "BPower20",
    "BPower50",
    "Home 3",
)
_WITH_BATTERY_DATA = ("Enterprise", "Home 2", "BPower20", "BPower50", "Home 3")

PRODUCT_TYPES = links(
    "alerts.AlertTypeProductTypeLinker",
    "alert_type",
    "product_type",
    {
        "no_connection": (*_EVERY, "Cook"),
        "low_battery": _EVERY,
        "tamper": (*_EVERY, "Cook"),
        "over_temperature": _EVERY,
        "not_charging": _EVERY,
        "battery_degraded": _WITH_BATTERY_DATA,
        "overload": _EVERY,
        "data_gap": _EVERY,
        "pending_too_long": (*_EVERY, "Cook"),
        "credit_drift": _EVERY,
    },
)

_IN_USE = ("ACTIVATED", "MONITORED")

STATE_TYPES = links(
    "alerts.AlertTypeStateTypeLinker",
    "alert_type",
    "state_type",
    {
        "no_connection": _IN_USE,
        "low_battery": _IN_USE,
        "tamper": (*_IN_USE, "UNMONITORED"),
        "over_temperature": (*_IN_USE, "UNMONITORED"),
        "not_charging": _IN_USE,
        "battery_degraded": ("MONITORED",),
        "overload": _IN_USE,
        "data_gap": ("MONITORED",),
        "pending_too_long": (*_IN_USE, "UNMONITORED"),
        "credit_drift": (*_IN_USE, "UNMONITORED"),
    },
)

ANOMALIES_OF_ALERT_TYPES = links(
    "alerts.AlertTypeAnomalyTypeLinker",
    "alert_type",
    "anomaly_type",
    {
        "low_battery": ("low_voltage", "deep_discharge"),
        "over_temperature": ("high_temperature",),
        "not_charging": ("no_charge",),
        "battery_degraded": ("low_capacity", "cell_imbalance"),
        "overload": ("high_current",),
        "data_gap": ("no_data",),
    },
)

ANOMALIES_OF_PRODUCT_TYPES = links(
    "alerts.AnomalyTypeProductTypeLinker",
    "anomaly_type",
    "product_type",
    {
        "low_voltage": _EVERY,
        "high_temperature": _EVERY,
        "no_charge": _EVERY,
        "deep_discharge": _EVERY,
        "high_current": _EVERY,
        "no_data": _EVERY,
        "low_capacity": _WITH_BATTERY_DATA,
        "cell_imbalance": ("Enterprise", "BPower20", "BPower50"),
    },
)

TABLES = (
    ALERT_TYPES,
    ANOMALY_TYPES,
    PRODUCT_TYPES,
    STATE_TYPES,
    ANOMALIES_OF_ALERT_TYPES,
    ANOMALIES_OF_PRODUCT_TYPES,
)
