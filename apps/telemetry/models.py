"""Where time series are kept: the catalogue of both stores, and the blocks of the embedded one."""

from __future__ import annotations

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.telemetry.days import TelemetryDay
from apps.telemetry.horizon import TelemetryHorizon
from apps.telemetry.spool import (
    TelemetryDefault,
    TelemetryOutage,
    TelemetryRefusal,
    TelemetrySpool,
)

__all__ = [
    "InfluxShardData",
    "TelemetryBlock",
    "TelemetryCopy",
    "TelemetryDay",
    "TelemetryDefault",
    "TelemetryField",
    "TelemetryHorizon",
    "TelemetryOutage",
    "TelemetryRefusal",
    "TelemetrySeries",
    "TelemetrySpool",
]


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


class TelemetryField(models.Model):
    """What the values of one field of a measurement are, in every unit: settled by the first."""

    measurement = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=6)

    class Meta:
        db_table = "telemetry_field"
        constraints = [
            models.UniqueConstraint(fields=("measurement", "name"), name="telemetry_field_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measurement}.{self.name}"


class TelemetrySeries(models.Model):
    """One stream of points of a unit: a measurement under a set of tags, and the fields it has had.

    `tags` is a JSON list of [name, value] in order of the names, without `product_imei`, which is
    `imei`; `fields` maps each field to its kind. Kept for both stores.
    """

    imei = models.CharField(max_length=15, blank=True)
    measurement = models.CharField(max_length=64)
    tags = models.TextField(default="[]")
    fields = models.JSONField(default=dict)

    class Meta:
        db_table = "telemetry_series"
        constraints = [
            models.UniqueConstraint(
                fields=("imei", "measurement", "tags"), name="telemetry_series_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measurement} {self.imei} {self.tags}"

    @staticmethod
    def text_of(tags: tuple[tuple[str, str], ...]) -> str:
        """Tags as they are stored."""
        return json.dumps(tags, separators=(",", ":"))

    @staticmethod
    def tags_of(text: str) -> tuple[tuple[str, str], ...]:
        """Stored tags as a series has them."""
        return tuple((name, value) for name, value in json.loads(text))


class TelemetryBlock(models.Model):
    """The points of one series in one span of time, packed, in the embedded store.

    `starts_at` is in seconds since 1970, `span` its length in seconds; `points` counts the rows and
    `size` the bytes. `summary` tells for each field what intervals that hold the whole span need,
    `hours` the same for each hour, `data` has the values: see apps.telemetry.store.blocks.
    """

    series = models.ForeignKey(TelemetrySeries, on_delete=models.CASCADE, related_name="blocks")
    starts_at = models.BigIntegerField()
    span = models.IntegerField()
    points = models.IntegerField(default=0)
    size = models.IntegerField(default=0)
    summary = models.BinaryField(default=bytes)
    hours = models.BinaryField(default=bytes)
    # Last: SQLite then reads the columns before it without walking through its pages.
    data = models.BinaryField(default=bytes)

    class Meta:
        db_table = "telemetry_block"
        constraints = [
            models.UniqueConstraint(fields=("series", "starts_at"), name="telemetry_block_once"),
        ]
        indexes = [models.Index(fields=("starts_at",), name="telemetry_block_age")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.starts_at}"


class TelemetryCopy(models.Model):
    """How far one series has been copied from one store to another.

    `source` and `target` name the stores without their passwords; `reached` is the last time that
    is in the target, in nanoseconds, `values` how many values the copy has written.
    """

    source = models.CharField(max_length=255)
    target = models.CharField(max_length=255)
    series = models.CharField(max_length=1500)
    reached = models.BigIntegerField(default=-1)
    values = models.BigIntegerField(default=0)

    class Meta:
        db_table = "telemetry_copy"
        constraints = [
            models.UniqueConstraint(
                fields=("source", "target", "series"), name="telemetry_copy_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.target} {self.series}"
