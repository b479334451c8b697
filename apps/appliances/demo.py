"""Made-up appliances that came in for repair, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from random import Random

from apps.appliances.models import (
    Appliance,
    ApplianceActionTypeApplianceTypeLinker,
    AppliancePartTypeReplacementLinker,
    ApplianceRepair,
    ApplianceRepairApplianceActionTypeLinker,
    ApplianceRepairAppliancePartTypeLinker,
    ApplianceRepairApplianceSymptomLinker,
    ApplianceRepairProcess,
    ApplianceSymptomApplianceTypeLinker,
    ApplianceType,
)
from apps.core.demo import Fleet, Maker

_TECHNICIAN = "technician@demo.example"
# One appliance for so many units.
_UNITS_EACH = 10
_DAY = dt.timedelta(days=1)


class ApplianceMaker(Maker):
    """Brings appliances to the bench; most are back with their owners."""

    def setup(self, fleet: Fleet) -> None:
        self.types = list(ApplianceType.objects.order_by("pk"))
        self.symptoms: dict[int, list[int]] = defaultdict(list)
        self.actions: dict[int, list[int]] = defaultdict(list)
        self.parts: dict[int, list[int]] = defaultdict(list)
        for found, linker, column in (
            (self.symptoms, ApplianceSymptomApplianceTypeLinker, "appliance_symptom"),
            (self.actions, ApplianceActionTypeApplianceTypeLinker, "appliance_action_type"),
            (self.parts, AppliancePartTypeReplacementLinker, "existing_appliance_part_type"),
        ):
            rows = linker._default_manager.order_by("pk").values_list("appliance_type", column)
            for appliance_type, other in rows:
                found[appliance_type].append(other)

    def finish(self, fleet: Fleet) -> None:
        for number in range(max(8, fleet.size // _UNITS_EACH)):
            self._bring_in(fleet, fleet.rng("appliance", fleet.first_number, number))

    def _bring_in(self, fleet: Fleet, rng: Random) -> None:
        kind = rng.choice(self.types)
        arrived = fleet.until - rng.uniform(0.5, 300) * _DAY
        back = arrived + rng.uniform(1, 25) * _DAY
        done = back < fleet.until
        appliance = fleet.new_id(Appliance)
        fleet.add(
            Appliance,
            at=arrived,
            by=_TECHNICIAN,
            appliance_id=appliance,
            appliance_type_id=kind.pk,
            serial_number=f"{kind.erp_code}-{appliance:06d}",
        )
        repair = fleet.add(
            ApplianceRepair,
            at=arrived,
            by=_TECHNICIAN,
            appliance_id=appliance,
            arrival_date=arrived.date(),
            refurbishment_date=back.date() if done else None,
            pending_status=not done,
            process=rng.choices(ApplianceRepairProcess.values, (80, 8, 7, 5))[0],
            modified_at=back if done else None,
            modified_by=_TECHNICIAN if done else None,
        )["appliance_repair_id"]
        self._find(fleet, rng, kind.pk, repair, arrived)
        self._mend(fleet, rng, kind.pk, repair, arrived, back if done else None)

    def _find(self, fleet: Fleet, rng: Random, kind: int, repair: int, at: dt.datetime) -> None:
        symptoms = self.symptoms[kind]
        for symptom in rng.sample(symptoms, min(len(symptoms), rng.choice((1, 1, 2)))):
            fleet.add(
                ApplianceRepairApplianceSymptomLinker,
                at=at,
                by=_TECHNICIAN,
                appliance_repair_id=repair,
                appliance_symptom_id=symptom,
            )

    def _mend(
        self,
        fleet: Fleet,
        rng: Random,
        kind: int,
        repair: int,
        at: dt.datetime,
        done: dt.datetime | None,
    ) -> None:
        if done and self.actions[kind]:
            fleet.add(
                ApplianceRepairApplianceActionTypeLinker,
                at=done,
                by=_TECHNICIAN,
                appliance_repair_id=repair,
                appliance_action_type_id=rng.choice(self.actions[kind]),
            )
        if self.parts[kind] and rng.random() < 0.6:
            part = rng.choice(self.parts[kind])
            fleet.add(
                ApplianceRepairAppliancePartTypeLinker,
                at=at,
                by=_TECHNICIAN,
                appliance_repair_id=repair,
                old_appliance_part_type_id=part,
                new_appliance_part_type_id=part if done else None,
                repaired_parts_count=1,
                requested_date=at,
                replaced_date=done,
            )


MAKER = ApplianceMaker()
