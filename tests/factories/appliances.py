"""Factories for appliances and their repairs."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.appliances import models
from tests.factories.products import NOON


class ApplianceTypeFactory(DjangoModelFactory[models.ApplianceType]):
    class Meta:
        model = models.ApplianceType

    name = factory.Sequence(lambda n: f"Appliance type {n}")
    category = "television"
    erp_code = factory.Sequence(lambda n: f"AT{n:04d}")
    tracked = True


class ApplianceFactory(DjangoModelFactory[models.Appliance]):
    class Meta:
        model = models.Appliance

    appliance_type = factory.SubFactory(ApplianceTypeFactory)
    serial_number = factory.Sequence(lambda n: f"APP-{n:08d}")


class ApplianceActionTypeFactory(DjangoModelFactory[models.ApplianceActionType]):
    class Meta:
        model = models.ApplianceActionType

    name = factory.Sequence(lambda n: f"Appliance action {n}")


class ApplianceActionTypeApplianceTypeLinkerFactory(
    DjangoModelFactory[models.ApplianceActionTypeApplianceTypeLinker]
):
    class Meta:
        model = models.ApplianceActionTypeApplianceTypeLinker

    appliance_type = factory.SubFactory(ApplianceTypeFactory)
    appliance_action_type = factory.SubFactory(ApplianceActionTypeFactory)


class AppliancePartTypeFactory(DjangoModelFactory[models.AppliancePartType]):
    class Meta:
        model = models.AppliancePartType

    name = factory.Sequence(lambda n: f"Appliance part type {n}")
    erp_code = factory.Sequence(lambda n: f"AP{n:04d}")


class AppliancePartTypeReplacementLinkerFactory(
    DjangoModelFactory[models.AppliancePartTypeReplacementLinker]
):
    class Meta:
        model = models.AppliancePartTypeReplacementLinker

    appliance_type = factory.SubFactory(ApplianceTypeFactory)
    existing_appliance_part_type = factory.SubFactory(AppliancePartTypeFactory)
    replacement_appliance_part_type = factory.SubFactory(AppliancePartTypeFactory)
    max_part_count = 2


class ApplianceSymptomFactory(DjangoModelFactory[models.ApplianceSymptom]):
    class Meta:
        model = models.ApplianceSymptom

    name = factory.Sequence(lambda n: f"Appliance symptom {n}")


class ApplianceSymptomApplianceTypeLinkerFactory(
    DjangoModelFactory[models.ApplianceSymptomApplianceTypeLinker]
):
    class Meta:
        model = models.ApplianceSymptomApplianceTypeLinker

    appliance_type = factory.SubFactory(ApplianceTypeFactory)
    appliance_symptom = factory.SubFactory(ApplianceSymptomFactory)


class ApplianceRepairFactory(DjangoModelFactory[models.ApplianceRepair]):
    """A repair still on the bench."""

    class Meta:
        model = models.ApplianceRepair

    appliance = factory.SubFactory(ApplianceFactory)
    arrival_date = dt.date(2024, 3, 1)
    process = models.ApplianceRepairProcess.REPAIR_AND_RETURN
    pending_status = True


class ApplianceRepairApplianceActionTypeLinkerFactory(
    DjangoModelFactory[models.ApplianceRepairApplianceActionTypeLinker]
):
    class Meta:
        model = models.ApplianceRepairApplianceActionTypeLinker

    appliance_repair = factory.SubFactory(ApplianceRepairFactory)
    appliance_action_type = factory.SubFactory(ApplianceActionTypeFactory)


class ApplianceRepairAppliancePartTypeLinkerFactory(
    DjangoModelFactory[models.ApplianceRepairAppliancePartTypeLinker]
):
    class Meta:
        model = models.ApplianceRepairAppliancePartTypeLinker

    appliance_repair = factory.SubFactory(ApplianceRepairFactory)
    old_appliance_part_type = factory.SubFactory(AppliancePartTypeFactory)
    repaired_parts_count = 1
    requested_date = NOON


class ApplianceRepairApplianceSymptomLinkerFactory(
    DjangoModelFactory[models.ApplianceRepairApplianceSymptomLinker]
):
    class Meta:
        model = models.ApplianceRepairApplianceSymptomLinker

    appliance_repair = factory.SubFactory(ApplianceRepairFactory)
    appliance_symptom = factory.SubFactory(ApplianceSymptomFactory)
