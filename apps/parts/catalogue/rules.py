"""Which parts units of each product type are made of, and which may take whose place."""

from collections.abc import Iterator

from apps.core.catalogue import Table, links

_SIMS = ("Aeris SIM", "Vodafone SIM", "Wireless Logic SIM", "Eseye SIM")
_TIGERS = (
    "BBOXX Home 2 PCB (Tiger 7)",
    "BBOXX Home 2 PCB (Tiger 2)",
    "BBOXX Home 2 PCB (Tiger 6)",
)
_COMMON = (_SIMS, ("GSM Antenna",), ("Speaker",), ("Tamper Switch",))

# Product type -> places in the unit; the types of part that fit a place, the one offered first
# ahead.
PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "BB17SMART_v1": (
        *_COMMON,
        ("BB17 PCB (v1)", "BB17 PCB (v2)"),
        ("BB17 Battery",),
        ("BB17 Casing",),
        ("BB17 Output Board",),
        ("5A Fuse",),
        ("Light Pipes",),
        ("Battery PCB Cable",),
        ("On/Off Button",),
    ),
    "BB17SMART_v2": (
        *_COMMON,
        ("BB17 PCB (v2)",),
        ("BB17 Battery",),
        ("BB17 Casing",),
        ("BB17 Output Board",),
        ("5A Fuse",),
        ("Light Pipes",),
        ("Battery PCB Cable",),
        ("On/Off Button",),
    ),
    "Hub": (
        *_COMMON,
        ("Hub PCB",),
        ("Hub Battery",),
        ("Hub Casing",),
        ("10A Fuse", "15A Fuse"),
        ("Battery PCB Cable",),
        ("100W Solar Panel",),
    ),
    "Enterprise": (
        *_COMMON,
        ("BBOXX Hub 2 PCB (Hyena)",),
        ("Enterprise Battery", "Enterprise Battery (100 Ah)"),
        ("Enterprise Casing",),
        ("15A Fuse",),
        ("100W Solar Panel",),
    ),
    "Home": (
        *_COMMON,
        ("Home PCB",),
        ("Home Battery",),
        ("Home Casing",),
        ("5A Fuse",),
        ("Light Pipes",),
        ("On/Off Button",),
    ),
    "Home 2": (
        *_COMMON,
        _TIGERS,
        ("Home 2 Battery", "Home 2 Battery (15 Ah)"),
        ("Home 2 Casing",),
        ("Home 2 Button Board",),
        ("Home 2 Button Cap",),
        ("Light Pipes",),
        ("5A Fuse",),
        ("Battery PCB Cable",),
        ("BBOXX Home 2 (Tiger) Battery Cable",),
        ("50W Solar Panel",),
    ),
    "Hub 2": (
        *_COMMON,
        ("BBOXX Hub 2 PCB (Hyena)",),
        ("Hub 2 Casing",),
        ("15A Fuse", "10A Fuse"),
        ("100W Solar Panel",),
    ),
    "BPower20": (
        *_COMMON,
        ("BPower Control Board (Koala)",),
        ("BPower20 Battery",),
        ("BPower20 Casing",),
        ("BPower USB Board",),
        ("BPower Button Cap",),
        ("10A Fuse",),
        ("50W Solar Panel",),
    ),
    "BPower50": (
        *_COMMON,
        ("BPower Control Board (Koala)",),
        ("BPower50 Battery",),
        ("BPower50 Casing",),
        ("BPower USB Board",),
        ("BPower Button Cap",),
        ("15A Fuse",),
        ("100W Solar Panel",),
    ),
    "Home 3": (
        *_COMMON,
        ("Home 3 PCB (Jackal)",),
        ("Home 3 Battery",),
        ("Home 3 Casing",),
        ("Home 3 Button Cap",),
        ("Home 3 Battery Cable",),
        ("Light Pipes",),
        ("5A Fuse",),
        ("50W Solar Panel",),
    ),
    "Cook": (_SIMS, ("Cook Valve PCB",), ("Cook Valve Casing",)),
}

# Without one of these the unit does not work.
_CRITICAL = ("SIM", "PCB", "Koala", "Battery")
# These are used up when they are taken out.
_NON_TRANSFERABLE = ("Fuse", "Cap", "Casing", "Light Pipes", "Button")


def _replacements() -> Iterator[tuple[str, str, str, bool, bool, bool]]:
    """In each place every type that fits may take the place of every other, and of its like."""
    for product_type, places in PLACES.items():
        for fitting in places:
            for existing in fitting:
                for replacement in fitting:
                    yield (
                        product_type,
                        existing,
                        replacement,
                        replacement == fitting[0],
                        any(word in existing for word in _CRITICAL) and "Cable" not in existing,
                        any(word in existing for word in _NON_TRANSFERABLE),
                    )


PART_TYPES_OF_PRODUCT_TYPES = links(
    "parts.PartTypeProductTypeLinker",
    "product_type",
    "part_type",
    {name: [part for fitting in places for part in fitting] for name, places in PLACES.items()},
)

REPLACEMENTS = Table(
    model="parts.PartTypeReplacementLinker",
    columns=(
        "product_type",
        "existing_part_type",
        "replacement_part_type",
        "default_part_type",
        "critical_part_type",
        "non_transferable",
    ),
    key=("product_type", "existing_part_type", "replacement_part_type"),
    rows=list(_replacements()),
)
