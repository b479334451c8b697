import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connectivity", "0001_initial"),
        ("parts", "0001_initial"),
        ("products", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Connection",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "connection_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="connection ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_column="product_imei",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="connections",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("date", models.DateTimeField(verbose_name="date")),
                (
                    "location_failed_flag",
                    models.BooleanField(default=False, verbose_name="location failed"),
                ),
                ("mcc", models.IntegerField(blank=True, null=True, verbose_name="MCC")),
                ("mnc", models.IntegerField(blank=True, null=True, verbose_name="MNC")),
                (
                    "cell_1_lac",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 1 LAC"),
                ),
                (
                    "cell_1_cid",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 1 cell ID"),
                ),
                (
                    "cell_1_signal",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 1 signal"),
                ),
                (
                    "cell_1_mcc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 1 MCC"),
                ),
                (
                    "cell_1_mnc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 1 MNC"),
                ),
                (
                    "cell_2_lac",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 2 LAC"),
                ),
                (
                    "cell_2_cid",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 2 cell ID"),
                ),
                (
                    "cell_2_signal",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 2 signal"),
                ),
                (
                    "cell_2_mcc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 2 MCC"),
                ),
                (
                    "cell_2_mnc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 2 MNC"),
                ),
                (
                    "cell_3_lac",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 3 LAC"),
                ),
                (
                    "cell_3_cid",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 3 cell ID"),
                ),
                (
                    "cell_3_signal",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 3 signal"),
                ),
                (
                    "cell_3_mcc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 3 MCC"),
                ),
                (
                    "cell_3_mnc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 3 MNC"),
                ),
                (
                    "cell_4_lac",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 4 LAC"),
                ),
                (
                    "cell_4_cid",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 4 cell ID"),
                ),
                (
                    "cell_4_signal",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 4 signal"),
                ),
                (
                    "cell_4_mcc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 4 MCC"),
                ),
                (
                    "cell_4_mnc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 4 MNC"),
                ),
                (
                    "cell_5_lac",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 5 LAC"),
                ),
                (
                    "cell_5_cid",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 5 cell ID"),
                ),
                (
                    "cell_5_signal",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 5 signal"),
                ),
                (
                    "cell_5_mcc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 5 MCC"),
                ),
                (
                    "cell_5_mnc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 5 MNC"),
                ),
                (
                    "cell_6_lac",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 6 LAC"),
                ),
                (
                    "cell_6_cid",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 6 cell ID"),
                ),
                (
                    "cell_6_signal",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 6 signal"),
                ),
                (
                    "cell_6_mcc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 6 MCC"),
                ),
                (
                    "cell_6_mnc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 6 MNC"),
                ),
                (
                    "cell_7_lac",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 7 LAC"),
                ),
                (
                    "cell_7_cid",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 7 cell ID"),
                ),
                (
                    "cell_7_signal",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 7 signal"),
                ),
                (
                    "cell_7_mcc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 7 MCC"),
                ),
                (
                    "cell_7_mnc",
                    models.IntegerField(blank=True, null=True, verbose_name="cell 7 MNC"),
                ),
                ("frequency", models.IntegerField(blank=True, null=True, verbose_name="frequency")),
                (
                    "timing_advance",
                    models.IntegerField(blank=True, null=True, verbose_name="timing advance"),
                ),
                (
                    "latitude",
                    models.CharField(blank=True, max_length=12, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.CharField(
                        blank=True, max_length=12, null=True, verbose_name="longitude"
                    ),
                ),
                (
                    "error_radius",
                    models.IntegerField(blank=True, null=True, verbose_name="error radius"),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="address"),
                ),
                (
                    "country_code",
                    models.IntegerField(blank=True, null=True, verbose_name="country code"),
                ),
            ],
            options={
                "verbose_name": "connection",
                "verbose_name_plural": "connections",
                "db_table": "connection",
                "indexes": [
                    models.Index(fields=["product", "-date"], name="connection_product_date")
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="SimPartTypeSimProviderLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "sim_part_type_sim_provider_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "sim_part_type",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sim_part_type_sim_provider_linker",
                        to="parts.parttype",
                        verbose_name="SIM part type",
                    ),
                ),
                (
                    "sim_provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sim_part_type_sim_provider_linker",
                        to="connectivity.simprovider",
                        verbose_name="SIM provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "provider of a SIM type",
                "verbose_name_plural": "providers of SIM types",
                "db_table": "sim_part_type_sim_provider_linker",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="SmsHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "sms_history_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="SMS ID"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sms_history",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("attempted_retries", models.IntegerField(verbose_name="attempted retries")),
                (
                    "enable_history",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sms_history",
                        to="products.enablehistory",
                        verbose_name="enable history",
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
                    "message",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="message"
                    ),
                ),
                ("sent_time", models.DateTimeField(verbose_name="sent")),
                ("sms_timeout", models.DurationField(verbose_name="timeout")),
                (
                    "status",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="status"),
                ),
                (
                    "trigger",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="trigger"),
                ),
            ],
            options={
                "verbose_name": "SMS",
                "verbose_name_plural": "SMS",
                "db_table": "sms_history",
                "indexes": [
                    models.Index(fields=["product", "-sent_time"], name="sms_history_product_sent")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("attempted_retries__gte", 0)),
                        name="sms_history_retries_not_negative",
                    )
                ],
            },
        ),
    ]
