"""Factories for units, their types and all that is said about them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.products import models
from tests.factories.entities import EntityFactory

NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


class ProductTypeFactory(DjangoModelFactory[models.ProductType]):
    class Meta:
        model = models.ProductType

    name = factory.Sequence(lambda n: f"Product type {n}")
    erp_code = factory.Sequence(lambda n: f"PT{n:04d}")
    credit_type = models.CreditType.TIME


class ProductFactory(DjangoModelFactory[models.Product]):
    """One unit as it leaves the factory: owned by nobody, in no state, without history."""

    class Meta:
        model = models.Product

    product_imei = factory.Sequence(lambda n: f"{350_000_000_000_000 + n}")
    imsi = factory.Sequence(lambda n: f"{234_500_000_000_000 + n}")
    iccid = factory.Sequence(lambda n: f"{8_944_500_000_000_000_000 + n}")
    device_key = factory.Sequence(lambda n: f"{n:024x}")
    serial_number = factory.Sequence(lambda n: f"BX-{n:08d}")
    product_type = factory.SubFactory(ProductTypeFactory)


class StateTypeFactory(DjangoModelFactory[models.StateType]):
    class Meta:
        model = models.StateType

    name = factory.Sequence(lambda n: f"STATE_{n}")


class StateFactory(DjangoModelFactory[models.State]):
    class Meta:
        model = models.State

    product = factory.SubFactory(ProductFactory)
    prev_state_type = factory.SubFactory(StateTypeFactory)
    current_state_type = factory.SubFactory(StateTypeFactory)


class EnableHistoryFactory(DjangoModelFactory[models.EnableHistory]):
    class Meta:
        model = models.EnableHistory

    product = factory.SubFactory(ProductFactory)
    prev_enable_state = models.EnableState.INIT
    current_enable_state = models.EnableState.PENDING_ENABLED
    user = "staff@example.com"
    date = factory.Sequence(lambda n: NOON + dt.timedelta(minutes=n))


class TamperEnableHistoryFactory(DjangoModelFactory[models.TamperEnableHistory]):
    class Meta:
        model = models.TamperEnableHistory

    product = factory.SubFactory(ProductFactory)
    prev_tamper_enable_state = models.EnableState.INIT
    current_tamper_enable_state = models.EnableState.PENDING_ENABLED
    user = "staff@example.com"
    date = factory.Sequence(lambda n: NOON + dt.timedelta(minutes=n))


class SoftwareVersionTypeFactory(DjangoModelFactory[models.SoftwareVersionType]):
    class Meta:
        model = models.SoftwareVersionType

    name = factory.Sequence(lambda n: f"3.{n}a")
    link = factory.Sequence(lambda n: f"https://software.example.com/3.{n}a.bin")
    checksum = factory.Sequence(lambda n: f"{n:08x}")
    release_date = NOON
    status = models.SoftwareStatus.STABLE


class ProductTypeSoftwareVersionTypeLinkerFactory(
    DjangoModelFactory[models.ProductTypeSoftwareVersionTypeLinker]
):
    class Meta:
        model = models.ProductTypeSoftwareVersionTypeLinker

    product_type = factory.SubFactory(ProductTypeFactory)
    software_version_type = factory.SubFactory(SoftwareVersionTypeFactory)


class LatestSoftwareFactory(DjangoModelFactory[models.LatestSoftware]):
    class Meta:
        model = models.LatestSoftware

    product_type = factory.SubFactory(ProductTypeFactory)
    software_version_type = factory.SubFactory(SoftwareVersionTypeFactory)
    date_added = NOON


class ProductSoftwareLinkerFactory(DjangoModelFactory[models.ProductSoftwareLinker]):
    """A version that the unit confirmed and runs."""

    class Meta:
        model = models.ProductSoftwareLinker
        skip_postgeneration_save = True

    product = factory.SubFactory(ProductFactory)
    software_version_type = factory.SubFactory(SoftwareVersionTypeFactory)
    date_added = NOON
    update_attempts = 0

    @factory.post_generation
    def leave(self: Any, create: bool, extracted: Any, **options: Any) -> None:
        """The version may be on units of this type, as it must for one to be asked for."""
        models.ProductTypeSoftwareVersionTypeLinker.objects.get_or_create(
            product_type_id=self.product.product_type_id,
            software_version_type=self.software_version_type,
        )


class ParameterTypeFactory(DjangoModelFactory[models.ParameterType]):
    class Meta:
        model = models.ParameterType

    name = factory.Sequence(lambda n: f"parameter_{n}")
    data_type = models.DataType.STRING
    repeatable = False
    setting = True


class ProductParameterFactory(DjangoModelFactory[models.ProductParameter]):
    """A value that the unit confirmed and holds."""

    class Meta:
        model = models.ProductParameter

    product = factory.SubFactory(ProductFactory)
    parameter_type = factory.SubFactory(ParameterTypeFactory)
    status = models.ParameterStatus.ACTIVE
    value = "5"
    date_added = NOON


class ProductNoteFactory(DjangoModelFactory[models.ProductNote]):
    class Meta:
        model = models.ProductNote

    product = factory.SubFactory(ProductFactory)
    note_text = factory.Sequence(lambda n: f"Note {n}")


class ProductGroupFactory(DjangoModelFactory[models.ProductGroup]):
    class Meta:
        model = models.ProductGroup

    name = factory.Sequence(lambda n: f"Group {n}")
    product_type = factory.SubFactory(ProductTypeFactory)
    entity = factory.SubFactory(EntityFactory)


class ProductProductGroupLinkerFactory(DjangoModelFactory[models.ProductProductGroupLinker]):
    class Meta:
        model = models.ProductProductGroupLinker

    product_group = factory.SubFactory(ProductGroupFactory)
    product = factory.SubFactory(ProductFactory)
    date_added = NOON


class ProductMigrationHistoryFactory(DjangoModelFactory[models.ProductMigrationHistory]):
    class Meta:
        model = models.ProductMigrationHistory

    product = factory.SubFactory(ProductFactory)
    latest_migration_timestamp = NOON
    last_migrated_at = NOON
