"""What can go wrong with device credit, in words a caller can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Invalid


class RepeatedTransaction(Invalid):
    """A transaction_id was used before, for whatever: nothing was done this time.

    `first` describes what it was used for. It becomes the `data` of the answer only through
    `telling`, for callers who may know of the unit `product_imei`.
    """

    def __init__(self, *, product_imei: str, first: Mapping[str, Any]) -> None:
        super().__init__({"transaction_id": _("This transaction_id was used before")})
        self.product_imei = product_imei
        self.first = dict(first)

    def telling(self) -> RepeatedTransaction:
        """The same refusal, with the details of the first use."""
        self.data = self.first
        return self


class CreditNotKept(Invalid):
    """The unit does not keep its credit itself, or not in seconds."""


class UnitPaidOff(Invalid):
    """Credit is to be taken from a unit that its customer has paid off."""

    def __init__(self, product_imei: str) -> None:
        super().__init__(
            _(
                "Product #{imei} is not pay as you go: no credit is taken from it, because it must"
                " not be switched off"
            ).format(imei=product_imei)
        )


class UnitOutOfUse(Invalid):
    """A unit at the end of its life is to be given or to lose credit."""

    def __init__(self, product_imei: str) -> None:
        super().__init__(
            _(
                "Product #{imei} is TERMINATED: it takes no more payment commands. Use force_reset"
                " to get back what it has left"
            ).format(imei=product_imei)
        )


class ZeroCommandWaiting(Invalid):
    """A zero command waits for the unit: what is added now might vanish with it."""

    def __init__(self, product_imei: str) -> None:
        super().__init__(
            _(
                "Product #{imei} has not acknowledged a zero-command yet: no payment_command can be"
                " added until it has, or until it is Force-Reset"
            ).format(imei=product_imei)
        )
