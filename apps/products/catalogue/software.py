"""Software versions, where they may run and which one is given to new units.

The versions that wake up on an SMS are the reference's. Rows come without link and checksum: an
image is published by whoever uploads it.
"""

from datetime import UTC, datetime

from apps.core.catalogue import Table, links


def _released(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


# What may be set on a unit that runs it (ids of parameter types).
_CHARGE = [1, 2, 7, 8, 9, 10, 11, 14, 15, 16, 52]
_ENERGY = [1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 52]
_CREDIT = [1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]

SOFTWARE_VERSION_TYPES = Table(
    model="products.SoftwareVersionType",
    columns=("pk", "name", "status", "release_date", "parameter_types", "description"),
    rows=[
        (1, "1.8", "outdated", _released(2014, 4, 7), _CHARGE, "First version for BB17SMART"),
        (2, "2.10", "outdated", _released(2014, 11, 3), _CHARGE, "Tamper switch"),
        (3, "2.14", "bad", _released(2015, 2, 16), _CHARGE, "Loses its settings on a restart"),
        (4, "2.15", "outdated", _released(2015, 4, 20), _CHARGE, "Wakes up on an SMS"),
        (5, "2.16", "stable", _released(2015, 9, 14), _CHARGE, "Last version for BB17SMART_v1"),
        (6, "3.2", "outdated", _released(2016, 3, 7), _ENERGY, "Energy limit"),
        (7, "3.3", "outdated", _released(2016, 6, 13), _ENERGY, "Steadier on weak networks"),
        (8, "3.4", "bad", _released(2016, 9, 5), _ENERGY, "Drains the battery overnight"),
        (9, "3.5", "outdated", _released(2016, 11, 21), _ENERGY, "Puts 3.4 right"),
        (10, "3.6", "stable", _released(2017, 5, 15), _ENERGY, "Seven neighbouring cells"),
        (11, "3.6a", "stable", _released(2017, 8, 28), _ENERGY, "Shorter time to connect"),
        (12, "hub-stc-1", "outdated", _released(2016, 2, 1), _CHARGE, "First version for Hub"),
        (13, "hub-stc-2", "outdated", _released(2016, 7, 4), _CHARGE, "Meters the outputs"),
        (14, "hub-stc-3", "outdated", _released(2017, 1, 23), _ENERGY, "Energy limit"),
        (15, "hub-stc-4", "outdated", _released(2017, 7, 10), _ENERGY, "Larger batteries"),
        (16, "hub-stc-5", "stable", _released(2018, 3, 5), _ENERGY, "Several panels"),
        (17, "hub-stc-6", "stable", _released(2018, 10, 22), _CREDIT, "RTC and device credit"),
        (18, "koala-1.0", "outdated", _released(2019, 6, 3), _CREDIT, "First version for BPower"),
        (19, "koala-1.2", "stable", _released(2020, 2, 10), _CREDIT, "Zeroing of device credit"),
        (20, "koala-1.3", "stable", _released(2021, 4, 19), _CREDIT, "BPower50"),
        (21, "koala-1.4-rc1", "beta", _released(2022, 1, 17), _CREDIT, "Faster RTC"),
        (22, "jackal-1.0", "outdated", _released(2020, 9, 7), _CREDIT, "First version for Home 3"),
        (23, "jackal-1.1", "stable", _released(2021, 9, 13), _CREDIT, "Night light"),
        (24, "cook-1.0", "beta", _released(2021, 3, 1), [2, 7, 8, 15, 16], "First for Cook"),
    ],
)

_BB17_V1 = ("1.8", "2.10", "2.14", "2.15", "2.16")
_VERSION_3 = ("3.2", "3.3", "3.4", "3.5", "3.6", "3.6a")
_HUB = ("hub-stc-1", "hub-stc-2", "hub-stc-3", "hub-stc-4", "hub-stc-5", "hub-stc-6")

SOFTWARE_OF_PRODUCT_TYPES = links(
    "products.ProductTypeSoftwareVersionTypeLinker",
    "product_type",
    "software_version_type",
    {
        "BB17SMART_v1": _BB17_V1,
        "BB17SMART_v2": ("2.10", "2.14", "2.15", "2.16", *_VERSION_3),
        "Home": _VERSION_3,
        "Home 2": _VERSION_3,
        "Hub": _HUB,
        "Hub 2": _HUB[2:],
        "Enterprise": _HUB[2:],
        "BPower20": ("koala-1.0", "koala-1.2", "koala-1.3", "koala-1.4-rc1"),
        "BPower50": ("koala-1.3", "koala-1.4-rc1"),
        "Home 3": ("jackal-1.0", "jackal-1.1"),
        "Cook": ("cook-1.0",),
    },
)

LATEST_SOFTWARE = Table(
    model="products.LatestSoftware",
    columns=("product_type", "software_version_type"),
    key=("product_type",),
    rows=[
        ("BB17SMART_v1", "2.16"),
        ("BB17SMART_v2", "3.6a"),
        ("Home", "3.6a"),
        ("Home 2", "3.6a"),
        ("Hub", "hub-stc-6"),
        ("Hub 2", "hub-stc-6"),
        ("Enterprise", "hub-stc-6"),
        ("BPower20", "koala-1.3"),
        ("BPower50", "koala-1.3"),
        ("Home 3", "jackal-1.1"),
        ("Cook", "cook-1.0"),
    ],
)
