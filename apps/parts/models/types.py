"""Types of part, and the rules about where they go."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class SerialNumberCategory(models.TextChoices):
    """Whether parts of a type carry a serial number, and whether one can read it."""

    KNOWN = "known", _("known")
    HIDDEN = "hidden", _("hidden")
    UNKNOWN = "unknown", _("unknown")


class PartTypeCategory(Record):
    """One family of part types, e.g. batteries."""

    part_type_category_id = models.BigAutoField(_("part type category ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)

    class Meta:
        db_table = "part_type_category"
        verbose_name = _("part type category")
        verbose_name_plural = _("part type categories")

    def __str__(self) -> str:
        return self.name


class PartType(Record):
    """One kind of part as the stores know it, e.g. a 17 Ah battery."""

    part_type_id = models.BigAutoField(_("part type ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    erp_code = models.CharField(_("ERP code"), max_length=255, null=True, blank=True)
    part_type_category = models.ForeignKey(
        "parts.PartTypeCategory",
        on_delete=models.PROTECT,
        related_name="part_types",
        verbose_name=_("category"),
    )
    serial_number_category = models.CharField(
        _("serial numbers are"), max_length=255, choices=SerialNumberCategory.choices
    )
    parameter_types = models.JSONField(_("parameter types"), default=list, blank=True)
    part_type_metadata_validator = models.CharField(
        _("metadata validator"), max_length=255, null=True, blank=True
    )
    is_sent_by_unit = models.BooleanField(_("reported by the unit"), null=True, blank=True)

    class Meta:
        db_table = "part_type"
        verbose_name = _("part type")
        verbose_name_plural = _("part types")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(serial_number_category__in=SerialNumberCategory.values),
                name="part_type_serial_number_category_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartTypeProductTypeLinker(Record):
    """Leave for parts of one type to be in units of one product type."""

    part_type_product_type_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="part_type_product_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("product type"),
    )
    part_type = models.ForeignKey(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="part_type_product_type_linker",
        verbose_name=_("part type"),
    )

    class Meta:
        db_table = "part_type_product_type_linker"
        verbose_name = _("part type of a product type")
        verbose_name_plural = _("part types of product types")
        constraints = [
            models.UniqueConstraint(
                fields=["product_type", "part_type"], name="part_type_product_type_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.product_type_id} → #{self.part_type_id}"


class PartTypeReplacementLinker(Record):
    """Leave to replace a part of one type by one of another in a repair.

    Without a product type the rule holds for all of them. The default type is offered first; a
    critical part decides whether the unit works; a non-transferable one may not leave its unit.
    """

    part_type_replacement_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="part_type_replacements",
        null=True,
        blank=True,
        verbose_name=_("product type"),
    )
    existing_part_type = models.ForeignKey(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="existings",
        verbose_name=_("existing part type"),
    )
    replacement_part_type = models.ForeignKey(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="replacements",
        verbose_name=_("replacement part type"),
    )
    default_part_type = models.BooleanField(_("default"))
    critical_part_type = models.BooleanField(_("critical"))
    non_transferable = models.BooleanField(_("non-transferable"))

    class Meta:
        db_table = "part_type_replacement_linker"
        verbose_name = _("replacement rule")
        verbose_name_plural = _("replacement rules")
        constraints = [
            models.UniqueConstraint(
                fields=["product_type", "existing_part_type", "replacement_part_type"],
                name="part_type_replacement_once",
            ),
            models.UniqueConstraint(
                fields=["existing_part_type", "replacement_part_type"],
                condition=models.Q(product_type__isnull=True),
                name="part_type_replacement_once_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.existing_part_type_id} → #{self.replacement_part_type_id}"


class DefaultEnergyLimit(Record):
    """How much energy a unit with one type of battery may give in one stage of its life.

    Without an entity the row holds for every entity that has none of its own.
    """

    default_energy_limit_id = models.BigAutoField(_("energy limit ID"), primary_key=True)
    battery_type = models.ForeignKey(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="default_energy_limits",
        verbose_name=_("battery type"),
    )
    state_type = models.ForeignKey(
        "products.StateType",
        on_delete=models.PROTECT,
        related_name="energy_limit_states",
        verbose_name=_("state type"),
    )
    entity = models.ForeignKey(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="battery_type_energy_limits",
        null=True,
        blank=True,
        verbose_name=_("entity"),
    )
    energy_limit = models.FloatField(_("energy limit"))
    max_energy_limit = models.FloatField(_("highest energy limit"))
    min_energy_limit = models.FloatField(_("lowest energy limit"))

    class Meta:
        db_table = "default_energy_limit"
        verbose_name = _("default energy limit")
        verbose_name_plural = _("default energy limits")
        constraints = [
            models.UniqueConstraint(
                fields=["battery_type", "state_type", "entity"],
                name="default_energy_limit_once",
            ),
            models.UniqueConstraint(
                fields=["battery_type", "state_type"],
                condition=models.Q(entity__isnull=True),
                name="default_energy_limit_once_for_all",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    energy_limit__gte=models.F("min_energy_limit"),
                    energy_limit__lte=models.F("max_energy_limit"),
                ),
                name="default_energy_limit_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.battery_type_id}: {self.energy_limit}"
