"""Commands to many units, and what came of each for each unit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class CommandName(models.TextChoices):
    """What can be asked of many units at once."""

    ENABLE = "enable", _("enable")
    DISABLE = "disable", _("disable")
    ENABLE_TAMPER = "enable_tamper", _("tamper switch on")
    DISABLE_TAMPER = "disable_tamper", _("tamper switch off")
    UPDATE_SOFTWARE = "update_software", _("update software")
    LOCK_SOFTWARE = "lock_software", _("lock software")
    UNLOCK_SOFTWARE = "unlock_software", _("unlock software")
    EXPIRE_SOFTWARE_UPDATES = "expire_software_updates", _("call off software updates")
    SET_PARAMETER = "set_parameter", _("set a parameter")
    ASSIGN_ENTITY = "assign_entity", _("assign to an entity")
    CHANGE_ENTITY = "change_entity", _("move to another entity")
    REMOVE_ENTITY = "remove_entity", _("take from an entity")
    CHANGE_STATE = "change_state", _("change state")
    SEND_WAKEUP = "send_wakeup", _("wake up by SMS")


class CommandStatus(models.TextChoices):
    """How far a command is: only `running` touches units."""

    PREVIEW = "preview", _("not confirmed")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")
    STOPPED = "stopped", _("stopped")
    EXPIRED = "expired", _("never confirmed")


class UnitOutcome(models.TextChoices):
    """What came of a command for one unit."""

    PENDING = "pending", _("waiting")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("not begun")


class FleetCommand(Record):
    """One command to many units: who asked for what, and how far it is.

    It is a preview until somebody confirms it; its units are fixed from the first. It acts with the
    rights of `user`, on units of `entity` (on all units where that is null). The counts of units by
    outcome change in the transaction that changes the outcomes. `paced_until` is when the next
    units may begin, `trouble` what last kept the workers from going on.
    """

    fleet_command_id = models.BigAutoField(_("command ID"), primary_key=True)
    command = models.CharField(_("command"), max_length=40, choices=CommandName.choices)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    status = models.CharField(
        _("status"), max_length=40, choices=CommandStatus.choices, default=CommandStatus.PREVIEW
    )
    note = models.TextField(_("note"), max_length=10000, null=True, blank=True)
    query = models.TextField(_("query"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=255, null=True, blank=True)
    digest = models.CharField(max_length=64, null=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    entity = models.ForeignKey(
        "entities.Entity",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("entity"),
    )
    per_minute = models.IntegerField(_("units per minute"))

    units_total = models.IntegerField(_("units"), default=0)
    units_pending = models.IntegerField(_("waiting"), default=0)
    units_done = models.IntegerField(_("done"), default=0)
    units_skipped = models.IntegerField(_("skipped"), default=0)
    units_failed = models.IntegerField(_("failed"), default=0)
    units_cancelled = models.IntegerField(_("not begun"), default=0)
    sms_expected = models.IntegerField(_("SMS"), default=0)
    sms_cost = models.FloatField(_("cost of the SMS"), null=True, blank=True)
    sms_currency = models.CharField(_("currency"), max_length=3, null=True, blank=True)

    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.TextField(_("confirmed by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.TextField(_("ended by"), null=True, blank=True)
    end_reason = models.TextField(_("why it ended"), null=True, blank=True)
    paced_until = models.DateTimeField(null=True, editable=False)
    trouble = models.TextField(_("held up by"), null=True, blank=True)

    class Meta:
        db_table = "fleet_command"
        verbose_name = _("command to many units")
        verbose_name_plural = _("commands to many units")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(command__in=CommandName.values),
                name="fleet_command_command_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=CommandStatus.values),
                name="fleet_command_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(per_minute__gte=1), name="fleet_command_per_minute_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(units_pending__gte=0), name="fleet_command_pending_not_negative"
            ),
            models.UniqueConstraint(
                fields=["user", "reference"], name="fleet_command_reference_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "fleet_command_id"],
                name="fleet_command_open",
                condition=models.Q(status__in=("preview", "running")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fleet_command_id}: {self.get_command_display()}"


class FleetCommandUnit(Record):
    """One unit of a command, and what came of it there.

    `expected_reason` is why the preview expected the unit to be skipped, `reason` why it was.
    """

    fleet_command_unit_id = models.BigAutoField(_("ID"), primary_key=True)
    fleet_command = models.ForeignKey(
        "fleet.FleetCommand",
        models.PROTECT,
        related_name="units",
        db_index=False,  # the unique index begins with it
        verbose_name=_("command"),
    )
    product = models.ForeignKey(
        "products.Product",
        models.PROTECT,
        db_column="product_imei",
        related_name="fleet_commands",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    outcome = models.CharField(
        _("outcome"), max_length=40, choices=UnitOutcome.choices, default=UnitOutcome.PENDING
    )
    expected_reason = models.CharField(_("expected"), max_length=40, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=40, null=True, blank=True)
    message = models.TextField(_("what was said"), null=True, blank=True)
    attempts = models.IntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        db_table = "fleet_command_unit"
        verbose_name = _("unit of a command")
        verbose_name_plural = _("units of commands")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=UnitOutcome.values),
                name="fleet_command_unit_outcome_known",
            ),
            models.UniqueConstraint(
                fields=["fleet_command", "product"], name="fleet_command_unit_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["fleet_command", "outcome", "product"], name="fleet_command_unit_outcome"
            ),
            models.Index(fields=["product", "-done_at"], name="fleet_command_unit_product"),
        ]

    def __str__(self) -> str:
        return f"{self.fleet_command_id}: {self.product_id}"
