"""What can be wrong with units and what is done about it. Labels are keys of the translations."""

from django.utils.translation import gettext_noop as _

from apps.core.catalogue import Table, links

SYMPTOM_TYPES = Table(
    model="repairs.SymptomType",
    columns=("pk", "name", "label", "description"),
    rows=[
        (1, "no_power", _("Does not switch on"), "Nothing happens at the button"),
        (2, "switches_off", _("Switches off by itself"), "Goes off although there is credit"),
        (3, "no_charge", _("Does not charge"), "No sign of the panel in full sun"),
        (4, "short_runtime", _("Runs too short"), "Empty long before the morning"),
        (5, "no_connection", _("Does not connect"), "No connection for days with good signal"),
        (6, "weak_signal", _("Weak signal"), "Connects outdoors only"),
        (7, "usb_dead", _("USB output dead"), "Phones are not charged"),
        (8, "output_dead", _("12 V output dead"), "Lamps and television stay dark"),
        (9, "lights_faulty", _("Indicator lights faulty"), "Lights dark, stuck or flickering"),
        (10, "button_faulty", _("Button faulty"), "Button stuck, loose or missing"),
        (11, "no_sound", _("No sound"), "Speaker silent or distorted"),
        (12, "casing_damaged", _("Casing damaged"), "Cracked, broken or molten casing"),
        (13, "water_damage", _("Water damage"), "Traces of water or corrosion inside"),
        (14, "burnt", _("Burnt components"), "Smell or traces of fire on the board"),
        (15, "insects", _("Insects inside"), "Nest or remains of insects"),
        (16, "tampered", _("Opened by the customer"), "Seal broken, screws or wires changed"),
        (17, "battery_swollen", _("Battery swollen"), "Battery deformed or leaking"),
        (18, "clock_wrong", _("Wrong time"), "Measurements carry a wrong date"),
        (19, "wrong_state", _("Does not take up changes"), "Stays on or off against the system"),
        (20, "nothing_found", _("No fault found"), "Works as it should on the bench"),
    ],
)

ACTION_TYPES = Table(
    model="repairs.ActionType",
    columns=("pk", "name", "label", "description"),
    rows=[
        (1, "clean", _("Cleaned"), "Dust, insects and corrosion removed"),
        (2, "charge", _("Battery charged"), "Charged on the bench until full"),
        (3, "battery_test", _("Battery tested"), "Charged, discharged and measured"),
        (4, "replace_battery", _("Battery replaced"), "Another battery put in"),
        (5, "replace_pcb", _("PCB replaced"), "Another main board put in"),
        (6, "replace_sim", _("SIM replaced"), "Another SIM put in"),
        (7, "replace_fuse", _("Fuse replaced"), "Another fuse put in"),
        (8, "replace_cable", _("Cable replaced"), "Another cable put in"),
        (9, "replace_casing", _("Casing replaced"), "Another casing put on"),
        (10, "replace_button", _("Button replaced"), "Another button or cap put in"),
        (11, "replace_board", _("Output board replaced"), "Another output or button board put in"),
        (12, "replace_light", _("Light pipes replaced"), "Other light pipes put in"),
        (13, "replace_speaker", _("Speaker replaced"), "Another speaker put in"),
        (14, "replace_antenna", _("Antenna replaced"), "Another antenna put in"),
        (15, "replace_tamper_switch", _("Tamper switch replaced"), "Another switch put in"),
        (16, "solder", _("Resoldered"), "A joint or connector soldered again"),
        (17, "update_software", _("Software updated"), "Software written over the cable"),
        (18, "reset", _("Reset"), "Settings put back to those of the factory"),
        (19, "test_jig", _("Tested on the jig"), "All inputs and outputs measured"),
        (20, "no_action", _("Nothing done"), "No fault found, sent back as it was"),
    ],
)

_ON_EVERY_UNIT = tuple(row[1] for row in SYMPTOM_TYPES.rows)
_ON_VALVES = ("no_connection", "weak_signal", "casing_damaged", "tampered", "wrong_state")
_TO_EVERY_UNIT = tuple(row[1] for row in ACTION_TYPES.rows)
_TO_VALVES = ("clean", "replace_pcb", "replace_sim", "replace_casing", "reset", "no_action")
_WITHOUT_BATTERY = {"battery_swollen", "short_runtime", "replace_battery", "battery_test", "charge"}
_UNITS = (
    "BB17SMART_v1",
    "BB17SMART_v2",
    "Hub",
    "Enterprise",
    "Home",
    "Home 2",
    "BPower20",
    "BPower50",
    "Home 3",
)

TABLES = (
    SYMPTOM_TYPES,
    ACTION_TYPES,
    links(
        "repairs.SymptomTypeProductTypeLinker",
        "product_type",
        "symptom_type",
        {
            **dict.fromkeys(_UNITS, _ON_EVERY_UNIT),
            # It stands beside a battery of its own.
            "Hub 2": tuple(name for name in _ON_EVERY_UNIT if name not in _WITHOUT_BATTERY),
            "Cook": _ON_VALVES,
        },
    ),
    links(
        "repairs.ActionTypeProductTypeLinker",
        "product_type",
        "action_type",
        {
            **dict.fromkeys(_UNITS, _TO_EVERY_UNIT),
            "Hub 2": tuple(name for name in _TO_EVERY_UNIT if name not in _WITHOUT_BATTERY),
            "Cook": _TO_VALVES,
        },
    ),
)
