"""Nonces are forgotten once no request could use them again."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from apps.connectivity.nonces import UnitNonce
from apps.connectivity.signatures import TIME_WINDOW

# A request may be signed one window ahead of our clock and is good for one after that; a third
# window is for a clock that is set while the server runs.
KEPT_FOR = timedelta(seconds=3 * TIME_WINDOW)


def purge_nonces() -> int:
    """Delete the nonces of requests too old to be accepted again; returns how many."""
    return UnitNonce.objects.filter(seen_at__lt=timezone.now() - KEPT_FOR).delete()[0]
