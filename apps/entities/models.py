"""Entities, their hubs, shops and customers, and who owns which unit."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class Entity(Record):
    """One company that owns units; staff of ENTITY scope see only what is theirs."""

    entity_id = models.BigAutoField(_("entity ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    bboxx_company_flag = models.BooleanField(_("company of the group"))
    tariff = models.CharField(_("tariff"), max_length=255, null=True, blank=True)
    financier = models.BooleanField(_("financier"), null=True, blank=True)
    geic = models.CharField(_("GEIC code"), max_length=255, unique=True, null=True, blank=True)

    class Meta:
        db_table = "entity"
        verbose_name = _("entity")
        verbose_name_plural = _("entities")

    def __str__(self) -> str:
        return self.name


class EntityFacilityLinker(Record):
    """The tools and processes that one entity has for making and repairing units."""

    entity_facility_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    entity = models.OneToOneField(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="entity_facility_linker",
        verbose_name=_("entity"),
    )
    test_jig = models.BooleanField(_("test jig"))
    test_bench = models.BooleanField(_("test bench"))
    usb_diag_tool = models.BooleanField(_("USB diagnostic tool"))
    rework_process = models.BooleanField(_("PCB rework"))

    class Meta:
        db_table = "entity_facility_linker"
        verbose_name = _("facilities of an entity")
        verbose_name_plural = _("facilities of entities")

    def __str__(self) -> str:
        return f"#{self.entity_id}"


class Hub(Record):
    """One distribution centre of an entity. Kept for older units; new ones have none."""

    hub_id = models.BigAutoField(_("hub ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    guid = models.CharField(_("GUID"), max_length=255, unique=True, null=True, blank=True)
    entity = models.ForeignKey(
        "entities.Entity", on_delete=models.PROTECT, related_name="hubs", verbose_name=_("entity")
    )
    latitude = models.CharField(_("latitude"), max_length=12, null=True, blank=True)
    longitude = models.CharField(_("longitude"), max_length=12, null=True, blank=True)

    class Meta:
        db_table = "hub"
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")

    def __str__(self) -> str:
        return self.name


class Shop(Record):
    """One shop supplied by a hub. Kept for older units; new ones have none."""

    shop_id = models.BigAutoField(_("shop ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    guid = models.CharField(_("GUID"), max_length=255, unique=True, null=True, blank=True)
    hub = models.ForeignKey(
        "entities.Hub", on_delete=models.PROTECT, related_name="shops", verbose_name=_("hub")
    )
    latitude = models.CharField(_("latitude"), max_length=12, null=True, blank=True)
    longitude = models.CharField(_("longitude"), max_length=12, null=True, blank=True)

    class Meta:
        db_table = "shop"
        verbose_name = _("shop")
        verbose_name_plural = _("shops")

    def __str__(self) -> str:
        return self.name


class ProductEntityLinker(Record):
    """One entity's time as owner of one unit; open while it owns it. Scope is read from here."""

    product_entity_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="product_entity_linker",
        verbose_name=_("product"),
    )
    entity = models.ForeignKey(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="product_entity_linker",
        db_index=False,  # the composite index begins with it
        verbose_name=_("entity"),
    )
    date_added = models.DateTimeField(_("added"), default=timezone.now, null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        db_table = "product_entity_linker"
        verbose_name = _("owner of a product")
        verbose_name_plural = _("owners of products")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "entity"],
                condition=models.Q(date_removed__isnull=True),
                name="product_entity_linker_one_open",
                violation_error_message=_("This product already belongs to this entity."),
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="product_entity_linker_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "date_removed", "product"], name="product_entity_scope")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → #{self.entity_id}"


class Customer(Record):
    """One person or household that has a unit, as the sales system names them."""

    customer_id = models.BigAutoField(_("customer ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    external_customer_id = models.IntegerField(
        _("external customer ID"), null=True, blank=True, db_index=True
    )
    external_customer_code = models.CharField(
        _("external customer code"), max_length=255, null=True, blank=True, db_index=True
    )

    class Meta:
        db_table = "customer"
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.name


class CustomerEntityLinker(Record):
    """One customer's time with one entity; open while they are its customer."""

    customer_entity_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    customer = models.ForeignKey(
        "entities.Customer",
        on_delete=models.PROTECT,
        related_name="customer_entity_linker",
        verbose_name=_("customer"),
    )
    entity = models.ForeignKey(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="customer_entity_linker",
        db_index=False,  # the composite index begins with it
        verbose_name=_("entity"),
    )
    date_added = models.DateTimeField(_("added"), default=timezone.now, null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        db_table = "customer_entity_linker"
        verbose_name = _("customer of an entity")
        verbose_name_plural = _("customers of entities")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "entity"],
                condition=models.Q(date_removed__isnull=True),
                name="customer_entity_linker_one_open",
                violation_error_message=_("This customer already belongs to this entity."),
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="customer_entity_linker_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["entity", "date_removed", "customer"], name="customer_entity_scope"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.customer_id} → #{self.entity_id}"


class CustomerProductHistory(Record):
    """One customer's time with one unit; open while they have it."""

    customer_product_history_id = models.BigAutoField(_("history ID"), primary_key=True)
    customer = models.ForeignKey(
        "entities.Customer",
        on_delete=models.PROTECT,
        related_name="customer_product_history",
        verbose_name=_("customer"),
    )
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="customer_product_history",
        verbose_name=_("product"),
    )
    date_added = models.DateTimeField(_("added"), default=timezone.now, null=True, blank=True)
    date_removed = models.DateTimeField(_("removed"), null=True, blank=True)
    removal_reason = models.CharField(_("reason of removal"), max_length=255, null=True, blank=True)

    class Meta:
        db_table = "customer_product_history"
        verbose_name = _("customer of a product")
        verbose_name_plural = _("customers of products")
        constraints = [
            models.UniqueConstraint(
                fields=["product"],
                condition=models.Q(date_removed__isnull=True),
                name="customer_product_history_one_open",
                violation_error_message=_("This product already has a customer."),
            ),
            models.CheckConstraint(
                condition=models.Q(date_removed__gte=models.F("date_added")),
                name="customer_product_history_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → #{self.customer_id}"
