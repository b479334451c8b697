"""Reads over device credit."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from apps.dcm.models import PaymentCommand

# payment_command.status of a command the unit has not said it has; rows without one count alike.
PENDING = "pending"


def outstanding_commands(*, product_imei: str) -> list[dict[str, Any]]:
    """What a unit is to book, in the order it was asked for; void commands no longer count."""
    rows = (
        PaymentCommand.objects.filter(
            Q(status=PENDING) | Q(status__isnull=True), product_id=product_imei, void=False
        )
        .order_by("payment_command_id")
        .values("transaction_id", "category", "value")
    )
    return [dict(row) for row in rows]
