"""What the tests of the owners of a unit share: who asks, when, and what the history says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from apps.entities.models import ProductEntityLinker

NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
BY = "admin@example.com"
UNKNOWN = 1


def history(product: Any) -> list[tuple[int, bool]]:
    """Which entities had the unit, in order, and whether they still have it."""
    rows = ProductEntityLinker.objects.filter(product=product).order_by("pk")
    return [(row.entity_id, row.date_removed is None) for row in rows]


def path(product: Any, action: str) -> str:
    return f"/v1/products/{product.pk}/{action}"


def change(old: Any, new: Any) -> dict[str, int]:
    return {"old_entity_id": old.pk, "new_entity_id": new.pk}
