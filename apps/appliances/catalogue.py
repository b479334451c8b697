"""The appliances sold with units, what can be wrong with them and what is done about it."""

from collections.abc import Iterator

from apps.core.catalogue import Table, links

APPLIANCE_TYPES = Table(
    model="appliances.ApplianceType",
    columns=("pk", "name", "category", "erp_code", "tracked", "description"),
    rows=[
        (1, "LED Lamp 1.2 W", "Lamp", "AP01010101", False, "Hanging lamp with a switch"),
        (2, "LED Tube 3 W", "Lamp", "AP01020101", False, "Tube for a shop or a large room"),
        (3, "Security Lamp", "Lamp", "AP01030101", False, "Outdoor lamp that senses motion"),
        (4, "Torch", "Torch", "AP02010101", False, "Torch charged over USB"),
        (5, "Radio", "Radio", "AP03010101", False, "FM radio with a memory card"),
        (6, "TV 15.6 inch", "TV", "AP04010101", True, "12 V television"),
        (7, "TV 19 inch", "TV", "AP04020101", True, "12 V television with a decoder"),
        (8, "TV 24 inch", "TV", "AP04030101", True, "12 V television with a decoder"),
        (9, "TV 32 inch", "TV", "AP04040101", True, "12 V television for Enterprise"),
        (10, "Shaver", "Shaver", "AP05010101", False, "Rechargeable hair clipper"),
        (11, "Fan", "Fan", "AP06010101", False, "Table fan with three speeds"),
        (12, "Phone Charger", "Charger", "AP07010101", False, "Cable for five kinds of phone"),
        (13, "Tablet", "Tablet", "AP08010101", True, "7-inch tablet for schools"),
        (14, "Fridge 50 l", "Fridge", "AP09010101", True, "Direct-current refrigerator"),
        (15, "Remote Control", "Accessory", "AP04900101", False, "Of a television"),
        (16, "Solar Panel 50 W", "Panel", "AP10010101", True, "Panel with 5 m of cable"),
    ],
)

PART_TYPES = Table(
    model="appliances.AppliancePartType",
    columns=("pk", "name", "erp_code", "description"),
    rows=[
        (1, "LED Board", "AQ01010101", "Light-emitting diodes of a lamp"),
        (2, "Lamp Switch", "AQ01020101", "Switch in the cable"),
        (3, "Lamp Cable", "AQ01030101", "5 m of cable with a plug"),
        (4, "Rechargeable Cell", "AQ02010101", "Lithium cell of a torch, radio or shaver"),
        (5, "Charging Socket", "AQ02020101", "USB socket on a board"),
        (6, "Loudspeaker", "AQ03010101", "Of a radio or television"),
        (7, "Aerial", "AQ03020101", "Of a radio or television"),
        (8, "TV Main Board", "AQ04010101", "Main board of a television"),
        (9, "TV Power Board", "AQ04020101", "Power supply of a television"),
        (10, "TV Backlight", "AQ04030101", "Strips behind the screen"),
        (11, "TV Remote Control", "AQ04040101", "Remote control"),
        (12, "Shaver Blade", "AQ05010101", "Blade set"),
        (13, "Motor", "AQ06010101", "Of a fan or shaver"),
        (14, "Compressor", "AQ09010101", "Of a refrigerator"),
        (15, "Junction Box", "AQ10010101", "Of a panel"),
    ],
)

SYMPTOMS = Table(
    model="appliances.ApplianceSymptom",
    columns=("pk", "name", "description"),
    rows=[
        (1, "Does not switch on", "Nothing happens"),
        (2, "Does not charge", "Its own cell stays empty"),
        (3, "Dim or flickering light", "Weaker than when new"),
        (4, "No picture", "Sound without picture"),
        (5, "Broken screen", "Cracks or lines on the screen"),
        (6, "No sound", "Picture without sound, or silent"),
        (7, "Bad reception", "Noise, or no station found"),
        (8, "Broken cable or plug", "Torn, bitten or burnt"),
        (9, "Broken casing", "Cracked or open"),
        (10, "Does not turn", "Motor stuck or too slow"),
        (11, "Does not cool", "Runs without cooling"),
        (12, "No output", "Panel gives no current in the sun"),
        (13, "Water damage", "Traces of water inside"),
    ],
)

ACTION_TYPES = Table(
    model="appliances.ApplianceActionType",
    columns=("pk", "name", "description"),
    rows=[
        (1, "Cleaned", "Dust and corrosion removed"),
        (2, "Part replaced", "One or more parts replaced"),
        (3, "Resoldered", "A joint soldered again"),
        (4, "Software updated", "New software written"),
        (5, "Cable mended", "Cable or plug mended"),
        (6, "Replaced by a new one", "Not worth a repair"),
        (7, "No fault found", "Works as it should"),
    ],
)

# Appliance types -> symptoms they show; parts they are made of, with how many of each.
_KINDS: tuple[tuple[tuple[str, ...], tuple[int, ...], dict[str, int]], ...] = (
    (
        ("LED Lamp 1.2 W", "LED Tube 3 W", "Security Lamp"),
        (1, 3, 8, 9, 13),
        {"LED Board": 1, "Lamp Switch": 1, "Lamp Cable": 1},
    ),
    (
        ("Torch",),
        (1, 2, 3, 9, 13),
        {"LED Board": 1, "Rechargeable Cell": 1, "Charging Socket": 1},
    ),
    (
        ("Radio",),
        (1, 2, 6, 7, 9, 13),
        {"Rechargeable Cell": 1, "Charging Socket": 1, "Loudspeaker": 1, "Aerial": 1},
    ),
    (
        ("TV 15.6 inch", "TV 19 inch", "TV 24 inch", "TV 32 inch"),
        (1, 4, 5, 6, 7, 8, 9, 13),
        {
            "TV Main Board": 1,
            "TV Power Board": 1,
            "TV Backlight": 4,
            "Loudspeaker": 2,
            "Aerial": 1,
            "TV Remote Control": 1,
        },
    ),
    (
        ("Shaver",),
        (1, 2, 9, 10, 13),
        {"Rechargeable Cell": 1, "Charging Socket": 1, "Shaver Blade": 2, "Motor": 1},
    ),
    (("Fan",), (1, 8, 9, 10, 13), {"Motor": 1}),
    (("Phone Charger",), (1, 8), {}),
    (("Tablet",), (1, 2, 4, 5, 6, 9, 13), {"Rechargeable Cell": 1, "Charging Socket": 1}),
    (("Fridge 50 l",), (1, 8, 9, 11), {"Compressor": 1}),
    (("Remote Control",), (1, 9, 13), {}),
    (("Solar Panel 50 W",), (8, 12), {"Junction Box": 1}),
)


def _replacements() -> Iterator[tuple[str, str, str, int]]:
    for names, _symptoms, parts in _KINDS:
        for name in names:
            for part, count in parts.items():
                yield name, part, part, count


TABLES = (
    APPLIANCE_TYPES,
    PART_TYPES,
    SYMPTOMS,
    ACTION_TYPES,
    Table(
        model="appliances.ApplianceSymptomApplianceTypeLinker",
        columns=("appliance_type", "appliance_symptom"),
        rows=[
            (name, symptom)
            for names, symptoms, _parts in _KINDS
            for name in names
            for symptom in symptoms
        ],
    ),
    links(
        "appliances.ApplianceActionTypeApplianceTypeLinker",
        "appliance_type",
        "appliance_action_type",
        {row[1]: [action[1] for action in ACTION_TYPES.rows] for row in APPLIANCE_TYPES.rows},
    ),
    Table(
        model="appliances.AppliancePartTypeReplacementLinker",
        columns=(
            "appliance_type",
            "existing_appliance_part_type",
            "replacement_appliance_part_type",
            "max_part_count",
        ),
        key=(
            "appliance_type",
            "existing_appliance_part_type",
            "replacement_appliance_part_type",
        ),
        rows=list(_replacements()),
    ),
)
