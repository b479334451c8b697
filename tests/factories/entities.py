"""Factories for entities, hubs, shops, customers and ownership."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from apps.entities import models


class EntityFactory(DjangoModelFactory[models.Entity]):
    class Meta:
        model = models.Entity

    name = factory.Sequence(lambda n: f"Entity {n}")
    geic = factory.Sequence(lambda n: f"GEIC{n:06d}")
    bboxx_company_flag = True


class EntityFacilityLinkerFactory(DjangoModelFactory[models.EntityFacilityLinker]):
    class Meta:
        model = models.EntityFacilityLinker

    entity = factory.SubFactory(EntityFactory)
    test_jig = True
    test_bench = True
    usb_diag_tool = False
    rework_process = False


class HubFactory(DjangoModelFactory[models.Hub]):
    class Meta:
        model = models.Hub

    name = factory.Sequence(lambda n: f"Hub {n}")
    entity = factory.SubFactory(EntityFactory)
    latitude = "-1.943600"
    longitude = "30.059400"


class ShopFactory(DjangoModelFactory[models.Shop]):
    class Meta:
        model = models.Shop

    name = factory.Sequence(lambda n: f"Shop {n}")
    hub = factory.SubFactory(HubFactory)
    latitude = "-1.950000"
    longitude = "30.060000"


class ProductEntityLinkerFactory(DjangoModelFactory[models.ProductEntityLinker]):
    """An open ownership."""

    class Meta:
        model = models.ProductEntityLinker

    product = factory.SubFactory("tests.factories.products.ProductFactory")
    entity = factory.SubFactory(EntityFactory)


class CustomerFactory(DjangoModelFactory[models.Customer]):
    class Meta:
        model = models.Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    external_customer_id = factory.Sequence(lambda n: 10_000 + n)
    external_customer_code = factory.Sequence(lambda n: f"C-{n:06d}")


class CustomerEntityLinkerFactory(DjangoModelFactory[models.CustomerEntityLinker]):
    class Meta:
        model = models.CustomerEntityLinker

    customer = factory.SubFactory(CustomerFactory)
    entity = factory.SubFactory(EntityFactory)


class CustomerProductHistoryFactory(DjangoModelFactory[models.CustomerProductHistory]):
    class Meta:
        model = models.CustomerProductHistory

    customer = factory.SubFactory(CustomerFactory)
    product = factory.SubFactory("tests.factories.products.ProductFactory")
