"""Units that can be woken up, and a gateway that does as a test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.connectivity.models import SmsDispatch
from apps.connectivity.sms.providers import Message, Receipt
from apps.products.models import Product, SoftwareVersionType
from tests.factories import (
    ProductFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
)


def unit_running(name: str, **columns: Any) -> Product:
    """A unit that runs the software of that name."""
    version = SoftwareVersionType.objects.filter(name=name).first()
    version = version or SoftwareVersionTypeFactory.create(name=name)
    product = ProductFactory.create(**columns)
    ProductSoftwareLinkerFactory.create(product=product, software_version_type=version)
    return product


class ScriptedProvider:
    """A provider that answers each message with the next of `answers`, and then always takes it.

    An answer is a Receipt, an exception to raise, or a function of the message that returns either.
    """

    name = "scripted"

    def __init__(self, *answers: Receipt | Exception | Callable[[Message], Any]) -> None:
        self.answers = list(answers)
        self.taken: list[Message] = []

    def send(self, message: Message) -> Receipt:
        answer: Any = self.answers.pop(0) if self.answers else Receipt()
        if callable(answer):
            answer = answer(message)
        if isinstance(answer, BaseException):
            raise answer
        self.taken.append(message)
        return answer

    @property
    def references(self) -> list[str]:
        return [message.reference for message in self.taken]


def dispatch() -> SmsDispatch:
    """How the one message there is goes."""
    return SmsDispatch.objects.get()
