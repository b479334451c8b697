"""Repairs, with what was found, done and replaced in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.products.validators import validate_imei


class RepairProcess(models.TextChoices):
    """Why a unit is on the bench, and what happens to it after."""

    REPAIR_AND_RETURN = "Repair and Return", _("repair and return")
    REPLACED = "Replaced", _("replaced")
    REPOSSESSED = "Repossessed", _("repossessed")
    BROKEN_ON_ARRIVAL = "Broken on Arrival", _("broken on arrival")


class Repair(Record):
    """One stay of one unit on the bench, from its arrival to its outcome.

    A guided repair has a workflow and stands in one of its states; `context` is what the workflow
    has learnt so far.
    """

    repair_id = models.BigAutoField(_("repair ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="repairs",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    repair_centre = models.ForeignKey(
        "repairs.RepairCentre",
        on_delete=models.PROTECT,
        related_name="repairs",
        null=True,
        blank=True,
        verbose_name=_("repair centre"),
    )
    arrival_date = models.DateField(_("arrival"), null=True, blank=True)
    refurbishment_date = models.DateField(_("refurbishment"), null=True, blank=True)
    measured_battery_capacity = models.FloatField(
        _("measured battery capacity"), null=True, blank=True
    )
    process = models.CharField(
        _("process"), max_length=255, choices=RepairProcess.choices, null=True, blank=True
    )
    pending_status = models.BooleanField(_("pending"), null=True, blank=True)
    workflow_name = models.CharField(_("workflow"), max_length=255, null=True, blank=True)
    workflow_state_id = models.CharField(_("workflow state"), max_length=255, null=True, blank=True)
    context = models.JSONField(_("context"), null=True, blank=True)
    # Not a foreign key: the event refers to its repair, and the two are written together.
    latest_workflow_event_id = models.BigIntegerField(
        _("latest workflow event"), null=True, blank=True
    )
    outcome = models.CharField(_("outcome"), max_length=255, null=True, blank=True)

    class Meta:
        db_table = "repair"
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(process__in=RepairProcess.values), name="repair_process_known"
            ),
        ]
        indexes = [
            models.Index(fields=["product", "-created_at"], name="repair_product_created"),
            models.Index(
                fields=["workflow_state_id", "repair_centre"],
                condition=models.Q(workflow_state_id__isnull=False),
                name="repair_in_workflow",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.repair_id} ({self.product_id})"


class RepairSymptomTypeLinker(Record):
    """One symptom found in one repair."""

    repair_symptom_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="repair_symptom_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("repair"),
    )
    symptom_type = models.ForeignKey(
        "repairs.SymptomType",
        on_delete=models.PROTECT,
        related_name="repair_symptom_type_linker",
        verbose_name=_("symptom type"),
    )

    class Meta:
        db_table = "repair_symptom_type_linker"
        verbose_name = _("symptom in a repair")
        verbose_name_plural = _("symptoms in repairs")
        constraints = [
            models.UniqueConstraint(
                fields=["repair", "symptom_type"], name="repair_symptom_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.repair_id} → #{self.symptom_type_id}"


class RepairActionTypeLinker(Record):
    """One action taken in one repair."""

    repair_action_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="repair_action_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("repair"),
    )
    action_type = models.ForeignKey(
        "repairs.ActionType",
        on_delete=models.PROTECT,
        related_name="repair_action_type_linker",
        verbose_name=_("action type"),
    )

    class Meta:
        db_table = "repair_action_type_linker"
        verbose_name = _("action in a repair")
        verbose_name_plural = _("actions in repairs")
        constraints = [
            models.UniqueConstraint(
                fields=["repair", "action_type"], name="repair_action_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.repair_id} → #{self.action_type_id}"


class RepairPartTypeLinker(Record):
    """One replacement of a part in one repair: asked for, then done once the new part is there."""

    repair_part_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="replacements",
        verbose_name=_("repair"),
    )
    old_part_type = models.ForeignKey(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="old_part_type_linkers",
        null=True,
        blank=True,
        verbose_name=_("old part type"),
    )
    new_part = models.ForeignKey(
        "parts.Part",
        on_delete=models.PROTECT,
        related_name="repair_part_type_linker",
        null=True,
        blank=True,
        verbose_name=_("new part"),
    )
    new_part_type = models.ForeignKey(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="new_part_type_linkers",
        null=True,
        blank=True,
        verbose_name=_("new part type"),
    )
    requested_date = models.DateTimeField(_("requested"), null=True, blank=True)
    replaced_date = models.DateTimeField(_("replaced"), null=True, blank=True)
    non_transferable = models.BooleanField(_("non-transferable"))

    class Meta:
        db_table = "repair_part_type_linker"
        verbose_name = _("replacement in a repair")
        verbose_name_plural = _("replacements in repairs")

    def __str__(self) -> str:
        return f"#{self.repair_id}: #{self.old_part_type_id} → #{self.new_part_type_id}"


class RepairProductLinker(Record):
    """One IMEI that a unit had before a repair gave it another PCB.

    The IMEI is kept as text: the unit it named may be gone.
    """

    repair_product_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="repair_product_linker",
        verbose_name=_("repair"),
    )
    product_imei = models.CharField(
        _("IMEI"), max_length=15, db_index=True, validators=[validate_imei]
    )

    class Meta:
        db_table = "repair_product_linker"
        verbose_name = _("product of a repair")
        verbose_name_plural = _("products of repairs")

    def __str__(self) -> str:
        return f"#{self.repair_id} → {self.product_imei}"
