"""Where a unit stands in its life, and whether it is on."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class EnableState(models.TextChoices):
    """Whether a unit (or its tamper switch) is on, and whether it has confirmed that yet."""

    PENDING_DISABLED = "pending_disabled", _("pending disabled")
    PENDING_ENABLED = "pending_enabled", _("pending enabled")
    INIT = "init", _("new")
    ENABLED = "enabled", _("enabled")
    DISABLED = "disabled", _("disabled")


class StateType(Record):
    """One stage in the life of a unit, e.g. in stock, live, in repair."""

    state_type_id = models.BigAutoField(_("state type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)

    class Meta:
        db_table = "state_type"
        verbose_name = _("state type")
        verbose_name_plural = _("state types")

    def __str__(self) -> str:
        return self.name


class State(Record):
    """One step of a unit from a stage of its life to another; the newest row is where it stands."""

    state_id = models.BigAutoField(_("state ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="states",
        db_index=False,
        verbose_name=_("product"),
    )
    prev_state_type = models.ForeignKey(
        "products.StateType",
        on_delete=models.PROTECT,
        db_column="prev_state_type",
        related_name="previous_states",
        verbose_name=_("from"),
    )
    current_state_type = models.ForeignKey(
        "products.StateType",
        on_delete=models.PROTECT,
        db_column="current_state_type",
        related_name="states",
        verbose_name=_("to"),
    )

    class Meta:
        db_table = "state"
        verbose_name = _("state")
        verbose_name_plural = _("states")
        indexes = [models.Index(fields=["product", "-created_at"], name="state_product_created")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.created_at:%Y-%m-%d %H:%M}"


class EnableHistory(Record):
    """One change of a unit's enable state: asked for by somebody, or confirmed by the unit."""

    enable_history_id = models.BigAutoField(_("enable history ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="enable_history_rel",
        db_index=False,
        verbose_name=_("product"),
    )
    prev_enable_state = models.CharField(
        _("from"), max_length=255, choices=EnableState.choices, null=True, blank=True
    )
    current_enable_state = models.CharField(_("to"), max_length=255, choices=EnableState.choices)
    user = models.CharField(_("user"), max_length=255)
    date = models.DateTimeField(_("date"), default=timezone.now)

    class Meta:
        db_table = "enable_history"
        verbose_name = _("enable history")
        verbose_name_plural = _("enable histories")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(prev_enable_state__in=EnableState.values),
                name="enable_history_prev_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(current_enable_state__in=EnableState.values),
                name="enable_history_current_state_known",
            ),
        ]
        indexes = [models.Index(fields=["product", "-date"], name="enable_history_product_date")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.current_enable_state} {self.date:%Y-%m-%d %H:%M}"


class TamperEnableHistory(Record):
    """One change of a unit's tamper switch: asked for by somebody, or confirmed by the unit."""

    tamper_enable_history_id = models.BigAutoField(_("tamper history ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="tamper_enable_history",
        db_index=False,
        verbose_name=_("product"),
    )
    prev_tamper_enable_state = models.CharField(
        _("from"), max_length=255, choices=EnableState.choices
    )
    current_tamper_enable_state = models.CharField(
        _("to"), max_length=255, choices=EnableState.choices
    )
    user = models.CharField(_("user"), max_length=255)
    date = models.DateTimeField(_("date"), default=timezone.now)

    class Meta:
        db_table = "tamper_enable_history"
        verbose_name = _("tamper switch history")
        verbose_name_plural = _("tamper switch histories")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(prev_tamper_enable_state__in=EnableState.values),
                name="tamper_history_prev_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(current_tamper_enable_state__in=EnableState.values),
                name="tamper_history_current_state_known",
            ),
        ]
        indexes = [models.Index(fields=["product", "-date"], name="tamper_history_product_date")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.current_tamper_enable_state} {self.date:%Y-%m-%d %H:%M}"
