"""For how long a store is to keep values now: the settings, as far as they may be followed."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from apps.telemetry.horizon import horizon
from apps.telemetry.store.series import Retention


def kept_days() -> Mapping[Retention, int]:
    """Retention policy -> days; 0: for ever. One query.

    Points stay as long as the setting says, and until their hourly figures are written.
    """
    wanted, held = settings.TELEMETRY_RETENTION_DAYS[Retention.TELEMETRY], horizon().kept_days
    return {
        Retention.TELEMETRY: max(wanted, held) if wanted and held else 0,
        Retention.ANALYSIS: settings.TELEMETRY_RETENTION_DAYS[Retention.ANALYSIS],
    }
