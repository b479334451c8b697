"""Factories for the state of the time-series store."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from apps.telemetry import models


class InfluxShardDataFactory(DjangoModelFactory[models.InfluxShardData]):
    class Meta:
        model = models.InfluxShardData

    shard_data = factory.LazyFunction(lambda: [{"id": 1, "database": "telemetry"}])
    anomalies = factory.LazyFunction(list)
