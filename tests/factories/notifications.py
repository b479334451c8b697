"""Factories for channels and subscribers."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from apps.notifications import models
from tests.factories.entities import EntityFactory


class ChannelFactory(DjangoModelFactory[models.Channel]):
    class Meta:
        model = models.Channel

    name = factory.Sequence(lambda n: f"channel-{n}")


class SubscriberFactory(DjangoModelFactory[models.Subscriber]):
    class Meta:
        model = models.Subscriber

    url = factory.Sequence(lambda n: f"https://hooks.example.com/{n}")
    channel = factory.SubFactory(ChannelFactory)
    entity = factory.SubFactory(EntityFactory)
    key = factory.Sequence(lambda n: f"{n:024x}")
