"""How far back the points of `telemetry` reach: see services.rollups and docs/telemetry.md."""

from __future__ import annotations

from django.db import models

_DAY = 86_400 * 10**9


class TelemetryHorizon(models.Model):
    """What is enforced of how long values are kept: one row, none as long as nothing ever goes.

    Days count from 1970 in UTC. `kept_days` follows the setting as soon as no point loses its
    hourly figures by that, `derived_days` at once; 0 is for ever. Points of days before `raw_from`,
    and derived values of days before `derived_from`, may be gone whatever is kept now. While
    `rolling`, days that are worked out get hourly figures; once `complete`, every day with points
    has them or is marked. Until then `reached` is the last unit whose days were marked.
    """

    kept_days = models.IntegerField(default=0)
    raw_from = models.IntegerField(default=0)
    derived_days = models.IntegerField(default=0)
    derived_from = models.IntegerField(default=0)
    rolling = models.BooleanField(default=False)
    complete = models.BooleanField(default=False)
    reached = models.CharField(max_length=15, default="", blank=True)

    class Meta:
        app_label = "telemetry"
        db_table = "telemetry_horizon"

    def __str__(self) -> str:
        return f"{self.kept_days} days, from {self.raw_from}"

    def raw_limit(self, at: int) -> int:
        """The time before which points may be gone; this and `at` in nanoseconds."""
        return _limit(self.raw_from, self.kept_days, at)

    def raw_seam(self, at: int) -> int:
        """The first midnight from which on all points are there."""
        return _midnight(self.raw_limit(at))

    def derived_seam(self, at: int) -> int:
        """The first midnight from which on all derived values are there."""
        return _midnight(_limit(self.derived_from, self.derived_days, at))


def horizon() -> TelemetryHorizon:
    """What is enforced now; one query."""
    return TelemetryHorizon.objects.first() or TelemetryHorizon()


def _limit(first: int, days: int, at: int) -> int:
    return max(first * _DAY, at - days * _DAY if days else 0)


def _midnight(at: int) -> int:
    return -(-at // _DAY) * _DAY
