"""Real-time communication: when units were online, and every message each way."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class ConnectionStatus(models.TextChoices):
    """Whether a unit holds its real-time link."""

    ONLINE = "online", _("online")
    OFFLINE = "offline", _("offline")


class ConnectionStatusReason(models.TextChoices):
    """Why a unit came online or went offline."""

    USER_REQUEST = "user-request", _("user request")
    UNKNOWN = "unknown", _("unknown")
    LOW_BATTERY_VOLTAGE = "low-battery-voltage", _("low battery voltage")
    INACTIVITY = "inactivity", _("inactivity")
    SLEEP_MODE = "sleep-mode", _("sleep mode")
    MESSAGE_RECEIVED = "message-received", _("message received")


class DeliveryStatus(models.TextChoices):
    """How sending a message to a unit ended."""

    FAILED = "failed", _("failed")
    DELIVERED = "delivered", _("delivered")


class ProcessingStatus(models.TextChoices):
    """How acting on a message from a unit ended."""

    FAILED = "failed", _("failed")
    PROCESSED = "processed", _("processed")


class DeadLetterStatus(models.TextChoices):
    """What somebody decided about a dead letter."""

    DISCARDED = "discarded", _("discarded")
    REPLAYED = "replayed", _("replayed")


class ReplayStatus(models.TextChoices):
    """How acting on a dead letter once more ended."""

    FAILURE = "failure", _("failure")
    SUCCESS = "success", _("success")


class RtcConnectionHistory(Record):
    """One time that a unit came online or went offline, and why."""

    rtc_connection_history_id = models.BigAutoField(_("history ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="rtc_connection_history",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    connection_status = models.CharField(
        _("status"), max_length=255, choices=ConnectionStatus.choices
    )
    connection_status_time = models.DateTimeField(_("time"))
    connection_status_reason = models.CharField(
        _("reason"), max_length=255, choices=ConnectionStatusReason.choices
    )
    connection_status_info = models.CharField(
        _("information"), max_length=255, null=True, blank=True
    )
    latest_message_time = models.DateTimeField(_("latest message"), null=True, blank=True)

    class Meta:
        db_table = "rtc_connection_history"
        verbose_name = _("RTC connection history")
        verbose_name_plural = _("RTC connection histories")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(connection_status__in=ConnectionStatus.values),
                name="rtc_connection_history_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(connection_status_reason__in=ConnectionStatusReason.values),
                name="rtc_connection_history_reason_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "-connection_status_time"], name="rtc_connection_product_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.connection_status}"


class RtcMessageHistory(Record):
    """One message sent to one unit: as it went over the air, as it reads, and what came of it."""

    rtc_message_history_id = models.BigAutoField(_("message ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="rtc_message_history",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    message_reference = models.CharField(
        _("message reference"), max_length=255, null=True, blank=True, db_index=True
    )
    message_bin = models.BinaryField(_("message as sent"), null=True, blank=True)
    message_json = models.TextField(_("message"), max_length=10000, null=True, blank=True)
    message_sent_time = models.DateTimeField(_("sent"))
    delivery_status = models.CharField(
        _("delivery"), max_length=255, choices=DeliveryStatus.choices, null=True, blank=True
    )
    delivery_status_time = models.DateTimeField(_("time of delivery"), null=True, blank=True)
    delivery_status_info = models.CharField(
        _("information on delivery"), max_length=255, null=True, blank=True
    )

    class Meta:
        db_table = "rtc_message_history"
        verbose_name = _("RTC message to a unit")
        verbose_name_plural = _("RTC messages to units")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivery_status__in=DeliveryStatus.values),
                name="rtc_message_history_delivery_known",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "-message_sent_time"], name="rtc_message_product_sent"),
            models.Index(
                fields=["message_sent_time"],
                condition=models.Q(delivery_status__isnull=True),
                name="rtc_message_undelivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.message_sent_time:%Y-%m-%d %H:%M}"


class RtcMoMessageHistory(Record):
    """One message received from one unit, as it came and as it reads, and whether it was used."""

    rtc_mo_message_history_id = models.BigAutoField(_("message ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="rtc_mo_message_history",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    message_bin = models.BinaryField(_("message as received"), null=True, blank=True)
    message_json = models.TextField(_("message"), max_length=10000, null=True, blank=True)
    message_received_time = models.DateTimeField(_("received"))
    processing_status = models.CharField(
        _("processing"), max_length=255, choices=ProcessingStatus.choices, null=True, blank=True
    )
    processing_status_info = models.CharField(
        _("information on processing"), max_length=255, null=True, blank=True
    )

    class Meta:
        db_table = "rtc_mo_message_history"
        verbose_name = _("RTC message from a unit")
        verbose_name_plural = _("RTC messages from units")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(processing_status__in=ProcessingStatus.values),
                name="rtc_mo_message_history_processing_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "-message_received_time"], name="rtc_mo_product_received"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.message_received_time:%Y-%m-%d %H:%M}"


class RtcFallbackMessageHistory(Record):
    """One request for its status sent to a unit that had been silent too long."""

    rtc_fallback_message_history_id = models.BigAutoField(_("message ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="rtc_fallback_message_history",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    message_sent_time = models.DateTimeField(_("sent"))

    class Meta:
        db_table = "rtc_fallback_message_history"
        verbose_name = _("RTC fallback message")
        verbose_name_plural = _("RTC fallback messages")
        indexes = [
            models.Index(
                fields=["product", "-message_sent_time"], name="rtc_fallback_product_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.message_sent_time:%Y-%m-%d %H:%M}"


class RtcDeadLetter(Record):
    """One real-time message that could not be handled and waits to be replayed or discarded."""

    rtc_dead_letter_id = models.BigAutoField(_("dead letter ID"), primary_key=True)
    queue_name = models.CharField(_("queue"), max_length=255)
    payload = models.TextField(_("payload"))
    status = models.CharField(
        _("status"), max_length=255, choices=DeadLetterStatus.choices, null=True, blank=True
    )
    status_time = models.DateTimeField(_("time of status"), null=True, blank=True)
    replay_status = models.CharField(
        _("replay"), max_length=255, choices=ReplayStatus.choices, null=True, blank=True
    )
    replay_status_text = models.TextField(
        _("information on replay"), max_length=10000, null=True, blank=True
    )
    replay_status_time = models.DateTimeField(_("time of replay"), null=True, blank=True)

    class Meta:
        db_table = "rtc_dead_letter"
        verbose_name = _("RTC dead letter")
        verbose_name_plural = _("RTC dead letters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=DeadLetterStatus.values),
                name="rtc_dead_letter_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(replay_status__in=ReplayStatus.values),
                name="rtc_dead_letter_replay_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue_name", "created_at"],
                condition=models.Q(status__isnull=True),
                name="rtc_dead_letter_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_name} #{self.rtc_dead_letter_id}"
