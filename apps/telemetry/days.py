"""Days of units whose derived series is not up to date: see services.days."""

from __future__ import annotations

from django.db import models


class TelemetryDay(models.Model):
    """A day (in UTC) of a unit that got points since its figures were last worked out.

    `day` counts from 1970. `mark` is another number each time points come: who worked out a day
    deletes the row only if it still is the one read before. Before `due_at` nothing is done.
    """

    imei = models.CharField(max_length=15)
    day = models.IntegerField()
    mark = models.BigIntegerField()
    due_at = models.DateTimeField(db_index=True)
    claim = models.CharField(max_length=32, default="", blank=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "telemetry"
        db_table = "telemetry_day"
        constraints = [
            models.UniqueConstraint(fields=("imei", "day"), name="telemetry_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.imei} {self.day}"
