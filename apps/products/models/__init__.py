"""The unit, its types and all that is said about it."""

from apps.products.models.groups import (
    ProductGroup,
    ProductMigrationHistory,
    ProductNote,
    ProductProductGroupLinker,
)
from apps.products.models.lifecycle import (
    EnableHistory,
    EnableState,
    State,
    StateType,
    TamperEnableHistory,
)
from apps.products.models.parameters import (
    DataType,
    ParameterStatus,
    ParameterType,
    ProductParameter,
)
from apps.products.models.product import CreditType, Product, ProductType, RtcNetworkName
from apps.products.models.software import (
    LatestSoftware,
    ProductSoftwareLinker,
    ProductTypeSoftwareVersionTypeLinker,
    SoftwareStatus,
    SoftwareVersionType,
)

__all__ = [
    "CreditType",
    "DataType",
    "EnableHistory",
    "EnableState",
    "LatestSoftware",
    "ParameterStatus",
    "ParameterType",
    "Product",
    "ProductGroup",
    "ProductMigrationHistory",
    "ProductNote",
    "ProductParameter",
    "ProductProductGroupLinker",
    "ProductSoftwareLinker",
    "ProductType",
    "ProductTypeSoftwareVersionTypeLinker",
    "RtcNetworkName",
    "SoftwareStatus",
    "SoftwareVersionType",
    "State",
    "StateType",
    "TamperEnableHistory",
]
