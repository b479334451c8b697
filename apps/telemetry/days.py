"""Days of units whose derived series is not up to date: see services.days."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_ERROR = 500


class TelemetryDay(models.Model):
    """A day (in UTC) of a unit that got points since its figures were last worked out.

    `day` counts from 1970. `mark` is another number each time points come: who worked out a day
    deletes the row only if it still is the one read before. Before `due_at` nothing is done.
    `attempts` counts those that failed since the figures were last worked out, `last_error` says
    why the last one did.
    """

    imei = models.CharField(_("IMEI"), max_length=15)
    day = models.IntegerField(_("day"))
    mark = models.BigIntegerField()
    due_at = models.DateTimeField(_("due"), db_index=True)
    claim = models.CharField(max_length=32, default="", blank=True)
    claimed_until = models.DateTimeField(null=True)
    # Marks are written by a statement that does not name these.
    attempts = models.IntegerField(_("attempts"), db_default=0)
    last_error = models.CharField(
        _("last error"), max_length=LONGEST_ERROR, db_default="", blank=True
    )

    class Meta:
        app_label = "telemetry"
        db_table = "telemetry_day"
        verbose_name = _("marked day")
        verbose_name_plural = _("marked days")
        constraints = [
            models.UniqueConstraint(fields=("imei", "day"), name="telemetry_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.imei} {self.day}"
