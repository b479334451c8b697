"""State types and product types. Their ids are known to other programs and to our own."""

from apps.core.catalogue import Table

STATE_TYPES = Table(
    model="products.StateType",
    columns=("pk", "name", "description"),
    rows=[
        (1, "NON_EXISTANT", "Not made yet: where every unit comes from"),
        (2, "STORED", "Made and tested, in stock"),
        (3, "SHIPPED", "On its way to the entity that sells it, or in its stock"),
        (4, "ACTIVATING", "Being installed; its first connection from there is awaited"),
        (5, "ACTIVATED", "With a customer, installed and connected"),
        (6, "MONITORED", "With a customer, its data analysed every day"),
        (7, "UNMONITORED", "With a customer, its data not analysed"),
        (8, "IN_REPAIR_SYSTEM", "In a repair centre"),
        (9, "TERMINATED", "Scrapped, lost or stolen: out of the system for good"),
    ],
    facts=("name",),
)

# What may be set on a unit (ids of parameter types): on every one, on those that count charge, on
# those that count energy, and on those whose panels are chosen for each customer.
_COMMON = [1, 2, 7, 8, 9, 10, 11, 14, 15, 16, 24, 29]
_CHARGE = [*_COMMON, 52]
_ENERGY = [*_COMMON, 3, 4, 5, 12, 13, 17, 18, 19, 20, 21, 22, 23]
_LARGE = [*_ENERGY, 6]

PRODUCT_TYPES = Table(
    model="products.ProductType",
    columns=("pk", "name", "erp_code", "credit_type", "parameter_types"),
    rows=[
        (1, "BB17SMART_v1", "BB170001", "time", _CHARGE),
        (2, "BB17SMART_v2", "BB170002", "time", _CHARGE),
        (3, "Hub", "HB000301", "time", _CHARGE),
        (4, "Enterprise", "HB000401", "time", _LARGE),
        (5, "Home", "HB000201", "time", _CHARGE),
        (6, "Home 2", "HB000501", "time", _ENERGY),
        (7, "Hub 2", "HB000601", "time", _LARGE),
        (8, "BPower20", "BX002001", "time", _ENERGY),
        (9, "BPower50", "BX005001", "time", _LARGE),
        (10, "Home 3", "PA040000", "time", _ENERGY),
        (11, "Cook", "CK000101", "gas", [2, 7, 8, 15, 16, 24]),
    ],
    facts=("name",),
)
