"""Guided repairs: which workflow a repair follows and every step it took."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class SelectorType(models.TextChoices):
    """What a workflow rule is matched against."""

    USER = "USER", _("user")
    ENTITY = "ENTITY", _("entity")


class RepairWorkflowSelector(Record):
    """One rule naming the workflow for repairs of a product type by a user or an entity.

    The value is an e-mail address for a user, a GEIC code for an entity. Without a workflow those
    matched may not start a repair.
    """

    repair_workflow_selector_id = models.BigAutoField(_("selector ID"), primary_key=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="repair_workflow_selectors",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("product type"),
    )
    workflow_name = models.CharField(_("workflow"), max_length=255, null=True, blank=True)
    selector_type = models.CharField(
        _("matched against"), max_length=255, choices=SelectorType.choices
    )
    selector_value = models.CharField(_("value"), max_length=255)

    class Meta:
        db_table = "repair_workflow_selector"
        verbose_name = _("workflow rule")
        verbose_name_plural = _("workflow rules")
        constraints = [
            models.UniqueConstraint(
                fields=["product_type", "selector_type", "selector_value"],
                name="repair_workflow_selector_once",
            ),
            models.CheckConstraint(
                condition=models.Q(selector_type__in=SelectorType.values),
                name="repair_workflow_selector_type_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.selector_type} {self.selector_value} → {self.workflow_name}"


class RepairWorkflowEvent(Record):
    """One event in one guided repair: what was sent, in which state, and where it led."""

    repair_workflow_event_id = models.BigAutoField(_("event ID"), primary_key=True)
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="repair_workflow_events",
        verbose_name=_("repair"),
    )
    current_state_id = models.CharField(_("in state"), max_length=255)
    event_id = models.CharField(_("event"), max_length=255)
    payload = models.JSONField(_("payload"), null=True, blank=True)
    next_state_id = models.CharField(_("next state"), max_length=255, null=True, blank=True)

    class Meta:
        db_table = "repair_workflow_event"
        verbose_name = _("workflow event")
        verbose_name_plural = _("workflow events")

    def __str__(self) -> str:
        return f"#{self.repair_id}: {self.event_id}"


class RepairWorkflowState(Record):
    """One stay of one guided repair in one state; open while it is there."""

    repair_workflow_state_id = models.BigAutoField(_("state ID"), primary_key=True)
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="repair_workflow_states",
        verbose_name=_("repair"),
    )
    state_id = models.CharField(_("state"), max_length=255, null=True, blank=True)
    entry_time = models.DateTimeField(_("entered"), null=True, blank=True)
    exit_time = models.DateTimeField(_("left"), null=True, blank=True)

    class Meta:
        db_table = "repair_workflow_state"
        verbose_name = _("workflow state")
        verbose_name_plural = _("workflow states")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(exit_time__gte=models.F("entry_time")),
                name="repair_workflow_state_times_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.repair_id}: {self.state_id}"


class RepairWorkflowHistory(Record):
    """One step of one guided repair with what it wrote, so that it can be undone."""

    repair_workflow_history_id = models.BigAutoField(_("history ID"), primary_key=True)
    repair = models.ForeignKey(
        "repairs.Repair",
        on_delete=models.PROTECT,
        related_name="repair_workflow_history",
        verbose_name=_("repair"),
    )
    start_state_id = models.CharField(_("from state"), max_length=255, null=True, blank=True)
    end_state_id = models.CharField(_("to state"), max_length=255, null=True, blank=True)
    update_commands_bin = models.BinaryField(_("changes made"), null=True, blank=True)
    can_undo = models.BooleanField(_("can be undone"), null=True, blank=True)

    class Meta:
        db_table = "repair_workflow_history"
        verbose_name = _("workflow step")
        verbose_name_plural = _("workflow steps")

    def __str__(self) -> str:
        return f"#{self.repair_id}: {self.start_state_id} → {self.end_state_id}"
