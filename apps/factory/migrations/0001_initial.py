import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parts", "0001_initial"),
        ("products", "0001_initial"),
        ("repairs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Serial",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "serial_number",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="serial number"
                    ),
                ),
            ],
            options={
                "verbose_name": "serial number",
                "verbose_name_plural": "serial numbers",
                "db_table": "serial",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="FactoryLog",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "factory_log_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="factory log ID"
                    ),
                ),
                ("app_name", models.CharField(max_length=255, verbose_name="tool")),
                (
                    "product_imei",
                    models.CharField(
                        blank=True,
                        max_length=15,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{15}\\Z", "An IMEI is 15 digits.", "invalid_imei"
                            )
                        ],
                        verbose_name="IMEI",
                    ),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factory_logs",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                ("timestamp", models.DateTimeField(verbose_name="time")),
                ("tags", models.JSONField(blank=True, null=True, verbose_name="tags")),
                ("fields", models.JSONField(blank=True, null=True, verbose_name="fields")),
            ],
            options={
                "verbose_name": "factory log",
                "verbose_name_plural": "factory logs",
                "db_table": "factory_log",
                "indexes": [
                    models.Index(
                        fields=["product_imei", "-timestamp"], name="factory_log_imei_time"
                    )
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="TestJigTestResult",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "test_jig_test_result_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="jig result ID"
                    ),
                ),
                (
                    "jig_id",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="jig"),
                ),
                (
                    "machine_id",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="machine"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="test_jig_test_results",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "jig_software_version",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="jig software version"
                    ),
                ),
                ("user", models.CharField(max_length=255, verbose_name="user")),
                ("passed", models.BooleanField(verbose_name="passed")),
                ("results", models.JSONField(blank=True, null=True, verbose_name="results")),
            ],
            options={
                "verbose_name": "test jig result",
                "verbose_name_plural": "test jig results",
                "db_table": "test_jig_test_result",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="BatteryTestResult",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "battery_test_result_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="battery test ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="battery_test_results",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("type", models.CharField(max_length=255, verbose_name="type")),
                ("result", models.CharField(max_length=255, verbose_name="result")),
                (
                    "problem",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="problem"),
                ),
                (
                    "message",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="message"
                    ),
                ),
                (
                    "lvd_time",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="low-voltage disconnect"
                    ),
                ),
                ("energy", models.FloatField(blank=True, null=True, verbose_name="energy")),
                (
                    "battery_part",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="battery_test_results",
                        to="parts.part",
                        verbose_name="battery",
                    ),
                ),
                (
                    "repair_workflow_event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="battery_test_results",
                        to="repairs.repairworkflowevent",
                        verbose_name="repair step",
                    ),
                ),
            ],
            options={
                "verbose_name": "battery test result",
                "verbose_name_plural": "battery test results",
                "db_table": "battery_test_result",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Home2StockPreparationTracking",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "home2_stock_preparation_tracking_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="tracking ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="home2_stock_preparation_trackings",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("serial_number", models.CharField(max_length=255, verbose_name="serial number")),
                ("activated", models.BooleanField(default=False, verbose_name="activated")),
                (
                    "software_updated",
                    models.BooleanField(default=False, verbose_name="software updated"),
                ),
                (
                    "temperature_check",
                    models.BooleanField(default=False, verbose_name="temperature checked"),
                ),
                (
                    "battery_charged",
                    models.BooleanField(default=False, verbose_name="battery charged"),
                ),
                ("recent_data", models.BooleanField(default=False, verbose_name="recent data")),
                (
                    "online_disable",
                    models.BooleanField(default=False, verbose_name="disabled online"),
                ),
                (
                    "contact_support",
                    models.BooleanField(default=False, verbose_name="support contacted"),
                ),
            ],
            options={
                "verbose_name": "stock preparation of a Home 2",
                "verbose_name_plural": "stock preparations of Home 2",
                "db_table": "home2_stock_preparation_tracking",
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
