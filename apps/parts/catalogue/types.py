"""Part types. Other programs send these ids: 43, 44, 77, 122 and 158 are defaults of requests."""

from apps.core.catalogue import Table

PART_TYPE_CATEGORIES = Table(
    model="parts.PartTypeCategory",
    columns=("pk", "name"),
    rows=[
        (1, "SIM"),
        (2, "PCB"),
        (3, "Battery"),
        (4, "Fuse"),
        (5, "Cable"),
        (6, "Casing"),
        (7, "Button"),
        (8, "Light"),
        (9, "Board"),
        (10, "Switch"),
        (11, "Antenna"),
        (12, "Speaker"),
        (13, "Solar Panel"),
    ],
)

# Parameters of batteries (ids of parameter types): voltage, capacities, cycles, charge limit.
_BATTERY = [25, 26, 27, 28, 52]


def _sim(pk: int, name: str, description: str) -> tuple[object, ...]:
    return (pk, name, description, None, "SIM", "known", [])


def _pcb(pk: int, name: str, erp_code: str) -> tuple[object, ...]:
    return (pk, name, f"{name}, with its modem", erp_code, "PCB", "known", [])


def _battery(pk: int, name: str, erp_code: str, description: str) -> tuple[object, ...]:
    return (pk, name, description, erp_code, "Battery", "known", _BATTERY)


def _plain(pk: int, name: str, category: str, erp_code: str) -> tuple[object, ...]:
    """A part without a serial number of its own."""
    return (pk, name, name, erp_code, category, "unknown", [])


PART_TYPES = Table(
    model="parts.PartType",
    columns=(
        "pk",
        "name",
        "description",
        "erp_code",
        "part_type_category",
        "serial_number_category",
        "parameter_types",
    ),
    defaults={"is_sent_by_unit": False},
    facts=("name",),
    rows=[
        _sim(1, "Vodafone SIM", "A SIM card provided and activated by Vodafone"),
        _sim(2, "Wireless Logic SIM", "A SIM card provided and activated by Wireless Logic"),
        _pcb(3, "BB17 PCB (v1)", "PA01010101"),
        _pcb(4, "BB17 PCB (v2)", "PA01010201"),
        _battery(5, "BB17 Battery", "BT01010101", "12 V 17 Ah sealed lead-acid battery"),
        _battery(6, "Hub Battery", "BT01020101", "12 V 40 Ah sealed lead-acid battery"),
        _plain(7, "BB17 Casing", "Casing", "CA01010101"),
        _plain(8, "BB17 Output Board", "Board", "PA02010101"),
        _plain(9, "Tamper Switch", "Switch", "SW01010101"),
        _plain(10, "GSM Antenna", "Antenna", "AN01010101"),
        _plain(11, "Speaker", "Speaker", "SP01010101"),
        _plain(12, "Light Pipes", "Light", "LP01010101"),
        (13, "5A Fuse", "5A fuse", "FU01010101", "Fuse", "unknown", []),
        (14, "10A Fuse", "10A fuse", "FU01010201", "Fuse", "unknown", []),
        _plain(15, "Battery PCB Cable", "Cable", "CB01010101"),
        _plain(16, "On/Off Button", "Button", "BU01010101"),
        _pcb(17, "Hub PCB", "PA01020101"),
        _plain(18, "Hub Casing", "Casing", "CA01020101"),
        _sim(20, "Eseye SIM", "A SIM card provided and activated by Eseye"),
        _pcb(21, "Home PCB", "PA01030001"),
        _battery(22, "Home Battery", "BT01030001", "12 V 7 Ah sealed lead-acid battery"),
        _plain(23, "Home Casing", "Casing", "CA01030001"),
        (30, "50W Solar Panel", "50 W panel", "SN01010101", "Solar Panel", "hidden", []),
        (31, "100W Solar Panel", "100 W panel", "SN01010201", "Solar Panel", "hidden", []),
        _sim(43, "Aeris SIM", "A SIM card provided and activated by Aeris"),
        _pcb(44, "BBOXX Home 2 PCB (Tiger 2)", "PA01030201"),
        _battery(45, "Home 2 Battery", "BT01030101", "6.4 V 12 Ah lithium iron phosphate battery"),
        _battery(46, "Home 2 Battery (15 Ah)", "BT01030201", "6.4 V 15 Ah LFP battery"),
        _pcb(48, "BBOXX Home 2 PCB (Tiger 6)", "PA01030601"),
        _pcb(61, "BBOXX Home 2 PCB (Tiger 7)", "PA01030701"),
        _plain(62, "BBOXX Home 2 (Tiger) Battery Cable", "Cable", "CB01030101"),
        _plain(63, "Home 2 Casing", "Casing", "CA01030101"),
        _plain(64, "Home 2 Button Board", "Board", "PA02030101"),
        _plain(69, "Home 2 Button Cap", "Button", "BU01030101"),
        _battery(72, "Enterprise Battery", "BT01050101", "12.8 V 50 Ah LFP battery"),
        _battery(73, "Enterprise Battery (100 Ah)", "BT01050201", "12.8 V 100 Ah LFP battery"),
        _plain(74, "Enterprise Casing", "Casing", "CA01050101"),
        _plain(75, "Hub 2 Casing", "Casing", "CA01040101"),
        _plain(76, "15A Fuse", "Fuse", "FU01010301"),
        _pcb(77, "BBOXX Hub 2 PCB (Hyena)", "PA01050101"),
        _pcb(122, "BPower Control Board (Koala)", "PA01040102"),
        _battery(123, "BPower20 Battery", "BT01090101", "12.8 V 20 Ah LFP battery"),
        _battery(124, "BPower50 Battery", "BT01090201", "12.8 V 50 Ah LFP battery"),
        _plain(125, "BPower20 Casing", "Casing", "CA01090101"),
        _plain(126, "BPower50 Casing", "Casing", "CA01090201"),
        _plain(127, "BPower USB Board", "Board", "PA02090101"),
        _plain(128, "BPower Button Cap", "Button", "BU01090101"),
        _pcb(158, "Home 3 PCB (Jackal)", "PA04010102"),
        _plain(159, "Home 3 Casing", "Casing", "CA04010101"),
        _plain(160, "Home 3 Button Cap", "Button", "BU04010101"),
        _plain(161, "Home 3 Battery Cable", "Cable", "CB04010101"),
        _pcb(170, "Cook Valve PCB", "PA06010101"),
        _plain(171, "Cook Valve Casing", "Casing", "CA06010101"),
        _battery(18004, "Home 3 Battery", "BT04010101", "6.4 V 12 Ah LFP battery"),
    ],
)
