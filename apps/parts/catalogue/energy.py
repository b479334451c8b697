"""How much energy, in Wh, a unit may give between two charges, by its battery and its stage.

A new battery gives nine tenths of what it holds, sealed lead-acid six tenths: more would age it.
In stock and on the road a unit needs only enough to be shown; on the bench all of it.
"""

from collections.abc import Iterator

from apps.core.catalogue import Table

# Battery type -> energy it holds when new (Wh), share of it that may be used.
_BATTERIES = {
    "BB17 Battery": (204, 0.6),
    "Hub Battery": (480, 0.6),
    "Home Battery": (84, 0.6),
    "Home 2 Battery": (77, 0.9),
    "Home 2 Battery (15 Ah)": (96, 0.9),
    "Enterprise Battery": (640, 0.9),
    "Enterprise Battery (100 Ah)": (1280, 0.9),
    "BPower20 Battery": (256, 0.9),
    "BPower50 Battery": (640, 0.9),
    "Home 3 Battery": (77, 0.9),
}
_SHARES = {
    "STORED": 0.2,
    "SHIPPED": 0.2,
    "ACTIVATING": 0.8,
    "ACTIVATED": 0.8,
    "MONITORED": 0.8,
    "UNMONITORED": 0.6,
    "IN_REPAIR_SYSTEM": 1.0,
}


def _limits() -> Iterator[tuple[str, str, float, float, float]]:
    for battery, (energy, usable) in _BATTERIES.items():
        most = round(energy * usable, 1)
        for state, share in _SHARES.items():
            yield battery, state, round(most * share, 1), most, round(most * 0.1, 1)


DEFAULT_ENERGY_LIMITS = Table(
    model="parts.DefaultEnergyLimit",
    columns=(
        "battery_type",
        "state_type",
        "energy_limit",
        "max_energy_limit",
        "min_energy_limit",
    ),
    key=("battery_type", "state_type", "entity"),
    defaults={"entity": None},
    rows=list(_limits()),
)
