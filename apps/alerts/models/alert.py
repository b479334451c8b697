"""Alerts raised on units, and the analyses that looked for them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class ContactType(models.TextChoices):
    """How a customer was reached about an alert."""

    VISIT = "visit", _("visit")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("phone")


class AnalysisStatus(models.TextChoices):
    """How an analysis ended."""

    SUCCESS = "success", _("success")
    FAILURE = "failure", _("failure")


class Alert(Record):
    """One warning about one unit, open until somebody dismisses it."""

    alert_id = models.BigAutoField(_("alert ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="alerts",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    alert_type = models.ForeignKey(
        "alerts.AlertType",
        on_delete=models.PROTECT,
        related_name="alerts",
        verbose_name=_("alert type"),
    )
    start_time = models.DateTimeField(_("since"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True)
    dismissed_by = models.CharField(_("dismissed by"), max_length=255, null=True, blank=True)
    dismissal_reason = models.TextField(
        _("reason of dismissal"), max_length=10000, null=True, blank=True
    )
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="alerts",
        null=True,
        blank=True,
        verbose_name=_("repair"),
    )
    extra_info = models.TextField(_("more information"), max_length=10000, null=True, blank=True)
    customer_contact_date = models.DateTimeField(_("customer contacted"), null=True, blank=True)
    customer_contact_type = models.CharField(
        _("contacted by"), max_length=255, choices=ContactType.choices, null=True, blank=True
    )

    class Meta:
        db_table = "alert"
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(customer_contact_type__in=ContactType.values),
                name="alert_customer_contact_type_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "alert_type", "-start_time"], name="alert_product_type"
            ),
            models.Index(
                fields=["alert_type", "-start_time"],
                condition=models.Q(dismissed_at__isnull=True),
                name="alert_open",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.alert_id} ({self.product_id})"


class AnalysisHistory(Record):
    """One run of the analysis behind one alert type over one unit."""

    analysis_history_id = models.BigAutoField(_("analysis ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="analysis_histories",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    alert_type = models.ForeignKey(
        "alerts.AlertType",
        on_delete=models.PROTECT,
        related_name="analysis_histories",
        verbose_name=_("alert type"),
    )
    timestamp = models.DateTimeField(_("time"))
    status = models.CharField(_("status"), max_length=255, choices=AnalysisStatus.choices)

    class Meta:
        db_table = "analysis_history"
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=AnalysisStatus.values),
                name="analysis_history_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "alert_type", "-timestamp"], name="analysis_product_type_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.timestamp:%Y-%m-%d %H:%M}"
