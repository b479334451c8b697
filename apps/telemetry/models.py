"""Where time series are kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class InfluxShardData(Record):
    """One look at the shards of the time-series store: their spans, and what was odd about them."""

    influx_shard_data_id = models.BigAutoField(_("shard data ID"), primary_key=True)
    shard_data = models.JSONField(_("shards"), null=True, blank=True)
    anomalies = models.JSONField(_("anomalies"), null=True, blank=True)

    class Meta:
        db_table = "influx_shard_data"
        verbose_name = _("shard data")
        verbose_name_plural = _("shard data")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
