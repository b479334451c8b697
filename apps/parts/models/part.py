"""Single parts: where each one is and has been."""

from __future__ import annotations

from django.db import models
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.products.models import ParameterStatus

# What a PCB says of the modem on it (in `properties`) that no two PCBs may share.
MODEM_NUMBERS = ("imsi", "iccid", "device_key", "serial_number")


class Part(Record):
    """One part that can be told from others, e.g. a battery, in a unit or out of one.

    The serial number of a PCB is the IMEI of the modem on it, that of a SIM its ICCID, or its IMSI
    where no ICCID is known. `properties` of a PCB hold what its unit will be known by: imei, imsi,
    device_key, serial_number and, where known, iccid and erp_code_override.
    """

    part_id = models.BigAutoField(_("part ID"), primary_key=True)
    serial_number = models.CharField(
        _("serial number"), max_length=255, unique=True, null=True, blank=True
    )
    part_type = models.ForeignKey(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="parts",
        verbose_name=_("part type"),
    )
    properties = models.JSONField(_("properties"), null=True, blank=True)
    manufacturer = models.CharField(_("manufacturer"), max_length=255, null=True, blank=True)

    class Meta:
        db_table = "part"
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints = [
            models.UniqueConstraint(
                KT(f"properties__{number}"),
                condition=models.Q(properties__isnull=False),
                name=f"part_{number}_once",
                violation_error_message=_("Another part has the same number in its properties."),
            )
            for number in MODEM_NUMBERS
        ]

    def __str__(self) -> str:
        return self.serial_number or f"#{self.part_id}"


class PartProductLinker(Record):
    """One part's time in one unit; open while it is in it.

    The repairs that put it in and took it out are named, and the part it took the place of.
    """

    part_product_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    part = models.ForeignKey(
        "parts.Part",
        on_delete=models.PROTECT,
        related_name="part_product_linker",
        verbose_name=_("part"),
    )
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="part_product_linker",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    date_added = models.DateTimeField(_("added"), default=timezone.now, null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)
    added_repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="added_part_product_linker",
        null=True,
        blank=True,
        verbose_name=_("added in repair"),
    )
    removed_repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="removed_part_product_linker",
        null=True,
        blank=True,
        verbose_name=_("removed in repair"),
    )
    replaced_part = models.ForeignKey(
        "parts.Part",
        on_delete=models.PROTECT,
        related_name="replacing_part_product_linker",
        null=True,
        blank=True,
        verbose_name=_("replaced part"),
    )

    class Meta:
        db_table = "part_product_linker"
        verbose_name = _("part of a product")
        verbose_name_plural = _("parts of products")
        constraints = [
            models.UniqueConstraint(
                fields=["part"],
                condition=models.Q(date_removed__isnull=True),
                name="part_product_linker_one_open",
                violation_error_message=_("This part is already in a product."),
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="part_product_linker_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["product", "date_removed"], name="part_product_open")]

    def __str__(self) -> str:
        return f"#{self.part_id} → {self.product_id}"


class PartParameter(Record):
    """One value of one parameter of one part, for the time it held, e.g. a battery's capacity."""

    part_parameter_id = models.BigAutoField(_("parameter ID"), primary_key=True)
    part = models.ForeignKey(
        "parts.Part",
        on_delete=models.PROTECT,
        related_name="part_parameters",
        db_index=False,  # the composite index begins with it
        verbose_name=_("part"),
    )
    parameter_type = models.ForeignKey(
        "products.ParameterType",
        on_delete=models.PROTECT,
        related_name="part_parameters",
        verbose_name=_("parameter type"),
    )
    value = models.CharField(_("value"), max_length=255)
    status = models.CharField(
        _("status"),
        max_length=255,
        choices=ParameterStatus.choices,
        default=ParameterStatus.ACTIVE,
        null=True,
        blank=True,
    )
    date_added = models.DateTimeField(_("added"), default=timezone.now, null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        db_table = "part_parameter"
        verbose_name = _("parameter of a part")
        verbose_name_plural = _("parameters of parts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=ParameterStatus.values),
                name="part_parameter_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="part_parameter_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["part", "parameter_type", "status"], name="part_parameter_lookup")
        ]

    def __str__(self) -> str:
        return f"#{self.part_id}: {self.value}"
