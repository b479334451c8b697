"""Appliances and their types; what can be wrong with them and what can be done about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class ApplianceType(Record):
    """One kind of appliance in the range, e.g. a 24-inch television.

    Appliances of a tracked type bear a serial number of their own; others are given one.
    """

    appliance_type_id = models.BigAutoField(_("appliance type ID"), primary_key=True)
    category = models.CharField(_("category"), max_length=255, null=True, blank=True)
    name = models.CharField(_("name"), max_length=255, unique=True, null=True, blank=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    erp_code = models.CharField(_("ERP code"), max_length=255, unique=True, null=True, blank=True)
    tracked = models.BooleanField(_("tracked"), null=True, blank=True)

    class Meta:
        db_table = "appliance_type"
        verbose_name = _("appliance type")
        verbose_name_plural = _("appliance types")

    def __str__(self) -> str:
        return self.name or f"#{self.appliance_type_id}"


class Appliance(Record):
    """One appliance that came in for repair."""

    appliance_id = models.BigAutoField(_("appliance ID"), primary_key=True)
    appliance_type = models.ForeignKey(
        "appliances.ApplianceType",
        on_delete=models.PROTECT,
        related_name="appliances",
        verbose_name=_("appliance type"),
    )
    serial_number = models.CharField(
        _("serial number"), max_length=255, unique=True, null=True, blank=True
    )

    class Meta:
        db_table = "appliance"
        verbose_name = _("appliance")
        verbose_name_plural = _("appliances")

    def __str__(self) -> str:
        return self.serial_number or f"#{self.appliance_id}"


class ApplianceActionType(Record):
    """One thing that can be done in the repair of an appliance."""

    appliance_action_type_id = models.BigAutoField(_("action type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)

    class Meta:
        db_table = "appliance_action_type"
        verbose_name = _("appliance action type")
        verbose_name_plural = _("appliance action types")

    def __str__(self) -> str:
        return self.name


class ApplianceActionTypeApplianceTypeLinker(Record):
    """Leave to take one action in repairs of one appliance type."""

    appliance_action_type_appliance_type_linker_id = models.BigAutoField(
        _("linker ID"), primary_key=True
    )
    appliance_type = models.ForeignKey(
        "appliances.ApplianceType",
        on_delete=models.PROTECT,
        related_name="actions",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("appliance type"),
    )
    appliance_action_type = models.ForeignKey(
        "appliances.ApplianceActionType",
        on_delete=models.PROTECT,
        related_name="appliance_action_type_appliance_type_linker",
        verbose_name=_("action type"),
    )

    class Meta:
        db_table = "appliance_action_type_appliance_type_linker"
        verbose_name = _("action of an appliance type")
        verbose_name_plural = _("actions of appliance types")
        constraints = [
            models.UniqueConstraint(
                fields=["appliance_type", "appliance_action_type"],
                name="appliance_action_appliance_type_once",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.appliance_type_id} → #{self.appliance_action_type_id}"


class AppliancePartType(Record):
    """One kind of part that can be put into an appliance."""

    appliance_part_type_id = models.BigAutoField(_("part type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, null=True, blank=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    erp_code = models.CharField(_("ERP code"), max_length=255, null=True, blank=True)
    image = models.CharField(_("image"), max_length=255, null=True, blank=True)

    class Meta:
        db_table = "appliance_part_type"
        verbose_name = _("appliance part type")
        verbose_name_plural = _("appliance part types")

    def __str__(self) -> str:
        return self.name or f"#{self.appliance_part_type_id}"


class AppliancePartTypeReplacementLinker(Record):
    """Leave to replace a part of one type by one of another in appliances of one type.

    `max_part_count` is how many of them one repair may replace.
    """

    appliance_part_type_replacement_linker_id = models.BigAutoField(
        _("linker ID"), primary_key=True
    )
    appliance_type = models.ForeignKey(
        "appliances.ApplianceType",
        on_delete=models.PROTECT,
        related_name="appliance_part_type_replacements",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("appliance type"),
    )
    existing_appliance_part_type = models.ForeignKey(
        "appliances.AppliancePartType",
        on_delete=models.PROTECT,
        related_name="existings",
        verbose_name=_("existing part type"),
    )
    max_part_count = models.IntegerField(_("most parts"), default=1, null=True, blank=True)
    replacement_appliance_part_type = models.ForeignKey(
        "appliances.AppliancePartType",
        on_delete=models.PROTECT,
        related_name="replacements",
        verbose_name=_("replacement part type"),
    )

    class Meta:
        db_table = "appliance_part_type_replacement_linker"
        verbose_name = _("appliance replacement rule")
        verbose_name_plural = _("appliance replacement rules")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "appliance_type",
                    "existing_appliance_part_type",
                    "replacement_appliance_part_type",
                ],
                name="appliance_part_type_replacement_once",
            ),
            models.CheckConstraint(
                condition=models.Q(max_part_count__gte=1),
                name="appliance_part_type_replacement_count_positive",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"#{self.existing_appliance_part_type_id} → #{self.replacement_appliance_part_type_id}"
        )


class ApplianceSymptom(Record):
    """One thing that can be wrong with an appliance."""

    appliance_symptom_id = models.BigAutoField(_("symptom ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True, null=True, blank=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)

    class Meta:
        db_table = "appliance_symptom"
        verbose_name = _("appliance symptom")
        verbose_name_plural = _("appliance symptoms")

    def __str__(self) -> str:
        return self.name or f"#{self.appliance_symptom_id}"


class ApplianceSymptomApplianceTypeLinker(Record):
    """One symptom that appliances of one type can show."""

    appliance_symptom_appliance_type_linker_id = models.BigAutoField(
        _("linker ID"), primary_key=True
    )
    appliance_type = models.ForeignKey(
        "appliances.ApplianceType",
        on_delete=models.PROTECT,
        related_name="symptoms",
        db_index=False,  # the unique constraint begins with it
        null=True,
        blank=True,
        verbose_name=_("appliance type"),
    )
    appliance_symptom = models.ForeignKey(
        "appliances.ApplianceSymptom",
        on_delete=models.PROTECT,
        related_name="appliance_symptom_appliance_type_linker",
        null=True,
        blank=True,
        verbose_name=_("symptom"),
    )

    class Meta:
        db_table = "appliance_symptom_appliance_type_linker"
        verbose_name = _("symptom of an appliance type")
        verbose_name_plural = _("symptoms of appliance types")
        constraints = [
            models.UniqueConstraint(
                fields=["appliance_type", "appliance_symptom"],
                name="appliance_symptom_appliance_type_once",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.appliance_type_id} → #{self.appliance_symptom_id}"
