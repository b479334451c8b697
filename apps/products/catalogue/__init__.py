"""The range of units, the stages of their life, their settings and their software."""

from apps.products.catalogue.parameters import PARAMETER_TYPES
from apps.products.catalogue.software import (
    LATEST_SOFTWARE,
    SOFTWARE_OF_PRODUCT_TYPES,
    SOFTWARE_VERSION_TYPES,
)
from apps.products.catalogue.types import PRODUCT_TYPES, STATE_TYPES

TABLES = (
    STATE_TYPES,
    PARAMETER_TYPES,
    PRODUCT_TYPES,
    SOFTWARE_VERSION_TYPES,
    SOFTWARE_OF_PRODUCT_TYPES,
    LATEST_SOFTWARE,
)
