"""Making units: serial numbers, what the benches measured, what the tools logged."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.products.validators import validate_imei


class Serial(Record):
    """One serial number that was given out; no number is given out twice."""

    serial_number = models.BigAutoField(_("serial number"), primary_key=True)

    class Meta:
        db_table = "serial"
        verbose_name = _("serial number")
        verbose_name_plural = _("serial numbers")

    def __str__(self) -> str:
        return str(self.serial_number)


class FactoryLog(Record):
    """One entry that a tool in a factory or repair centre wrote.

    The IMEI is as the tool read it: it may be of a unit that is not made yet.
    """

    factory_log_id = models.BigAutoField(_("factory log ID"), primary_key=True)
    app_name = models.CharField(_("tool"), max_length=255)
    product_imei = models.CharField(
        _("IMEI"), max_length=15, null=True, blank=True, validators=[validate_imei]
    )
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="factory_logs",
        null=True,
        blank=True,
        verbose_name=_("repair"),
    )
    timestamp = models.DateTimeField(_("time"))
    tags = models.JSONField(_("tags"), null=True, blank=True)
    fields = models.JSONField(_("fields"), null=True, blank=True)

    class Meta:
        db_table = "factory_log"
        verbose_name = _("factory log")
        verbose_name_plural = _("factory logs")
        indexes = [
            models.Index(fields=["product_imei", "-timestamp"], name="factory_log_imei_time")
        ]

    def __str__(self) -> str:
        return f"{self.app_name} {self.timestamp:%Y-%m-%d %H:%M}"


class TestJigTestResult(Record):
    """One run of one unit on a test jig, with everything it measured."""

    # The name says "Test"; this is no test case for pytest to collect.
    __test__ = False

    test_jig_test_result_id = models.BigAutoField(_("jig result ID"), primary_key=True)
    jig_id = models.CharField(_("jig"), max_length=255, null=True, blank=True)
    machine_id = models.CharField(_("machine"), max_length=255, null=True, blank=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="test_jig_test_results",
        verbose_name=_("product"),
    )
    jig_software_version = models.CharField(
        _("jig software version"), max_length=255, null=True, blank=True
    )
    user = models.CharField(_("user"), max_length=255)
    passed = models.BooleanField(_("passed"))
    results = models.JSONField(_("results"), null=True, blank=True)

    class Meta:
        db_table = "test_jig_test_result"
        verbose_name = _("test jig result")
        verbose_name_plural = _("test jig results")

    def __str__(self) -> str:
        return f"{self.product_id} {self.created_at:%Y-%m-%d %H:%M}"


class BatteryTestResult(Record):
    """One test of the battery in one unit, alone or as a step of a repair."""

    battery_test_result_id = models.BigAutoField(_("battery test ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="battery_test_results",
        verbose_name=_("product"),
    )
    type = models.CharField(_("type"), max_length=255)
    result = models.CharField(_("result"), max_length=255)
    problem = models.CharField(_("problem"), max_length=255, null=True, blank=True)
    message = models.TextField(_("message"), max_length=10000, null=True, blank=True)
    lvd_time = models.DateTimeField(_("low-voltage disconnect"), null=True, blank=True)
    energy = models.FloatField(_("energy"), null=True, blank=True)
    battery_part = models.ForeignKey(
        "parts.Part",
        on_delete=models.PROTECT,
        related_name="battery_test_results",
        null=True,
        blank=True,
        verbose_name=_("battery"),
    )
    repair_workflow_event = models.ForeignKey(
        "repairs.RepairWorkflowEvent",
        on_delete=models.PROTECT,
        related_name="battery_test_results",
        null=True,
        blank=True,
        verbose_name=_("repair step"),
    )

    class Meta:
        db_table = "battery_test_result"
        verbose_name = _("battery test result")
        verbose_name_plural = _("battery test results")

    def __str__(self) -> str:
        return f"{self.product_id}: {self.result}"


class Home2StockPreparationTracking(Record):
    """One check of a Home 2 before it leaves the stock: which of the steps it passed."""

    home2_stock_preparation_tracking_id = models.BigAutoField(_("tracking ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="home2_stock_preparation_trackings",
        verbose_name=_("product"),
    )
    serial_number = models.CharField(_("serial number"), max_length=255)
    activated = models.BooleanField(_("activated"), default=False)
    software_updated = models.BooleanField(_("software updated"), default=False)
    temperature_check = models.BooleanField(_("temperature checked"), default=False)
    battery_charged = models.BooleanField(_("battery charged"), default=False)
    recent_data = models.BooleanField(_("recent data"), default=False)
    online_disable = models.BooleanField(_("disabled online"), default=False)
    contact_support = models.BooleanField(_("support contacted"), default=False)

    class Meta:
        db_table = "home2_stock_preparation_tracking"
        verbose_name = _("stock preparation of a Home 2")
        verbose_name_plural = _("stock preparations of Home 2")

    def __str__(self) -> str:
        return self.serial_number
