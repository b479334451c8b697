"""What can go wrong between the program and its time-series store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Unavailable


class StoreAway(Unavailable):
    """503: the store cannot be reached or cannot work now; what it stored is not known: try again.

    A missing database or retention policy counts too: the points are good, and `manage.py
    provision_telemetry` mends it. `reason` is for people who run the store, not for callers.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(_("The telemetry store is away. Please try again later"))
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class StoreRefused(DomainError):
    """400: the store will never take these values; trying again changes nothing.

    All other values of the same write are stored: `written` counts them, `dropped` those that are
    lost. `reasons` says why, one sentence for each kind of fault.
    """

    def __init__(self, reasons: Sequence[Any], *, dropped: int, written: int = 0) -> None:
        super().__init__(" ".join(str(reason) for reason in reasons))
        self.reasons = list(reasons)
        self.dropped = dropped
        self.written = written


class SpoolFull(Unavailable):
    """503: the store is away and no more points can be kept for it: keep them, and come back."""

    headers = {"Retry-After": "900"}

    def __init__(self) -> None:
        super().__init__(_("Your data cannot be kept now. Please keep it and try again later"))
