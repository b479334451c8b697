"""Payments that come another way: from files, by keypad tokens."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class DurationPaymentToken(Record):
    """One keypad token that was turned into credit and must not be used again."""

    token = models.CharField(_("token"), max_length=24, primary_key=True)

    class Meta:
        db_table = "duration_payment_token"
        verbose_name = _("duration payment token")
        verbose_name_plural = _("duration payment tokens")

    def __str__(self) -> str:
        return self.token


class CreditImport(models.Model):
    """One file of payments: a preview until somebody confirms it, then booked piece by piece.

    `text` is the file. `position` counts the lines that were gone through; `refused` holds the
    number of each that could not be booked after all, and why. What was booked, the ledger says.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    text = models.TextField()
    total = models.PositiveIntegerField()
    position = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "credit_import"
        indexes = [
            models.Index(
                fields=["id"],
                name="credit_import_open",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.file_name}"
