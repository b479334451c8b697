"""What can be wrong with a unit and what can be done about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class ActionType(Record):
    """One thing that a technician can do in a repair, e.g. replace a fuse."""

    action_type_id = models.BigAutoField(_("action type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    label = models.CharField(_("label"), max_length=255, unique=True)

    class Meta:
        db_table = "action_type"
        verbose_name = _("action type")
        verbose_name_plural = _("action types")

    def __str__(self) -> str:
        return self.label


class ActionTypeProductTypeLinker(Record):
    """Leave to take one action in repairs of one product type."""

    action_type_product_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="action_type_product_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("product type"),
    )
    action_type = models.ForeignKey(
        "repairs.ActionType",
        on_delete=models.PROTECT,
        related_name="action_type_product_type_linker",
        verbose_name=_("action type"),
    )

    class Meta:
        db_table = "action_type_product_type_linker"
        verbose_name = _("action of a product type")
        verbose_name_plural = _("actions of product types")
        constraints = [
            models.UniqueConstraint(
                fields=["product_type", "action_type"], name="action_type_product_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.product_type_id} → #{self.action_type_id}"


class SymptomType(Record):
    """One thing that can be wrong with a unit that comes in for repair."""

    symptom_type_id = models.BigAutoField(_("symptom type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    label = models.CharField(_("label"), max_length=255, unique=True)

    class Meta:
        db_table = "symptom_type"
        verbose_name = _("symptom type")
        verbose_name_plural = _("symptom types")

    def __str__(self) -> str:
        return self.label


class SymptomTypeProductTypeLinker(Record):
    """One symptom that units of one product type can show."""

    symptom_type_product_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="symptom_types",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("product type"),
    )
    symptom_type = models.ForeignKey(
        "repairs.SymptomType",
        on_delete=models.PROTECT,
        related_name="symptom_type_product_type_linker",
        verbose_name=_("symptom type"),
    )

    class Meta:
        db_table = "symptom_type_product_type_linker"
        verbose_name = _("symptom of a product type")
        verbose_name_plural = _("symptoms of product types")
        constraints = [
            models.UniqueConstraint(
                fields=["product_type", "symptom_type"], name="symptom_type_product_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.product_type_id} → #{self.symptom_type_id}"
