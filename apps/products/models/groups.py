"""Notes on units, groups of units, and units moved in from elsewhere."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class ProductNote(Record):
    """One remark that somebody left on a unit."""

    product_note_id = models.BigAutoField(_("note ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="notes",
        verbose_name=_("product"),
    )
    note_text = models.TextField(_("note"), max_length=10000)

    class Meta:
        db_table = "product_note"
        verbose_name = _("product note")
        verbose_name_plural = _("product notes")

    def __str__(self) -> str:
        return f"{self.product_id}: {self.note_text[:60]}"


class ProductGroup(Record):
    """A named set of units that an entity handles together, e.g. a pilot of one product type."""

    product_group_id = models.BigAutoField(_("product group ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True, null=True, blank=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="product_groups",
        null=True,
        blank=True,
        verbose_name=_("product type"),
    )
    entity = models.ForeignKey(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="product_groups",
        null=True,
        blank=True,
        verbose_name=_("entity"),
    )

    class Meta:
        db_table = "product_group"
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")

    def __str__(self) -> str:
        return self.name or f"#{self.product_group_id}"


class ProductProductGroupLinker(Record):
    """One unit's time in one product group; open while the unit is in it."""

    product_product_group_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    product_group = models.ForeignKey(
        "products.ProductGroup",
        on_delete=models.PROTECT,
        related_name="product_product_group_linker",
        verbose_name=_("product group"),
    )
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="product_product_group_linker",
        verbose_name=_("product"),
    )
    date_added = models.DateTimeField(_("added"), default=timezone.now, null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        db_table = "product_product_group_linker"
        verbose_name = _("product in a group")
        verbose_name_plural = _("products in groups")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "product_group"],
                condition=models.Q(date_removed__isnull=True),
                name="product_product_group_linker_one_open",
                violation_error_message=_("This product is already in this group."),
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="product_product_group_linker_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.product_group_id}"


class ProductMigrationHistory(Record):
    """One unit whose records were brought over from an older system, and when that last ran."""

    product_migration_history_id = models.BigAutoField(_("migration ID"), primary_key=True)
    product = models.OneToOneField(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="migration_history",
        verbose_name=_("product"),
    )
    latest_migration_timestamp = models.DateTimeField(_("migrated up to"))
    last_migrated_at = models.DateTimeField(_("last migrated at"))

    class Meta:
        db_table = "product_migration_history"
        verbose_name = _("product migration history")
        verbose_name_plural = _("product migration histories")

    def __str__(self) -> str:
        return f"{self.product_id} {self.last_migrated_at:%Y-%m-%d %H:%M}"
