"""What the factory writes, as served."""

from apps.core.levels import CLOSED, READ_APPEND, TYPE_TABLE
from apps.core.resources import Resource, register
from apps.core.scope import HIDDEN, via_product
from apps.factory import models

UNIT = ("product__serial_number", "product__product_imei")

register(
    Resource(
        model=models.FactoryLog,
        path="factory_logs",
        levels=READ_APPEND,
        scope=via_product("product_imei"),
        audited=False,
        listed=("timestamp", "app_name", "product_imei", "repair"),
        search=("product_imei", "app_name", "repair__product__serial_number"),
        filters=("app_name",),
    ),
    Resource(
        model=models.TestJigTestResult,
        path="test_jig_test_results",
        levels=TYPE_TABLE,
        scope=via_product(),
        listed=("product", "passed", "jig_id", "machine_id", "user", "created_at"),
        search=(*UNIT, "jig_id", "machine_id", "user"),
        filters=("passed",),
    ),
    Resource(
        model=models.BatteryTestResult,
        path="battery_test_results",
        levels=TYPE_TABLE,
        scope=via_product(),
        listed=("product", "battery_part", "type", "result", "energy", "created_at"),
        search=(*UNIT, "battery_part__serial_number"),
        filters=("type", "result"),
    ),
    Resource(
        model=models.Home2StockPreparationTracking,
        path="home2_stock_preparation_trackings",
        levels=CLOSED,
        scope=via_product(),
        audited=False,
        listed=("serial_number", "product", "activated", "software_updated", "created_at"),
        search=(*UNIT, "serial_number"),
        filters=("activated", "software_updated", "contact_support"),
    ),
    Resource(
        model=models.Serial,
        path="serials",
        levels=CLOSED,
        scope=HIDDEN,
        audited=False,
        listed=("serial_number", "created_at", "created_by"),
        search=("serial_number",),
    ),
)
