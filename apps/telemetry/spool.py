"""Points on their way to the store, and what staff must know of them.

Bookkeeping, not records of the reference: the API serves none of it, the back office shows it.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TelemetrySpool(models.Model):
    """Points of one upload that were acknowledged while the store was away, until it has them.

    `payload` packs the batches (services.spooling), `size` counts its bytes and `points` its
    values. `claim` names the worker that writes the row now, until `claimed_until`: one that died
    lets it go by that. A row of a unit waits for all earlier ones of that unit.
    """

    imei = models.CharField(_("IMEI"), max_length=15, blank=True)
    points = models.PositiveIntegerField(_("values"))
    size = models.PositiveIntegerField(_("bytes"))
    created_at = models.DateTimeField(_("received"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.TextField(_("last error"), default="", blank=True)
    claim = models.CharField(max_length=32, default="", blank=True)
    claimed_until = models.DateTimeField(null=True)
    # Last: SQLite then reads the columns before it without walking through its pages.
    payload = models.BinaryField()

    class Meta:
        app_label = "telemetry"
        db_table = "telemetry_spool"
        verbose_name = _("upload waiting for the store")
        verbose_name_plural = _("uploads waiting for the store")
        indexes = [
            models.Index(fields=("imei", "id"), name="telemetry_spool_unit"),
            # Whether another worker has rows is asked before each batch, of millions that wait.
            models.Index(
                fields=("claimed_until",),
                condition=models.Q(claimed_until__isnull=False),
                name="telemetry_spool_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.imei} {self.created_at:%Y-%m-%d %H:%M}"


class TelemetryOutage(models.Model):
    """That a store cannot be reached: there while it is so, written by whoever found out.

    Until `retry_at` nobody asks it; then one worker or request does, and sets the next time.
    """

    store = models.CharField(max_length=16, primary_key=True)
    since = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=1)
    retry_at = models.DateTimeField()
    last_error = models.TextField()

    class Meta:
        app_label = "telemetry"
        db_table = "telemetry_outage"

    def __str__(self) -> str:
        return f"{self.store} {self.since:%Y-%m-%d %H:%M}"


class TelemetryRefusal(models.Model):
    """One reason for which values of one unit's measurement were dropped, and how many were."""

    imei = models.CharField(_("IMEI"), max_length=15, blank=True)
    measurement = models.CharField(_("measurement"), max_length=64)
    reason = models.CharField(_("reason"), max_length=255)
    dropped = models.PositiveBigIntegerField(_("values dropped"))
    first_at = models.DateTimeField(_("first time"))
    last_at = models.DateTimeField(_("last time"), db_index=True)

    class Meta:
        app_label = "telemetry"
        db_table = "telemetry_refusal"
        verbose_name = _("dropped value")
        verbose_name_plural = _("dropped values")
        constraints = [
            models.UniqueConstraint(
                fields=("imei", "measurement", "reason"), name="telemetry_refusal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.imei} {self.measurement}: {self.reason}"


class TelemetryDefault(models.Model):
    """What GET data answers about units of one type, where a request does not say otherwise.

    `fields` is a list of names, empty for all; `days` how long before the end an answer starts.
    """

    product_type = models.OneToOneField(
        "products.ProductType",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("product type"),
    )
    measurement = models.CharField(_("measurement"), max_length=64, default="telemetry")
    fields = models.JSONField(_("fields"), default=list, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), default=7)
    ds_interval = models.CharField(_("interval"), max_length=16, default="", blank=True)
    ds_function = models.CharField(_("function"), max_length=16, default="", blank=True)

    class Meta:
        app_label = "telemetry"
        db_table = "telemetry_default"
        verbose_name = _("default of data")
        verbose_name_plural = _("defaults of data")

    def __str__(self) -> str:
        return str(self.product_type)
