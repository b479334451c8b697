"""Factories for connections, networks, SIMs and text messages."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.connectivity import models
from tests.factories.parts import PartTypeFactory
from tests.factories.products import NOON, ProductFactory


class ConnectionFactory(DjangoModelFactory[models.Connection]):
    """A report over one cell that was found on the map."""

    class Meta:
        model = models.Connection

    product = factory.SubFactory(ProductFactory)
    date = factory.Sequence(lambda n: NOON + dt.timedelta(hours=4 * n))
    mcc = 635
    mnc = 10
    cell_1_mcc = 635
    cell_1_mnc = 10
    cell_1_lac = 112
    cell_1_cid = factory.Sequence(lambda n: 40_000 + n)
    cell_1_signal = -71
    latitude = "-1.943600"
    longitude = "30.059400"
    error_radius = 900
    country_code = 646


class NetworkFactory(DjangoModelFactory[models.Network]):
    class Meta:
        model = models.Network

    mccmnc = factory.Sequence(lambda n: 63_500 + n)
    name = factory.Sequence(lambda n: f"Network {n}")
    mcc = 635
    mnc = factory.Sequence(lambda n: n)


class SimProviderFactory(DjangoModelFactory[models.SimProvider]):
    class Meta:
        model = models.SimProvider

    name = factory.Sequence(lambda n: f"SIM provider {n}")


class SimProviderNetworkLinkerFactory(DjangoModelFactory[models.SimProviderNetworkLinker]):
    class Meta:
        model = models.SimProviderNetworkLinker

    sim_provider = factory.SubFactory(SimProviderFactory)
    network = factory.SubFactory(NetworkFactory)


class SimPartTypeSimProviderLinkerFactory(DjangoModelFactory[models.SimPartTypeSimProviderLinker]):
    class Meta:
        model = models.SimPartTypeSimProviderLinker

    sim_part_type = factory.SubFactory(PartTypeFactory)
    sim_provider = factory.SubFactory(SimProviderFactory)


class SmsHistoryFactory(DjangoModelFactory[models.SmsHistory]):
    class Meta:
        model = models.SmsHistory

    product = factory.SubFactory(ProductFactory)
    attempted_retries = 0
    message_reference = factory.Sequence(lambda n: f"sms-{n}")
    message = "wake up"
    sent_time = NOON
    sms_timeout = dt.timedelta(minutes=10)
    status = "sent"
    trigger = "send_wakeup"
