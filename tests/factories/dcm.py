"""Factories for device credit."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.dcm import models
from tests.factories.products import NOON, ProductFactory


class PaymentCommandFactory(DjangoModelFactory[models.PaymentCommand]):
    """A payment of one day of credit."""

    class Meta:
        model = models.PaymentCommand

    product = factory.SubFactory(ProductFactory, dcm_enabled_flag=True)
    value = 86_400
    category = models.PaymentCategory.PAYMENT
    transaction_id = factory.Sequence(lambda n: f"tx-{n:08d}")


class BalanceFactory(DjangoModelFactory[models.Balance]):
    """One day of credit left."""

    class Meta:
        model = models.Balance

    product = factory.SubFactory(ProductFactory, dcm_enabled_flag=True)
    balance = 86_400
    expected_expiry = NOON + dt.timedelta(days=1)


class FinalBalanceFactory(DjangoModelFactory[models.FinalBalance]):
    class Meta:
        model = models.FinalBalance

    product = factory.SubFactory(ProductFactory, dcm_enabled_flag=True)
    zero_command = factory.SubFactory(
        PaymentCommandFactory,
        product=factory.SelfAttribute("..product"),
        category=models.PaymentCategory.ZERO_COMMAND,
        value=0,
    )
    final_balance = 3_600
    total_added = 86_400


class DurationPaymentTokenFactory(DjangoModelFactory[models.DurationPaymentToken]):
    class Meta:
        model = models.DurationPaymentToken

    token = factory.Sequence(lambda n: f"{n:020d}")
