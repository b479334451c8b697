"""What units are offered and what they say, in short."""

from __future__ import annotations

from typing import Any

from tests.connectivity.units import UnitSession


def offered(unit: UnitSession) -> list[str]:
    """The ids that the unit is to book by now, in their order."""
    return [row["transaction_id"] for row in unit.wishes()["payment_commands"]]


def final(transaction_id: str, value: int) -> dict[str, Any]:
    """What a unit says it had left when it carried out a zero."""
    return {"transaction_id": transaction_id, "value": value}
