"""Software versions, where they may run and where they do."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class SoftwareStatus(models.TextChoices):
    """How far a software version is to be trusted."""

    OUTDATED = "outdated", _("outdated")
    STABLE = "stable", _("stable")
    BETA = "beta", _("beta")
    BAD = "bad", _("bad")


class SoftwareVersionType(Record):
    """One release of the software that units run, with the link they load it from."""

    software_version_type_id = models.BigAutoField(_("software version ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    description = models.TextField(_("description"), max_length=10000, null=True, blank=True)
    link = models.CharField(_("link"), max_length=255, null=True, blank=True)
    checksum = models.CharField(_("checksum"), max_length=8, null=True, blank=True)
    release_date = models.DateTimeField(_("release date"))
    parameter_types = models.JSONField(_("parameter types"), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=255, choices=SoftwareStatus.choices, null=True, blank=True
    )

    class Meta:
        db_table = "software_version_type"
        verbose_name = _("software version")
        verbose_name_plural = _("software versions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=SoftwareStatus.values),
                name="software_version_type_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductTypeSoftwareVersionTypeLinker(Record):
    """Leave for one software version to be installed on one product type."""

    product_type_software_version_type_linker_id = models.BigAutoField(
        _("linker ID"), primary_key=True
    )
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="product_type_software_version_type_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("product type"),
    )
    software_version_type = models.ForeignKey(
        "products.SoftwareVersionType",
        on_delete=models.PROTECT,
        related_name="product_type_software_version_type_linker",
        verbose_name=_("software version"),
    )

    class Meta:
        db_table = "product_type_software_version_type_linker"
        verbose_name = _("software version of a product type")
        verbose_name_plural = _("software versions of product types")
        constraints = [
            models.UniqueConstraint(
                fields=["product_type", "software_version_type"],
                name="product_type_software_version_type_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_type_id} → {self.software_version_type_id}"


class LatestSoftware(Record):
    """The version new and updated units of a product type receive, for the time it was that."""

    latest_software_id = models.BigAutoField(_("latest software ID"), primary_key=True)
    product_type = models.ForeignKey(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="latest_software",
        verbose_name=_("product type"),
    )
    software_version_type = models.ForeignKey(
        "products.SoftwareVersionType",
        on_delete=models.PROTECT,
        related_name="latest_software",
        verbose_name=_("software version"),
    )
    date_added = models.DateTimeField(_("from"), default=timezone.now)
    date_removed = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        db_table = "latest_software"
        verbose_name = _("latest software")
        verbose_name_plural = _("latest software")
        constraints = [
            models.UniqueConstraint(
                fields=["product_type"],
                condition=models.Q(date_removed__isnull=True),
                name="latest_software_one_open",
                violation_error_message=_("This product type already has a latest software."),
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="latest_software_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_type_id} → {self.software_version_type_id}"


class ProductSoftwareLinker(Record):
    """One software version on one unit: asked for, then confirmed, until another replaces it."""

    product_software_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="product_software_linker",
        db_index=False,
        verbose_name=_("product"),
    )
    software_version_type = models.ForeignKey(
        "products.SoftwareVersionType",
        on_delete=models.PROTECT,
        related_name="product_software_linker",
        verbose_name=_("software version"),
    )
    date_added = models.DateTimeField(_("added"), null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)
    update_attempts = models.IntegerField(_("update attempts"), null=True, blank=True)

    class Meta:
        db_table = "product_software_linker"
        verbose_name = _("software of a product")
        verbose_name_plural = _("software of products")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="product_software_linker_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "date_removed"], name="product_software_product_open")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.software_version_type_id}"
