"""The demonstration fleet that the tests here look at, read unit by unit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import models

UNITS = 250
UNTIL = dt.datetime(2024, 6, 3, 12, tzinfo=dt.UTC)
IN_USE = {5, 6, 7}
NOT_SOLD = {2, 3, 4}


def by_unit(model: type[models.Model], *order: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in model._default_manager.order_by(*order, "pk"):
        found[row.product_id].append(row)  # type: ignore[attr-defined]
    return found


def passes_luhn(digits: str) -> bool:
    values = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in values) % 10 == 0
