"""Factories for real-time communication."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.rtc import models
from tests.factories.products import NOON, ProductFactory


class RtcConnectionHistoryFactory(DjangoModelFactory[models.RtcConnectionHistory]):
    class Meta:
        model = models.RtcConnectionHistory

    product = factory.SubFactory(ProductFactory, rtc_enabled_flag=True)
    connection_status = models.ConnectionStatus.ONLINE
    connection_status_time = factory.Sequence(lambda n: NOON + dt.timedelta(minutes=n))
    connection_status_reason = models.ConnectionStatusReason.MESSAGE_RECEIVED


class RtcMessageHistoryFactory(DjangoModelFactory[models.RtcMessageHistory]):
    """A message sent, of whose delivery nothing is known yet."""

    class Meta:
        model = models.RtcMessageHistory

    product = factory.SubFactory(ProductFactory, rtc_enabled_flag=True)
    message_reference = factory.Sequence(lambda n: f"mt-{n}")
    message_bin = b"\x01\x02"
    message_json = '{"command": "status_update"}'
    message_sent_time = factory.Sequence(lambda n: NOON + dt.timedelta(minutes=n))


class RtcMoMessageHistoryFactory(DjangoModelFactory[models.RtcMoMessageHistory]):
    class Meta:
        model = models.RtcMoMessageHistory

    product = factory.SubFactory(ProductFactory, rtc_enabled_flag=True)
    message_bin = b"\x01\x02"
    message_json = '{"report": "status"}'
    message_received_time = factory.Sequence(lambda n: NOON + dt.timedelta(minutes=n))
    processing_status = models.ProcessingStatus.PROCESSED


class RtcFallbackMessageHistoryFactory(DjangoModelFactory[models.RtcFallbackMessageHistory]):
    class Meta:
        model = models.RtcFallbackMessageHistory

    product = factory.SubFactory(ProductFactory, rtc_enabled_flag=True)
    message_sent_time = NOON


class RtcDeadLetterFactory(DjangoModelFactory[models.RtcDeadLetter]):
    """A message that nobody has decided about yet."""

    class Meta:
        model = models.RtcDeadLetter

    queue_name = "RTC-MO"
    payload = factory.Sequence(lambda n: f'{{"id": {n}}}')
