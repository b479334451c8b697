"""Factories for repairs, their types, workflows and centres."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.repairs import models
from tests.factories.entities import EntityFactory
from tests.factories.parts import PartFactory, PartTypeFactory
from tests.factories.products import NOON, ProductFactory, ProductTypeFactory


class ActionTypeFactory(DjangoModelFactory[models.ActionType]):
    class Meta:
        model = models.ActionType

    name = factory.Sequence(lambda n: f"action_{n}")
    label = factory.Sequence(lambda n: f"Action {n}")


class ActionTypeProductTypeLinkerFactory(DjangoModelFactory[models.ActionTypeProductTypeLinker]):
    class Meta:
        model = models.ActionTypeProductTypeLinker

    product_type = factory.SubFactory(ProductTypeFactory)
    action_type = factory.SubFactory(ActionTypeFactory)


class SymptomTypeFactory(DjangoModelFactory[models.SymptomType]):
    class Meta:
        model = models.SymptomType

    name = factory.Sequence(lambda n: f"symptom_{n}")
    label = factory.Sequence(lambda n: f"Symptom {n}")


class SymptomTypeProductTypeLinkerFactory(DjangoModelFactory[models.SymptomTypeProductTypeLinker]):
    class Meta:
        model = models.SymptomTypeProductTypeLinker

    product_type = factory.SubFactory(ProductTypeFactory)
    symptom_type = factory.SubFactory(SymptomTypeFactory)


class RepairCentreFactory(DjangoModelFactory[models.RepairCentre]):
    class Meta:
        model = models.RepairCentre

    name = factory.Sequence(lambda n: f"Repair centre {n}")
    entity = factory.SubFactory(EntityFactory)


class UserRepairCentreLinkFactory(DjangoModelFactory[models.UserRepairCentreLink]):
    class Meta:
        model = models.UserRepairCentreLink

    username = factory.Sequence(lambda n: f"technician{n}@example.com")
    repair_centre = factory.SubFactory(RepairCentreFactory)


class RepairFactory(DjangoModelFactory[models.Repair]):
    """A repair without a workflow, still on the bench."""

    class Meta:
        model = models.Repair

    product = factory.SubFactory(ProductFactory)
    arrival_date = dt.date(2024, 3, 1)
    process = models.RepairProcess.REPAIR_AND_RETURN
    pending_status = True


class RepairSymptomTypeLinkerFactory(DjangoModelFactory[models.RepairSymptomTypeLinker]):
    class Meta:
        model = models.RepairSymptomTypeLinker

    repair = factory.SubFactory(RepairFactory)
    symptom_type = factory.SubFactory(SymptomTypeFactory)


class RepairActionTypeLinkerFactory(DjangoModelFactory[models.RepairActionTypeLinker]):
    class Meta:
        model = models.RepairActionTypeLinker

    repair = factory.SubFactory(RepairFactory)
    action_type = factory.SubFactory(ActionTypeFactory)


class RepairPartTypeLinkerFactory(DjangoModelFactory[models.RepairPartTypeLinker]):
    """A part replaced by another of its type."""

    class Meta:
        model = models.RepairPartTypeLinker

    repair = factory.SubFactory(RepairFactory)
    old_part_type = factory.SubFactory(PartTypeFactory)
    new_part_type = factory.SelfAttribute("old_part_type")
    new_part = factory.SubFactory(PartFactory, part_type=factory.SelfAttribute("..new_part_type"))
    requested_date = NOON
    replaced_date = NOON + dt.timedelta(hours=2)
    non_transferable = False


class RepairProductLinkerFactory(DjangoModelFactory[models.RepairProductLinker]):
    class Meta:
        model = models.RepairProductLinker

    repair = factory.SubFactory(RepairFactory)
    product_imei = factory.Sequence(lambda n: f"{359_000_000_000_000 + n}")


class RepairWorkflowSelectorFactory(DjangoModelFactory[models.RepairWorkflowSelector]):
    class Meta:
        model = models.RepairWorkflowSelector

    product_type = factory.SubFactory(ProductTypeFactory)
    workflow_name = "control_unit_repair"
    selector_type = models.SelectorType.USER
    selector_value = factory.Sequence(lambda n: f"technician{n}@example.com")


class RepairWorkflowEventFactory(DjangoModelFactory[models.RepairWorkflowEvent]):
    class Meta:
        model = models.RepairWorkflowEvent

    repair = factory.SubFactory(RepairFactory)
    current_state_id = "inspection"
    event_id = "next"
    next_state_id = "diagnosis"


class RepairWorkflowStateFactory(DjangoModelFactory[models.RepairWorkflowState]):
    """A state that the repair is still in."""

    class Meta:
        model = models.RepairWorkflowState

    repair = factory.SubFactory(RepairFactory)
    state_id = "inspection"
    entry_time = NOON


class RepairWorkflowHistoryFactory(DjangoModelFactory[models.RepairWorkflowHistory]):
    class Meta:
        model = models.RepairWorkflowHistory

    repair = factory.SubFactory(RepairFactory)
    start_state_id = "inspection"
    end_state_id = "diagnosis"
    update_commands_bin = b"[]"
    can_undo = True
