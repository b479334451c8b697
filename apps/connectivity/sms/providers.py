"""What a provider of text messages is to us."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

logger = logging.getLogger("smartsolar.sms")


@dataclass(frozen=True, slots=True)
class Message:
    """One text message to one unit.

    `reference` is the same at every attempt: by it the provider knows a message it has already.
    A unit is addressed by its SIM, for it has no telephone number that we know. After
    `valid_seconds` the message is of no more use.
    """

    reference: str
    imsi: str
    iccid: str | None
    text: str
    valid_seconds: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider took a message over: its own name for it and its price, where it told them."""

    provider_reference: str = ""
    cost: Decimal | None = None
    currency: str = ""


class MessageRefused(Exception):
    """The provider will never take this message, however often it is asked."""


class ProviderAway(Exception):
    """The provider takes nothing just now, or nobody knows whether it did: try again.

    `wait` is how many seconds it asked to be left alone, 0 where it did not say.
    """

    def __init__(self, reason: str, *, wait: int = 0) -> None:
        super().__init__(reason)
        self.wait = wait


class Provider(Protocol):
    """Somebody who takes text messages over.

    `send` returns once the provider has the message. The same `reference` may come again where an
    answer was lost; the provider sends it once. Raises MessageRefused or ProviderAway.
    """

    name: str

    def send(self, message: Message) -> Receipt: ...


class Console:
    """Writes messages to the log instead of sending them: for development and demonstration."""

    name = "console"

    def send(self, message: Message) -> Receipt:
        logger.info("SMS %s to SIM %s: %s", message.reference, message.imsi, message.text)
        return Receipt()
