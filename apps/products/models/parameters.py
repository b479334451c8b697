"""Parameters: named values that staff set on a unit or a part."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class DataType(models.TextChoices):
    """What the text of a parameter's value stands for."""

    FLOAT = "float", _("number")
    DATETIME = "datetime", _("date and time")
    INT = "int", _("whole number")
    STRING = "string", _("text")
    BOOL = "bool", _("yes or no")


class ParameterStatus(models.TextChoices):
    """Where a value stands between being asked for and being replaced."""

    EXPIRED = "expired", _("expired")
    REMOVED = "removed", _("removed")
    ACTIVE = "active", _("active")
    PENDING = "pending", _("pending")


class ParameterType(Record):
    """One kind of parameter: its name, what its values are and which values it takes."""

    parameter_type_id = models.BigAutoField(_("parameter type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    data_type = models.CharField(_("data type"), max_length=255, choices=DataType.choices)
    validation_rules = models.JSONField(_("validation rules"), null=True, blank=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    units = models.CharField(_("units"), max_length=255, null=True, blank=True)
    repeatable = models.BooleanField(_("repeatable"))
    setting = models.BooleanField(_("sent to the unit"))

    class Meta:
        db_table = "parameter_type"
        verbose_name = _("parameter type")
        verbose_name_plural = _("parameter types")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(data_type__in=DataType.values),
                name="parameter_type_data_type_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductParameter(Record):
    """One value of one parameter on one unit, for the time it was asked for or held."""

    product_parameter_id = models.BigAutoField(_("parameter ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="product_parameter",
        db_index=False,
        verbose_name=_("product"),
    )
    parameter_type = models.ForeignKey(
        "products.ParameterType",
        on_delete=models.PROTECT,
        related_name="product_parameters",
        verbose_name=_("parameter type"),
    )
    status = models.CharField(
        _("status"),
        max_length=255,
        choices=ParameterStatus.choices,
        default=ParameterStatus.PENDING,
        null=True,
        blank=True,
    )
    value = models.CharField(_("value"), max_length=255)
    date_added = models.DateTimeField(_("added"), default=timezone.now, null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        db_table = "product_parameter"
        verbose_name = _("parameter of a product")
        verbose_name_plural = _("parameters of products")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=ParameterStatus.values),
                name="product_parameter_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="product_parameter_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "parameter_type", "status"], name="product_parameter_lookup"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.value}"
