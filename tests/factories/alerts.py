"""Factories for alerts, alert types, analyses and anomalies."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.alerts import models
from tests.factories.entities import EntityFactory
from tests.factories.products import NOON, ProductFactory, ProductTypeFactory, StateTypeFactory


class AlertTypeFactory(DjangoModelFactory[models.AlertType]):
    class Meta:
        model = models.AlertType

    name = factory.Sequence(lambda n: f"alert_{n}")
    version = 1
    label = factory.Sequence(lambda n: f"Alert {n}")
    status = "live"
    severity = "high"
    analysis_frequency = dt.timedelta(hours=4)
    cooling_off_period = dt.timedelta(days=7)
    active = True


class AlertFactory(DjangoModelFactory[models.Alert]):
    """An open alert."""

    class Meta:
        model = models.Alert

    product = factory.SubFactory(ProductFactory)
    alert_type = factory.SubFactory(AlertTypeFactory)
    start_time = NOON


class AlertTypeProductTypeLinkerFactory(DjangoModelFactory[models.AlertTypeProductTypeLinker]):
    class Meta:
        model = models.AlertTypeProductTypeLinker

    alert_type = factory.SubFactory(AlertTypeFactory)
    product_type = factory.SubFactory(ProductTypeFactory)


class AlertTypeStateTypeLinkerFactory(DjangoModelFactory[models.AlertTypeStateTypeLinker]):
    class Meta:
        model = models.AlertTypeStateTypeLinker

    alert_type = factory.SubFactory(AlertTypeFactory)
    state_type = factory.SubFactory(StateTypeFactory)


class AlertTypeEntityAntiLinkerFactory(DjangoModelFactory[models.AlertTypeEntityAntiLinker]):
    class Meta:
        model = models.AlertTypeEntityAntiLinker

    alert_type = factory.SubFactory(AlertTypeFactory)
    entity = factory.SubFactory(EntityFactory)


class AnalysisHistoryFactory(DjangoModelFactory[models.AnalysisHistory]):
    class Meta:
        model = models.AnalysisHistory

    product = factory.SubFactory(ProductFactory)
    alert_type = factory.SubFactory(AlertTypeFactory)
    timestamp = factory.Sequence(lambda n: NOON + dt.timedelta(hours=n))
    status = models.AnalysisStatus.SUCCESS


class AnomalyTypeFactory(DjangoModelFactory[models.AnomalyType]):
    class Meta:
        model = models.AnomalyType

    name = factory.Sequence(lambda n: f"anomaly_{n}")
    version = 1
    metrics = "voltage"
    gap_anomaly = False
    status = models.AnomalyTypeStatus.LIVE


class AnomalyFactory(DjangoModelFactory[models.Anomaly]):
    """An anomaly that has ended."""

    class Meta:
        model = models.Anomaly

    anomaly_type = factory.SubFactory(AnomalyTypeFactory)
    product = factory.SubFactory(ProductFactory)
    start_time = NOON
    end_time = NOON + dt.timedelta(hours=1)


class AlertTypeAnomalyTypeLinkerFactory(DjangoModelFactory[models.AlertTypeAnomalyTypeLinker]):
    class Meta:
        model = models.AlertTypeAnomalyTypeLinker

    alert_type = factory.SubFactory(AlertTypeFactory)
    anomaly_type = factory.SubFactory(AnomalyTypeFactory)


class AnomalyTypeProductTypeLinkerFactory(DjangoModelFactory[models.AnomalyTypeProductTypeLinker]):
    class Meta:
        model = models.AnomalyTypeProductTypeLinker

    anomaly_type = factory.SubFactory(AnomalyTypeFactory)
    product_type = factory.SubFactory(ProductTypeFactory)
