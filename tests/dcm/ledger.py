"""The credit of one unit as tests write it down: short verbs, short rows."""

from __future__ import annotations

import itertools
from typing import Any

from django.db import models

from apps.dcm.models import FinalBalance, ForceReset, LateReceipt, PaymentCommand, PaymentReason
from apps.dcm.services.commands import add_payment_command
from apps.dcm.services.resets import GivenBack, force_reset

STAFF = "staff@example.com"
_numbers = itertools.count(1)


class Ledger:
    """One unit's ledger. Rows are (category, value, status, void), oldest first."""

    def __init__(self, imei: str) -> None:
        self.imei = imei

    def pay(self, value: int, id_: str = "", reason: str = "") -> str:
        """A payment, or a bad-payment for a value below 0; returns its transaction_id."""
        return self._add("payment" if value > 0 else "bad-payment", value, id_, reason)

    def zero(self, id_: str = "") -> str:
        return self._add("zero-command", 0, id_)

    def reset(self, id_: str = "") -> GivenBack:
        name = id_ or f"ledger-{next(_numbers)}"
        return force_reset(product_imei=self.imei, transaction_id=name, by=STAFF)

    def _add(self, category: str, value: int, id_: str, reason: str = "") -> str:
        name = id_ or f"ledger-{next(_numbers)}"
        add_payment_command(
            product_imei=self.imei,
            category=category,
            value=value,
            transaction_id=name,
            by=STAFF,
            reason=reason,
        )
        return name

    def rows(self) -> list[tuple[str, int, str | None, bool]]:
        rows = PaymentCommand.objects.filter(product_id=self.imei).order_by("pk")
        return list(rows.values_list("category", "value", "status", "void"))

    def finals(self) -> list[tuple[int, int]]:
        """(final balance, total added) of each."""
        rows = FinalBalance.objects.filter(product_id=self.imei).order_by("pk")
        return list(rows.values_list("final_balance", "total_added"))


# The tables of the ledger whose rows the database keeps, by name.
GUARDED: dict[str, type[models.Model]] = {
    model._meta.db_table: model
    for model in (PaymentCommand, FinalBalance, ForceReset, LateReceipt, PaymentReason)
}


def fingerprint() -> list[Any]:
    """All there is in the ledger of all units."""
    return [list(model._base_manager.order_by("pk").values_list()) for model in GUARDED.values()]
