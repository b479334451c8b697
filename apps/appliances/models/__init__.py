"""Appliances sold with units, and their repairs."""

from apps.appliances.models.repairs import (
    ApplianceRepair,
    ApplianceRepairApplianceActionTypeLinker,
    ApplianceRepairAppliancePartTypeLinker,
    ApplianceRepairApplianceSymptomLinker,
    ApplianceRepairProcess,
)
from apps.appliances.models.types import (
    Appliance,
    ApplianceActionType,
    ApplianceActionTypeApplianceTypeLinker,
    AppliancePartType,
    AppliancePartTypeReplacementLinker,
    ApplianceSymptom,
    ApplianceSymptomApplianceTypeLinker,
    ApplianceType,
)

__all__ = [
    "Appliance",
    "ApplianceActionType",
    "ApplianceActionTypeApplianceTypeLinker",
    "AppliancePartType",
    "AppliancePartTypeReplacementLinker",
    "ApplianceRepair",
    "ApplianceRepairApplianceActionTypeLinker",
    "ApplianceRepairAppliancePartTypeLinker",
    "ApplianceRepairApplianceSymptomLinker",
    "ApplianceRepairProcess",
    "ApplianceSymptom",
    "ApplianceSymptomApplianceTypeLinker",
    "ApplianceType",
]
