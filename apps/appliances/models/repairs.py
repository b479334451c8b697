"""Repairs of appliances, with what was found, done and replaced in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class ApplianceRepairProcess(models.TextChoices):
    """Why an appliance is on the bench, and what happens to it after."""

    REPAIR_AND_RETURN = "Repair and Return", _("repair and return")
    REPLACED = "Replaced", _("replaced")
    REPOSSESSED = "Repossessed", _("repossessed")
    BROKEN_ON_ARRIVAL = "Broken on Arrival", _("broken on arrival")


class ApplianceRepair(Record):
    """One stay of one appliance on the bench."""

    appliance_repair_id = models.BigAutoField(_("appliance repair ID"), primary_key=True)
    appliance = models.ForeignKey(
        "appliances.Appliance",
        on_delete=models.PROTECT,
        related_name="appliance_repairs",
        verbose_name=_("appliance"),
    )
    arrival_date = models.DateField(_("arrival"), null=True, blank=True)
    refurbishment_date = models.DateField(_("refurbishment"), null=True, blank=True)
    pending_status = models.BooleanField(_("pending"), null=True, blank=True)
    process = models.CharField(
        _("process"), max_length=255, choices=ApplianceRepairProcess.choices, null=True, blank=True
    )

    class Meta:
        db_table = "appliance_repair"
        verbose_name = _("appliance repair")
        verbose_name_plural = _("appliance repairs")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(process__in=ApplianceRepairProcess.values),
                name="appliance_repair_process_known",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.appliance_repair_id}"


class ApplianceRepairApplianceActionTypeLinker(Record):
    """One action taken in one appliance repair."""

    appliance_repair_appliance_action_type_linker_id = models.BigAutoField(
        _("linker ID"), primary_key=True
    )
    appliance_repair = models.ForeignKey(
        "appliances.ApplianceRepair",
        on_delete=models.PROTECT,
        related_name="appliance_action_types",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("appliance repair"),
    )
    appliance_action_type = models.ForeignKey(
        "appliances.ApplianceActionType",
        on_delete=models.PROTECT,
        related_name="repair_action_type_linker",
        verbose_name=_("action type"),
    )

    class Meta:
        db_table = "appliance_repair_appliance_action_type_linker"
        verbose_name = _("action in an appliance repair")
        verbose_name_plural = _("actions in appliance repairs")
        constraints = [
            models.UniqueConstraint(
                fields=["appliance_repair", "appliance_action_type"],
                name="appliance_repair_action_once",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.appliance_repair_id} → #{self.appliance_action_type_id}"


class ApplianceRepairAppliancePartTypeLinker(Record):
    """One replacement of parts in one appliance repair: asked for, then done."""

    appliance_repair_appliance_part_type_linker_id = models.BigAutoField(
        _("linker ID"), primary_key=True
    )
    appliance_repair = models.ForeignKey(
        "appliances.ApplianceRepair",
        on_delete=models.PROTECT,
        related_name="replacements",
        verbose_name=_("appliance repair"),
    )
    old_appliance_part_type = models.ForeignKey(
        "appliances.AppliancePartType",
        on_delete=models.PROTECT,
        related_name="appliance_repair_appliance_type_linker",
        verbose_name=_("old part type"),
    )
    new_appliance_part_type = models.ForeignKey(
        "appliances.AppliancePartType",
        on_delete=models.PROTECT,
        related_name="new_appliance_part_type_linkers",
        null=True,
        blank=True,
        verbose_name=_("new part type"),
    )
    repaired_parts_count = models.IntegerField(_("parts replaced"), null=True, blank=True)
    requested_date = models.DateTimeField(_("requested"), null=True, blank=True)
    replaced_date = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        db_table = "appliance_repair_appliance_part_type_linker"
        verbose_name = _("replacement in an appliance repair")
        verbose_name_plural = _("replacements in appliance repairs")

    def __str__(self) -> str:
        return f"#{self.appliance_repair_id}: #{self.old_appliance_part_type_id}"


class ApplianceRepairApplianceSymptomLinker(Record):
    """One symptom found in one appliance repair."""

    appliance_repair_appliance_symptom_linker_id = models.BigAutoField(
        _("linker ID"), primary_key=True
    )
    appliance_repair = models.ForeignKey(
        "appliances.ApplianceRepair",
        on_delete=models.PROTECT,
        related_name="symptoms",
        db_index=False,  # the unique constraint begins with it
        null=True,
        blank=True,
        verbose_name=_("appliance repair"),
    )
    appliance_symptom = models.ForeignKey(
        "appliances.ApplianceSymptom",
        on_delete=models.PROTECT,
        related_name="appliance_repair_appliance_symptom_linker",
        null=True,
        blank=True,
        verbose_name=_("symptom"),
    )

    class Meta:
        db_table = "appliance_repair_appliance_symptom_linker"
        verbose_name = _("symptom in an appliance repair")
        verbose_name_plural = _("symptoms in appliance repairs")
        constraints = [
            models.UniqueConstraint(
                fields=["appliance_repair", "appliance_symptom"],
                name="appliance_repair_symptom_once",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.appliance_repair_id} → #{self.appliance_symptom_id}"
