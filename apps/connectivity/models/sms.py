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
        indexes = [
            models.Index(fields=["product", "-sent_time"], name="sms_history_product_sent"),
            models.Index(fields=["sent_time"], name="sms_history_sent"),
            # What is on its way is little, however long the history.
            models.Index(
                fields=["sent_time"],
                name="sms_history_open",
                condition=models.Q(status__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.sent_time:%Y-%m-%d %H:%M}"


class SmsDispatch(models.Model):
    """How one text message goes to the gateway: when to try next, and what came of it.

    Bookkeeping of the sender, not a record of the reference: the API does not serve it, the page of
    the message shows it. Messages that were not sent by this program have none.

    `due_at` is when a worker is to take the message up, and while one has it, when another may; it
    is null once there is nothing left to do. `cost` is what the gateway was owed when it took the
    message over.
    """

    sms = models.OneToOneField(
        "connectivity.SmsHistory",
        # The bookkeeping of a message goes with the message.
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="dispatch",
        verbose_name=_("SMS"),
    )
    # Copied from the message, where it may be edited: the gateway knows the message by this.
    reference = models.CharField(_("reference"), max_length=64, unique=True)
    due_at = models.DateTimeField(_("next attempt"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    provider = models.CharField(_("sent through"), max_length=32, default="", blank=True)
    provider_reference = models.CharField(
        _("gateway's reference"), max_length=255, default="", blank=True
    )
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, default="", blank=True)
    last_error = models.TextField(_("last error"), default="", blank=True)

    class Meta:
        db_table = "sms_dispatch"
        verbose_name = _("dispatch of an SMS")
        verbose_name_plural = _("dispatches of SMS")
        indexes = [
            models.Index(
                fields=["due_at"],
                name="sms_dispatch_due",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["handed_over_at"],
                name="sms_dispatch_handed_over",
                condition=models.Q(handed_over_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
