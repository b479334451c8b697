"""What people call the fields of a unit, and in which unit of measure they are.

A field of the measurement `telemetry` is called by its name, one of another measurement by both:
`balance/balance`. What is multiplied from two fields is called so: `voltage*current_in`.

Reference: "Product Data", Schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.telemetry.models import TelemetrySeries
from apps.telemetry.store.series import ANALYSIS, HOURLY, TELEMETRY, Kind

MOST_FIELDS = 10
_STATES_AT_FIRST = 2
_OTHERS_AT_FIRST = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """One field: where it is kept, what people call it, and its unit of measure or "".

    `factors` are the fields of which it is the product; such a field is not kept anywhere.
    """

    field: str
    label: Any
    unit: str = ""
    measurement: str = TELEMETRY
    kind: Kind = Kind.NUMBER
    factors: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """How addresses and files call it."""
        return self.field if self.measurement == TELEMETRY else f"{self.measurement}/{self.field}"


# In the order in which people look at them.
_KNOWN = {
    measure.key: measure
    for measure in (
        Measure("voltage", _("Voltage"), "V"),
        Measure("current_in", _("Current in"), "A"),
        Measure("current_out", _("Current out"), "A"),
        Measure("temperature", _("Temperature"), "°C"),
        Measure("state_of_charge_percent", _("State of charge"), "%"),
        Measure("active_power", _("Power"), "W"),
        Measure(
            "voltage*current_in",
            _("Power in, computed"),
            "W",
            factors=("voltage", "current_in"),
        ),
        Measure(
            "voltage*current_out",
            _("Power out, computed"),
            "W",
            factors=("voltage", "current_out"),
        ),
        Measure("current", _("Current"), "A"),
        Measure("panel_voltage", _("Panel voltage"), "V"),
        Measure("charge_current", _("Charge current"), "A"),
        Measure("pack_current", _("Pack current"), "A"),
        Measure("dc_load_current", _("DC load current"), "A"),
        Measure("usb_current", _("USB current"), "A"),
        Measure("state_of_charge_wh", _("State of charge in Wh"), "Wh"),
        Measure("voltage_cell_1", _("Voltage of cell 1"), "V"),
        Measure("voltage_cell_2", _("Voltage of cell 2"), "V"),
        Measure("voltage_cell_3", _("Voltage of cell 3"), "V"),
        Measure("voltage_cell_4", _("Voltage of cell 4"), "V"),
        Measure("ac_voltage", _("AC voltage"), "V"),
        Measure("ac_current", _("AC current"), "A"),
        Measure("apparent_power", _("Apparent power"), "VA"),
        Measure("energy", _("Energy")),
        Measure("pulse_count", _("Pulses")),
        Measure("balance", _("Credit left"), "s", measurement="balance"),
        Measure("energy_in", _("Energy in, each day"), "Wh", ANALYSIS),
        Measure("energy_out", _("Energy out, each day"), "Wh", ANALYSIS),
        Measure("discharge_wh", _("From the battery, each day"), "Wh", ANALYSIS),
        Measure("discharge_ah", _("From the battery, each day"), "Ah", ANALYSIS),
        Measure("state_of_charge", _("Lowest state of charge, each day"), "%", ANALYSIS),
    )
}
_ORDER = {key: place for place, key in enumerate(_KNOWN)}
_COMPUTED = tuple(measure for measure in _KNOWN.values() if measure.factors)
_AT_FIRST = (
    *("voltage", "current_in", "current_out", "temperature", "state_of_charge_percent"),
    *("active_power", *(measure.key for measure in _COMPUTED)),
)


def fields_of(imeis: Iterable[str]) -> list[Measure]:
    """The fields in which any of the units has ever had values, best known first.

    A unit that measures no power has the product of its voltage and currents in its place.
    """
    held: dict[str, dict[str, Measure]] = {imei: {} for imei in imeis}
    series = (
        TelemetrySeries.objects.filter(imei__in=held).exclude(measurement=HOURLY).order_by("pk")
    )
    for imei, measurement, kinds in series.values_list("imei", "measurement", "fields"):
        for name, kind in kinds.items():
            measure = _measure(measurement, name, Kind(kind))
            held[imei][measure.key] = measure
    found: dict[str, Measure] = {}
    for measures in held.values():
        found |= measures | _computed(measures)
    return sorted(found.values(), key=_place)


def at_first(has: Sequence[Measure]) -> tuple[Measure, ...]:
    """What is shown of a unit that has these fields unless something else is asked for."""
    own = [measure for measure in has if measure.measurement == TELEMETRY] or list(has)
    numbers = [measure for measure in own if measure.key in _AT_FIRST]
    states = [measure for measure in own if measure.kind is not Kind.NUMBER]
    others = [measure for measure in own if measure.kind is Kind.NUMBER]
    return (*(numbers or others[:_OTHERS_AT_FIRST]), *states[:_STATES_AT_FIRST])


def _measure(measurement: str, name: str, kind: Kind) -> Measure:
    """What is known of a field; one that no document names is called by its name."""
    measure = Measure(name, name, measurement=measurement, kind=kind)
    known = _KNOWN.get(measure.key)
    if known is not None and known.kind is kind:
        return known
    # By both names, as another measurement may have a field of the same name.
    return (
        measure if measurement == TELEMETRY else Measure(name, measure.key, "", measurement, kind)
    )


def _computed(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    if "active_power" in measures:
        return {}
    return {
        computed.key: computed
        for computed in _COMPUTED
        if all(name in measures for name in computed.factors)
    }


def _place(measure: Measure) -> tuple[bool, bool, int, str]:
    return (
        measure.measurement != TELEMETRY,
        measure.kind is not Kind.NUMBER,
        _ORDER.get(measure.key, len(_ORDER)),
        measure.key,
    )
