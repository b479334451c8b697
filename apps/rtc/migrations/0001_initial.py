import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("products", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RtcConnectionHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "rtc_connection_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="history ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rtc_connection_history",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "connection_status",
                    models.CharField(
                        choices=[("online", "online"), ("offline", "offline")],
                        max_length=255,
                        verbose_name="status",
                    ),
                ),
                ("connection_status_time", models.DateTimeField(verbose_name="time")),
                (
                    "connection_status_reason",
                    models.CharField(
                        choices=[
                            ("user-request", "user request"),
                            ("unknown", "unknown"),
                            ("low-battery-voltage", "low battery voltage"),
                            ("inactivity", "inactivity"),
                            ("sleep-mode", "sleep mode"),
                            ("message-received", "message received"),
                        ],
                        max_length=255,
                        verbose_name="reason",
                    ),
                ),
                (
                    "connection_status_info",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="information"
                    ),
                ),
                (
                    "latest_message_time",
                    models.DateTimeField(blank=True, null=True, verbose_name="latest message"),
                ),
            ],
            options={
                "verbose_name": "RTC connection history",
                "verbose_name_plural": "RTC connection histories",
                "db_table": "rtc_connection_history",
                "indexes": [
                    models.Index(
                        fields=["product", "-connection_status_time"],
                        name="rtc_connection_product_time",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("connection_status__in", ["online", "offline"])),
                        name="rtc_connection_history_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "connection_status_reason__in",
                                [
                                    "user-request",
                                    "unknown",
                                    "low-battery-voltage",
                                    "inactivity",
                                    "sleep-mode",
                                    "message-received",
                                ],
                            )
                        ),
                        name="rtc_connection_history_reason_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RtcMessageHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "rtc_message_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="message ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rtc_message_history",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "message_reference",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        max_length=255,
                        null=True,
                        verbose_name="message reference",
                    ),
                ),
                (
                    "message_bin",
                    models.BinaryField(blank=True, null=True, verbose_name="message as sent"),
                ),
                (
                    "message_json",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="message"
                    ),
                ),
                ("message_sent_time", models.DateTimeField(verbose_name="sent")),
                (
                    "delivery_status",
                    models.CharField(
                        blank=True,
                        choices=[("failed", "failed"), ("delivered", "delivered")],
                        max_length=255,
                        null=True,
                        verbose_name="delivery",
                    ),
                ),
                (
                    "delivery_status_time",
                    models.DateTimeField(blank=True, null=True, verbose_name="time of delivery"),
                ),
                (
                    "delivery_status_info",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        verbose_name="information on delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "RTC message to a unit",
                "verbose_name_plural": "RTC messages to units",
                "db_table": "rtc_message_history",
                "indexes": [
                    models.Index(
                        fields=["product", "-message_sent_time"], name="rtc_message_product_sent"
                    ),
                    models.Index(
                        condition=models.Q(("delivery_status__isnull", True)),
                        fields=["message_sent_time"],
                        name="rtc_message_undelivered",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("delivery_status__in", ["failed", "delivered"])),
                        name="rtc_message_history_delivery_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RtcMoMessageHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "rtc_mo_message_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="message ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rtc_mo_message_history",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "message_bin",
                    models.BinaryField(blank=True, null=True, verbose_name="message as received"),
                ),
                (
                    "message_json",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="message"
                    ),
                ),
                ("message_received_time", models.DateTimeField(verbose_name="received")),
                (
                    "processing_status",
                    models.CharField(
                        blank=True,
                        choices=[("failed", "failed"), ("processed", "processed")],
                        max_length=255,
                        null=True,
                        verbose_name="processing",
                    ),
                ),
                (
                    "processing_status_info",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        verbose_name="information on processing",
                    ),
                ),
            ],
            options={
                "verbose_name": "RTC message from a unit",
                "verbose_name_plural": "RTC messages from units",
                "db_table": "rtc_mo_message_history",
                "indexes": [
                    models.Index(
                        fields=["product", "-message_received_time"], name="rtc_mo_product_received"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("processing_status__in", ["failed", "processed"])),
                        name="rtc_mo_message_history_processing_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RtcFallbackMessageHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "rtc_fallback_message_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="message ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rtc_fallback_message_history",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("message_sent_time", models.DateTimeField(verbose_name="sent")),
            ],
            options={
                "verbose_name": "RTC fallback message",
                "verbose_name_plural": "RTC fallback messages",
                "db_table": "rtc_fallback_message_history",
                "indexes": [
                    models.Index(
                        fields=["product", "-message_sent_time"], name="rtc_fallback_product_sent"
                    )
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="RtcDeadLetter",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "rtc_dead_letter_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="dead letter ID"
                    ),
                ),
                ("queue_name", models.CharField(max_length=255, verbose_name="queue")),
                ("payload", models.TextField(verbose_name="payload")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[("discarded", "discarded"), ("replayed", "replayed")],
                        max_length=255,
                        null=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_time",
                    models.DateTimeField(blank=True, null=True, verbose_name="time of status"),
                ),
                (
                    "replay_status",
                    models.CharField(
                        blank=True,
                        choices=[("failure", "failure"), ("success", "success")],
                        max_length=255,
                        null=True,
                        verbose_name="replay",
                    ),
                ),
                (
                    "replay_status_text",
                    models.TextField(
                        blank=True,
                        max_length=10000,
                        null=True,
                        verbose_name="information on replay",
                    ),
                ),
                (
                    "replay_status_time",
                    models.DateTimeField(blank=True, null=True, verbose_name="time of replay"),
                ),
            ],
            options={
                "verbose_name": "RTC dead letter",
                "verbose_name_plural": "RTC dead letters",
                "db_table": "rtc_dead_letter",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__isnull", True)),
                        fields=["queue_name", "created_at"],
                        name="rtc_dead_letter_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["discarded", "replayed"])),
                        name="rtc_dead_letter_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replay_status__in", ["failure", "success"])),
                        name="rtc_dead_letter_replay_status_known",
                    ),
                ],
            },
        ),
    ]
