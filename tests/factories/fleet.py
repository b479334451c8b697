"""Factories for commands to many units."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from apps.fleet import models
from tests.factories.accounts import UserFactory
from tests.factories.products import ProductFactory


class FleetCommandFactory(DjangoModelFactory[models.FleetCommand]):
    """A preview of switching units on, without any."""

    class Meta:
        model = models.FleetCommand

    command = models.CommandName.ENABLE
    note = factory.Sequence(lambda n: f"Back from winter {n}")
    user = factory.SubFactory(UserFactory)
    per_minute = 600


class FleetCommandUnitFactory(DjangoModelFactory[models.FleetCommandUnit]):
    """A unit that waits for its turn."""

    class Meta:
        model = models.FleetCommandUnit

    fleet_command = factory.SubFactory(FleetCommandFactory)
    product = factory.SubFactory(ProductFactory)
