"""Units and their types."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.products import validators


class CreditType(models.TextChoices):
    """What a unit's credit is counted in."""

    GAS = "gas", _("gas")
    TIME = "time", _("time")


class RtcNetworkName(models.TextChoices):
    """SIM networks over which a unit can be reached in real time."""

    TEST_SIM_PROVIDER = "Test-SIM-Provider", "Test-SIM-Provider"
    AERIS = "Aeris", "Aeris"
    ESEYE = "Eseye", "Eseye"
    WIRELESS_LOGIC = "Wireless-Logic", "Wireless-Logic"


class ProductType(Record):
    """One model of unit in the range, e.g. Home 2: what may be put on it depends on this row."""

    product_type_id = models.BigAutoField(_("product type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    erp_code = models.CharField(_("ERP code"), max_length=255, null=True, blank=True)
    parameter_types = models.JSONField(_("parameter types"), default=list, blank=True)
    credit_type = models.CharField(
        _("credit type"), max_length=255, choices=CreditType.choices, null=True, blank=True
    )

    class Meta:
        db_table = "product_type"
        verbose_name = _("product type")
        verbose_name_plural = _("product types")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(credit_type__in=CreditType.values),
                name="product_type_credit_type_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _latest(target: str, column: str, verbose_name: Any) -> models.ForeignKey:
    """Column pointing from a unit to the newest row of one of its histories.

    The row changes with every connection. Without an index on the pointer PostgreSQL can rewrite it
    in place (HOT) and touches no index at all; without a constraint a history can be written and
    pointed to in either order.
    """
    return models.ForeignKey(
        target,
        on_delete=models.PROTECT,
        db_column=column,
        db_index=False,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=verbose_name,
    )


class Product(Record):
    """One solar unit, from the factory to the end of its life; identified by its modem's IMEI.

    `desired_*` is what staff or credit ask for, `current_*` what the unit last confirmed; they
    differ while a change waits for the next connection. `latest_*` point to the newest row of a
    history and are written with it.
    """

    product_imei = models.CharField(
        _("IMEI"), max_length=15, primary_key=True, validators=[validators.validate_imei]
    )
    serial_number = models.CharField(_("serial number"), max_length=255, unique=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="products",
        # The composite indexes below begin with it.
        db_index=False,
        verbose_name=_("product type"),
    )
    imsi = models.CharField(
        _("IMSI"), max_length=15, unique=True, validators=[validators.validate_imsi]
    )
    iccid = models.CharField(
        _("ICCID"),
        max_length=255,
        unique=True,
        null=True,
        blank=True,
        validators=[validators.validate_iccid],
    )
    device_key = models.CharField(
        _("device key"),
        max_length=24,
        unique=True,
        null=True,
        blank=True,
        validators=[validators.validate_device_key],
    )
    hub = models.ForeignKey(
        "entities.Hub",
        on_delete=models.PROTECT,
        related_name="products",
        null=True,
        blank=True,
        verbose_name=_("hub"),
    )
    shop = models.ForeignKey(
        "entities.Shop",
        on_delete=models.PROTECT,
        related_name="products",
        null=True,
        blank=True,
        verbose_name=_("shop"),
    )
    software_lock = models.ForeignKey(
        "products.SoftwareVersionType",
        on_delete=models.PROTECT,
        db_column="software_lock",
        related_name="locked_products",
        null=True,
        blank=True,
        verbose_name=_("software lock"),
    )

    current_enable_flag = models.BooleanField(_("enabled"), default=False)
    desired_enable_flag = models.BooleanField(_("to be enabled"), default=False)
    current_tamper_flag = models.BooleanField(_("tamper switch on"), default=False)
    desired_tamper_flag = models.BooleanField(_("tamper switch to be on"), default=False)
    is_payg = models.BooleanField(_("pay as you go"), default=True)
    dcm_enabled_flag = models.BooleanField(_("device credit"), default=False)
    rtc_enabled_flag = models.BooleanField(_("real-time communication"), default=False)
    disable_date = models.DateTimeField(_("disable date"), null=True, blank=True)
    capacity_limit = models.CharField(_("capacity limit"), max_length=12, null=True, blank=True)

    latest_connection = _latest(
        "connectivity.Connection", "latest_connection_id", _("latest connection")
    )
    latest_connection_location = _latest(
        "connectivity.Connection", "latest_connection_location_id", _("latest located connection")
    )
    latest_state = _latest("products.State", "latest_state_id", _("latest state"))
    latest_enable_history = _latest(
        "products.EnableHistory", "latest_enable_history_id", _("latest enable history")
    )
    latest_rtc_connection_history = _latest(
        "rtc.RtcConnectionHistory",
        "latest_rtc_connection_history_id",
        _("latest RTC connection history"),
    )
    latest_rtc_mo_status_report_time = models.DateTimeField(
        _("latest RTC status report"), null=True, blank=True
    )
    latest_rtc_mt_status_update_time = models.DateTimeField(
        _("latest RTC status update"), null=True, blank=True
    )
    rtc_network_name = models.CharField(
        _("RTC network"), max_length=255, choices=RtcNetworkName.choices, null=True, blank=True
    )
    ip_address = models.CharField(_("IP address"), max_length=15, null=True, blank=True)
    analysis_timestamp = models.DateTimeField(_("last analysis"), null=True, blank=True)

    assembler = models.CharField(_("assembler"), max_length=255, null=True, blank=True)
    warranty_start_date = models.DateField(_("start of warranty"), null=True, blank=True)
    gps_lat = models.FloatField(_("latitude"), null=True, blank=True)
    gps_lon = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        db_table = "product"
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rtc_network_name__in=RtcNetworkName.values),
                name="product_rtc_network_name_known",
            ),
            models.CheckConstraint(
                condition=models.Q(gps_lat__gte=-90, gps_lat__lte=90), name="product_gps_lat_range"
            ),
            models.CheckConstraint(
                condition=models.Q(gps_lon__gte=-180, gps_lon__lte=180),
                name="product_gps_lon_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product_type", "desired_enable_flag", "product_imei"],
                name="product_type_desired",
            ),
            models.Index(
                fields=["product_type", "current_enable_flag", "product_imei"],
                name="product_type_current",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_number
