"""Part types, where they go, what may replace them, and the energy batteries may give."""

from apps.parts.catalogue.energy import DEFAULT_ENERGY_LIMITS
from apps.parts.catalogue.rules import PART_TYPES_OF_PRODUCT_TYPES, REPLACEMENTS
from apps.parts.catalogue.types import PART_TYPE_CATEGORIES, PART_TYPES

TABLES = (
    PART_TYPE_CATEGORIES,
    PART_TYPES,
    PART_TYPES_OF_PRODUCT_TYPES,
    REPLACEMENTS,
    DEFAULT_ENERGY_LIMITS,
)
