"""Kinds of alert, and for which units each may be raised."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class AlertType(Record):
    """One version of one kind of alert: what it tells staff and how often it is looked for.

    After an alert of this type is dismissed, none is raised on that unit for the cooling-off
    period.
    """

    alert_type_id = models.BigAutoField(_("alert type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    version = models.IntegerField(_("version"))
    category = models.CharField(_("category"), max_length=255, null=True, blank=True)
    purpose = models.TextField(_("purpose"), max_length=10000, null=True, blank=True)
    message = models.TextField(_("message"), max_length=10000, null=True, blank=True)
    status = models.CharField(_("status"), max_length=255)
    severity = models.CharField(_("severity"), max_length=255, null=True, blank=True)
    analysis_frequency = models.DurationField(_("analysed every"))
    cooling_off_period = models.DurationField(_("cooling-off period"), null=True, blank=True)
    active = models.BooleanField(_("active"))
    label = models.CharField(_("label"), max_length=255, unique=True)

    class Meta:
        db_table = "alert_type"
        verbose_name = _("alert type")
        verbose_name_plural = _("alert types")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="alert_type_version_once"),
        ]

    def __str__(self) -> str:
        return self.label


class AlertTypeProductTypeLinker(Record):
    """Leave to raise alerts of one type on units of one product type."""

    alert_type_product_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    alert_type = models.ForeignKey(
        "alerts.AlertType",
        on_delete=models.PROTECT,
        related_name="alert_type_product_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("alert type"),
    )
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="alert_type_product_type_linker",
        verbose_name=_("product type"),
    )

    class Meta:
        db_table = "alert_type_product_type_linker"
        verbose_name = _("product type of an alert type")
        verbose_name_plural = _("product types of alert types")
        constraints = [
            models.UniqueConstraint(
                fields=["alert_type", "product_type"], name="alert_type_product_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.alert_type_id} → #{self.product_type_id}"


class AlertTypeStateTypeLinker(Record):
    """Leave to raise alerts of one type on units in one stage of their life."""

    alert_type_state_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    alert_type = models.ForeignKey(
        "alerts.AlertType",
        on_delete=models.PROTECT,
        related_name="alert_type_state_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("alert type"),
    )
    state_type = models.ForeignKey(
        "products.StateType",
        on_delete=models.PROTECT,
        related_name="alert_type_state_type_linker",
        verbose_name=_("state type"),
    )

    class Meta:
        db_table = "alert_type_state_type_linker"
        verbose_name = _("state type of an alert type")
        verbose_name_plural = _("state types of alert types")
        constraints = [
            models.UniqueConstraint(
                fields=["alert_type", "state_type"], name="alert_type_state_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.alert_type_id} → #{self.state_type_id}"


class AlertTypeEntityAntiLinker(Record):
    """One entity whose units get no alerts of one type."""

    alert_type_entity_anti_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    alert_type = models.ForeignKey(
        "alerts.AlertType",
        on_delete=models.PROTECT,
        related_name="alert_type_entity_anti_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("alert type"),
    )
    entity = models.ForeignKey(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="alert_type_entity_anti_linker",
        verbose_name=_("entity"),
    )

    class Meta:
        db_table = "alert_type_entity_anti_linker"
        verbose_name = _("entity without an alert type")
        verbose_name_plural = _("entities without alert types")
        constraints = [
            models.UniqueConstraint(
                fields=["alert_type", "entity"], name="alert_type_entity_anti_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.alert_type_id} → #{self.entity_id}"
