"""Anomalies in what units measure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class AnomalyTypeStatus(models.TextChoices):
    """Whether anomalies of a type are looked for in earnest."""

    TEST = "test", _("test")
    LIVE = "live", _("live")
    SUSPENDED = "suspended", _("suspended")


class AnomalyType(Record):
    """One version of one kind of anomaly: which metrics show it, and how long it must last.

    Anomalies closer together than the shortest gap are one; shorter ones, or ones with too few
    data points, are none. A gap anomaly is a want of data.
    """

    anomaly_type_id = models.BigAutoField(_("anomaly type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    version = models.IntegerField(_("version"))
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    metrics = models.TextField(_("metrics"), max_length=10000, null=True, blank=True)
    version_comment = models.TextField(
        _("what is new in this version"), max_length=10000, null=True, blank=True
    )
    min_gap_length = models.IntegerField(_("shortest gap"), null=True, blank=True)
    min_duration = models.IntegerField(_("shortest duration"), null=True, blank=True)
    min_data_points = models.IntegerField(_("fewest data points"), null=True, blank=True)
    gap_anomaly = models.BooleanField(_("gap in the data"))
    status = models.CharField(_("status"), max_length=255, choices=AnomalyTypeStatus.choices)

    class Meta:
        db_table = "anomaly_type"
        verbose_name = _("anomaly type")
        verbose_name_plural = _("anomaly types")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="anomaly_type_version_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=AnomalyTypeStatus.values),
                name="anomaly_type_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Anomaly(Record):
    """One stretch of time in which one unit's data showed one anomaly; open while it lasts."""

    anomaly_id = models.BigAutoField(_("anomaly ID"), primary_key=True)
    anomaly_type = models.ForeignKey(
        "alerts.AnomalyType",
        on_delete=models.PROTECT,
        related_name="anomalies",
        verbose_name=_("anomaly type"),
    )
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="anomalies",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    start_time = models.DateTimeField(_("from"), null=True, blank=True)
    end_time = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        db_table = "anomaly"
        verbose_name = _("anomaly")
        verbose_name_plural = _("anomalies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_time__gte=models.F("start_time")),
                name="anomaly_times_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "anomaly_type", "-start_time"], name="anomaly_product_type"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.anomaly_id} ({self.product_id})"


class AlertTypeAnomalyTypeLinker(Record):
    """One kind of anomaly that leads to alerts of one type."""

    alert_type_anomaly_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    alert_type = models.ForeignKey(
        "alerts.AlertType",
        on_delete=models.PROTECT,
        related_name="alert_type_anomaly_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("alert type"),
    )
    anomaly_type = models.ForeignKey(
        "alerts.AnomalyType",
        on_delete=models.PROTECT,
        related_name="alert_type_anomaly_type_linker",
        verbose_name=_("anomaly type"),
    )

    class Meta:
        db_table = "alert_type_anomaly_type_linker"
        verbose_name = _("anomaly type of an alert type")
        verbose_name_plural = _("anomaly types of alert types")
        constraints = [
            models.UniqueConstraint(
                fields=["alert_type", "anomaly_type"], name="alert_type_anomaly_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.alert_type_id} → #{self.anomaly_type_id}"


class AnomalyTypeProductTypeLinker(Record):
    """One kind of anomaly that is looked for in units of one product type."""

    anomaly_type_product_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    anomaly_type = models.ForeignKey(
        "alerts.AnomalyType",
        on_delete=models.PROTECT,
        related_name="anomaly_type_product_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("anomaly type"),
    )
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="anomaly_type_product_type_linker",
        verbose_name=_("product type"),
    )

    class Meta:
        db_table = "anomaly_type_product_type_linker"
        verbose_name = _("product type of an anomaly type")
        verbose_name_plural = _("product types of anomaly types")
        constraints = [
            models.UniqueConstraint(
                fields=["anomaly_type", "product_type"], name="anomaly_type_product_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.anomaly_type_id} → #{self.product_type_id}"
