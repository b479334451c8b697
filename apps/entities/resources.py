"""Entities, hubs, shops, customers and ownership, as served."""

from apps.core.levels import READ_DELETE, READ_EDIT_DELETE, TYPE_TABLE
from apps.core.resources import Resource, register
from apps.core.scope import via_entity, via_product
from apps.entities import models
from apps.entities.services.owners import delete_owner_row

register(
    Resource(
        model=models.Entity,
        path="entities",
        levels=TYPE_TABLE,
        scope=via_entity(""),
        listed=("name", "geic", "tariff", "financier", "bboxx_company_flag"),
        search=("name", "geic"),
        filters=("financier", "bboxx_company_flag"),
    ),
    Resource(
        model=models.EntityFacilityLinker,
        path="entity_facility_linker",
        levels=TYPE_TABLE,
        scope=via_entity(),
        listed=("entity", "test_jig", "test_bench", "usb_diag_tool", "rework_process"),
        search=("entity__name",),
        filters=("test_jig", "test_bench", "usb_diag_tool", "rework_process"),
    ),
    Resource(
        model=models.Hub,
        path="hubs",
        levels=TYPE_TABLE,
        scope=via_entity(),
        listed=("name", "entity", "guid"),
        search=("name", "guid", "entity__name"),
        filters=("entity",),
    ),
    Resource(
        model=models.Shop,
        path="shops",
        levels=TYPE_TABLE,
        scope=via_entity("hub__entity"),
        listed=("name", "hub", "guid"),
        search=("name", "guid", "hub__name"),
        filters=("hub",),
    ),
    Resource(
        model=models.Customer,
        path="customers",
        levels=READ_EDIT_DELETE,
        scope=via_entity("customer_entity_linker__entity"),
        listed=("name", "external_customer_id", "external_customer_code", "created_at"),
        search=("name", "external_customer_id", "external_customer_code"),
    ),
    Resource(
        model=models.CustomerEntityLinker,
        path="customer_entity_linker",
        levels=READ_EDIT_DELETE,
        scope=via_entity(),
        listed=("customer", "entity", "date_added", "date_removed"),
        search=("customer__name", "customer__external_customer_code", "entity__name"),
        filters=("entity",),
    ),
    Resource(
        model=models.CustomerProductHistory,
        path="customer_product_history",
        levels=READ_DELETE,
        scope=via_product(),
        audited=False,
        listed=("customer", "product", "date_added", "date_removed", "removal_reason"),
        search=("product__serial_number", "product__product_imei", "customer__name"),
    ),
    Resource(
        model=models.ProductEntityLinker,
        delete=delete_owner_row,
        path="product_entity_linker",
        levels=READ_DELETE,
        scope=via_product(),
        listed=("product", "entity", "date_added", "date_removed"),
        search=("product__serial_number", "product__product_imei", "entity__name"),
        filters=("entity",),
    ),
)
