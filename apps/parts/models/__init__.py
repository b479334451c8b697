"""Parts, their types, and which part may stand in for which."""

from apps.parts.models.part import Part, PartParameter, PartProductLinker
from apps.parts.models.types import (
    DefaultEnergyLimit,
    PartType,
    PartTypeCategory,
    PartTypeProductTypeLinker,
    PartTypeReplacementLinker,
    SerialNumberCategory,
)

__all__ = [
    "DefaultEnergyLimit",
    "Part",
    "PartParameter",
    "PartProductLinker",
    "PartType",
    "PartTypeCategory",
    "PartTypeProductTypeLinker",
    "PartTypeReplacementLinker",
    "SerialNumberCategory",
]
