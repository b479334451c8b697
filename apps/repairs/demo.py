"""Repairs of made-up units: what was found, done and replaced, and where."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from apps.core.demo import Fleet, Maker, Unit
from apps.entities.demo import COMPANIES, Ownership
from apps.entities.models import Entity
from apps.parts.demo import BATTERIES, BatteryInside, add_battery, fit
from apps.products.demo.life import Life, between
from apps.repairs.models import (
    ActionType,
    Repair,
    RepairActionTypeLinker,
    RepairCentre,
    RepairPartTypeLinker,
    RepairProcess,
    RepairSymptomTypeLinker,
    SymptomType,
    UserRepairCentreLink,
)

_TECHNICIAN = "technician@demo.example"
# Symptom -> what is done about it; the part type it wants replaced, where it does.
_REMEDIES: dict[str, tuple[tuple[str, ...], int | None]] = {
    "no_power": (("test_jig", "solder"), None),
    "switches_off": (("battery_test", "update_software"), None),
    "no_charge": (("test_jig", "solder"), None),
    "no_connection": (("replace_antenna", "update_software"), 10),
    "weak_signal": (("replace_antenna",), 10),
    "lights_faulty": (("replace_light",), 12),
    "no_sound": (("replace_speaker",), 11),
    "insects": (("clean",), None),
    "tampered": (("replace_tamper_switch", "test_jig"), 9),
    "clock_wrong": (("reset", "update_software"), None),
    "nothing_found": (("test_jig", "no_action"), None),
}
_WORN_BATTERY = "short_runtime"


class RepairMaker(Maker):
    """Puts each unit on the bench as often as its life says."""

    def setup(self, fleet: Fleet) -> None:
        self.symptoms = dict(SymptomType.objects.values_list("name", "pk"))
        self.actions = dict(ActionType.objects.values_list("name", "pk"))
        self.centres: dict[str, int] = {}
        for company in COMPANIES:
            if company.in_group:
                centre, _is_new = RepairCentre.objects.get_or_create(
                    entity=Entity.objects.get(name=company.name),
                    defaults={
                        "name": f"{company.towns[0].name} Repair Centre",
                        "created_by": "demo",
                    },
                )
                self.centres[company.name] = centre.pk
        UserRepairCentreLink.objects.get_or_create(
            username=_TECHNICIAN,
            defaults={
                "repair_centre_id": self.centres[COMPANIES[0].name],
                "created_by": "demo",
            },
        )

    def write(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("repairs", unit.number)
        for arrival, end in unit.get(Life).repairs:
            self._repair(fleet, unit, rng, arrival, end)

    def _repair(
        self,
        fleet: Fleet,
        unit: Unit,
        rng: Random,
        arrival: dt.datetime,
        end: dt.datetime | None,
    ) -> None:
        owner = unit.get(Ownership)
        by = owner.staff("technician")
        done = between(rng, arrival, end, 0.6, 1.0) if end else None
        has_battery = unit.get(Life).model.product_type_id in BATTERIES
        worn = has_battery and rng.random() < 0.4
        symptoms = [_WORN_BATTERY] if worn else []
        symptoms += rng.sample(list(_REMEDIES), rng.choice((0, 1) if worn else (1, 1, 2)))
        row = fleet.add(
            Repair,
            at=arrival,
            by=by,
            product_imei=unit.key,
            repair_centre_id=self.centres.get(owner.company.name),
            arrival_date=arrival.date(),
            refurbishment_date=done.date() if done else None,
            process=rng.choices(RepairProcess.values, (82, 4, 10, 4))[0],
            pending_status=not done,
            outcome=None if not done else "repaired",
            modified_at=done,
            modified_by=by if done else None,
        )
        for symptom in symptoms:
            self._link(fleet, RepairSymptomTypeLinker, row, self.symptoms, symptom, arrival, by)
        if worn:
            _change_battery(fleet, unit, rng, row, done, by)
        if done:
            row["measured_battery_capacity"] = _measured(unit, rng) if has_battery else None
            names = [name for symptom in symptoms for name in _actions(symptom)]
            for name in dict.fromkeys(names):
                self._link(fleet, RepairActionTypeLinker, row, self.actions, name, done, by)
        for part_type in {_REMEDIES[name][1] for name in symptoms if name in _REMEDIES} - {None}:
            _replace(fleet, row, part_type, by, at=arrival, done=done)

    def _link(
        self,
        fleet: Fleet,
        linker: type[RepairSymptomTypeLinker] | type[RepairActionTypeLinker],
        repair: dict[str, Any],
        ids: dict[str, int],
        name: str,
        at: dt.datetime,
        by: str,
    ) -> None:
        """A symptom or an action of a repair; none for a type that staff have renamed."""
        column = "symptom_type_id" if linker is RepairSymptomTypeLinker else "action_type_id"
        if name in ids:
            fleet.add(linker, at=at, by=by, repair_id=repair["repair_id"], **{column: ids[name]})


def _actions(symptom: str) -> tuple[str, ...]:
    if symptom == _WORN_BATTERY:
        return ("battery_test", "replace_battery")
    return _REMEDIES[symptom][0]


def _measured(unit: Unit, rng: Random) -> float:
    """What the battery still holds, in ampere-hours."""
    capacity = BATTERIES[unit.get(Life).model.product_type_id][3]
    return round(capacity * rng.uniform(0.55, 1.0), 2)


def _replace(
    fleet: Fleet,
    repair: dict[str, Any],
    part_type: int | None,
    by: str,
    *,
    at: dt.datetime,
    done: dt.datetime | None,
    new_part_id: int | None = None,
) -> None:
    """A replacement asked for; made, once the repair is done."""
    fleet.add(
        RepairPartTypeLinker,
        at=at,
        by=by,
        repair_id=repair["repair_id"],
        old_part_type_id=part_type,
        new_part_id=new_part_id,
        new_part_type_id=part_type,
        requested_date=at,
        replaced_date=done,
        non_transferable=False,
        modified_at=done,
        modified_by=by if done else None,
    )


def _change_battery(
    fleet: Fleet,
    unit: Unit,
    rng: Random,
    repair: dict[str, Any],
    done: dt.datetime | None,
    by: str,
) -> None:
    """The worn battery goes and another comes, in the rows of the unit's parts as well."""
    part_type = BATTERIES[unit.get(Life).model.product_type_id][0]
    arrival = repair["created_at"]
    if done is None:
        _replace(fleet, repair, part_type, by, at=arrival, done=None)
        return
    old = unit.get(BatteryInside)
    old.link |= {
        "date_removed": done,
        "removed_repair_id": repair["repair_id"],
        "modified_at": done,
        "modified_by": by,
    }
    new = add_battery(fleet, unit, rng, mark="R", at=done)
    link = fit(
        fleet,
        unit,
        new,
        at=done,
        by=by,
        added_repair_id=repair["repair_id"],
        replaced_part_id=old.part_id,
    )
    unit.put(BatteryInside(new, link))
    _replace(fleet, repair, part_type, by, at=arrival, done=done, new_part_id=new)


MAKER = RepairMaker()
