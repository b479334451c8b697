"""Factories for parts, part types and the rules about them."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from apps.parts import models
from apps.products.models import ParameterStatus
from tests.factories.products import (
    NOON,
    ParameterTypeFactory,
    ProductFactory,
    ProductTypeFactory,
    StateTypeFactory,
)


class PartTypeCategoryFactory(DjangoModelFactory[models.PartTypeCategory]):
    class Meta:
        model = models.PartTypeCategory

    name = factory.Sequence(lambda n: f"Category {n}")


class PartTypeFactory(DjangoModelFactory[models.PartType]):
    class Meta:
        model = models.PartType

    name = factory.Sequence(lambda n: f"Part type {n}")
    erp_code = factory.Sequence(lambda n: f"PA{n:04d}")
    part_type_category = factory.SubFactory(PartTypeCategoryFactory)
    serial_number_category = models.SerialNumberCategory.KNOWN


class PartTypeProductTypeLinkerFactory(DjangoModelFactory[models.PartTypeProductTypeLinker]):
    class Meta:
        model = models.PartTypeProductTypeLinker

    product_type = factory.SubFactory(ProductTypeFactory)
    part_type = factory.SubFactory(PartTypeFactory)


class PartTypeReplacementLinkerFactory(DjangoModelFactory[models.PartTypeReplacementLinker]):
    class Meta:
        model = models.PartTypeReplacementLinker

    product_type = factory.SubFactory(ProductTypeFactory)
    existing_part_type = factory.SubFactory(PartTypeFactory)
    replacement_part_type = factory.SubFactory(PartTypeFactory)
    default_part_type = True
    critical_part_type = False
    non_transferable = False


class PartFactory(DjangoModelFactory[models.Part]):
    """One part in the store."""

    class Meta:
        model = models.Part

    serial_number = factory.Sequence(lambda n: f"PART-{n:08d}")
    part_type = factory.SubFactory(PartTypeFactory)
    manufacturer = "Example Works"


class PartProductLinkerFactory(DjangoModelFactory[models.PartProductLinker]):
    """A part that is in a unit."""

    class Meta:
        model = models.PartProductLinker

    part = factory.SubFactory(PartFactory)
    product = factory.SubFactory(ProductFactory)
    date_added = NOON


class PartParameterFactory(DjangoModelFactory[models.PartParameter]):
    class Meta:
        model = models.PartParameter

    part = factory.SubFactory(PartFactory)
    parameter_type = factory.SubFactory(ParameterTypeFactory)
    value = "17.2"
    status = ParameterStatus.ACTIVE
    date_added = NOON


class DefaultEnergyLimitFactory(DjangoModelFactory[models.DefaultEnergyLimit]):
    """A limit for every entity."""

    class Meta:
        model = models.DefaultEnergyLimit

    battery_type = factory.SubFactory(PartTypeFactory)
    state_type = factory.SubFactory(StateTypeFactory)
    energy_limit = 80.0
    min_energy_limit = 20.0
    max_energy_limit = 160.0
