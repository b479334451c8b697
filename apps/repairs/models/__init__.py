"""Repairs of units, the guided workflows through them, and the centres where they happen."""

from apps.repairs.models.centres import RepairCentre, UserRepairCentreLink
from apps.repairs.models.repair import (
    Repair,
    RepairActionTypeLinker,
    RepairPartTypeLinker,
    RepairProcess,
    RepairProductLinker,
    RepairSymptomTypeLinker,
)
from apps.repairs.models.types import (
    ActionType,
    ActionTypeProductTypeLinker,
    SymptomType,
    SymptomTypeProductTypeLinker,
)
from apps.repairs.models.workflow import (
    RepairWorkflowEvent,
    RepairWorkflowHistory,
    RepairWorkflowSelector,
    RepairWorkflowState,
    SelectorType,
)

__all__ = [
    "ActionType",
    "ActionTypeProductTypeLinker",
    "Repair",
    "RepairActionTypeLinker",
    "RepairCentre",
    "RepairPartTypeLinker",
    "RepairProcess",
    "RepairProductLinker",
    "RepairSymptomTypeLinker",
    "RepairWorkflowEvent",
    "RepairWorkflowHistory",
    "RepairWorkflowSelector",
    "RepairWorkflowState",
    "SelectorType",
    "SymptomType",
    "SymptomTypeProductTypeLinker",
    "UserRepairCentreLink",
]
