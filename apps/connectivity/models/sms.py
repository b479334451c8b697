"""Text messages to units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class SmsHistory(Record):
    """One text message to one unit, e.g. a wake-up, and how far it got.

    `sms_timeout` is how long to wait for the unit before the next attempt.
    """

    sms_history_id = models.BigAutoField(_("SMS ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="sms_history",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    attempted_retries = models.IntegerField(_("attempted retries"))
    enable_history = models.ForeignKey(
        "products.EnableHistory",
        on_delete=models.PROTECT,
        related_name="sms_history",
        null=True,
        blank=True,
        verbose_name=_("enable history"),
    )
    message_reference = models.CharField(
        _("message reference"), max_length=255, null=True, blank=True, db_index=True
    )
    message = models.TextField(_("message"), max_length=10000, null=True, blank=True)
    sent_time = models.DateTimeField(_("sent"))
    sms_timeout = models.DurationField(_("timeout"))
    status = models.CharField(_("status"), max_length=255, null=True, blank=True)
    trigger = models.CharField(_("trigger"), max_length=255, null=True, blank=True)

    class Meta:
        db_table = "sms_history"
        verbose_name = _("SMS")
        verbose_name_plural = _("SMS")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(attempted_retries__gte=0),
                name="sms_history_retries_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["product", "-sent_time"], name="sms_history_product_sent")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.sent_time:%Y-%m-%d %H:%M}"
