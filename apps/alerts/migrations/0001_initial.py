import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entities", "0001_initial"),
        ("products", "0001_initial"),
        ("repairs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnomalyType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "anomaly_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="anomaly type ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("version", models.IntegerField(verbose_name="version")),
                (
                    "description",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="description"
                    ),
                ),
                (
                    "metrics",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="metrics"
                    ),
                ),
                (
                    "version_comment",
                    models.TextField(
                        blank=True,
                        max_length=10000,
                        null=True,
                        verbose_name="what is new in this version",
                    ),
                ),
                (
                    "min_gap_length",
                    models.IntegerField(blank=True, null=True, verbose_name="shortest gap"),
                ),
                (
                    "min_duration",
                    models.IntegerField(blank=True, null=True, verbose_name="shortest duration"),
                ),
                (
                    "min_data_points",
                    models.IntegerField(blank=True, null=True, verbose_name="fewest data points"),
                ),
                ("gap_anomaly", models.BooleanField(verbose_name="gap in the data")),
                (
                    "status",
                    models.CharField(
                        choices=[("test", "test"), ("live", "live"), ("suspended", "suspended")],
                        max_length=255,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "anomaly type",
                "verbose_name_plural": "anomaly types",
                "db_table": "anomaly_type",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "version"), name="anomaly_type_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["test", "live", "suspended"])),
                        name="anomaly_type_status_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Anomaly",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "anomaly_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="anomaly ID"
                    ),
                ),
                (
                    "anomaly_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anomalies",
                        to="alerts.anomalytype",
                        verbose_name="anomaly type",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anomalies",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("start_time", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                ("end_time", models.DateTimeField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "verbose_name": "anomaly",
                "verbose_name_plural": "anomalies",
                "db_table": "anomaly",
                "indexes": [
                    models.Index(
                        fields=["product", "anomaly_type", "-start_time"],
                        name="anomaly_product_type",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end_time__gte", models.F("start_time"))),
                        name="anomaly_times_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnomalyTypeProductTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "anomaly_type_product_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "anomaly_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anomaly_type_product_type_linker",
                        to="alerts.anomalytype",
                        verbose_name="anomaly type",
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anomaly_type_product_type_linker",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
            ],
            options={
                "verbose_name": "product type of an anomaly type",
                "verbose_name_plural": "product types of anomaly types",
                "db_table": "anomaly_type_product_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("anomaly_type", "product_type"),
                        name="anomaly_type_product_type_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AlertType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "alert_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="alert type ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("version", models.IntegerField(verbose_name="version")),
                (
                    "category",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="category"
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="purpose"
                    ),
                ),
                (
                    "message",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="message"
                    ),
                ),
                ("status", models.CharField(max_length=255, verbose_name="status")),
                (
                    "severity",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="severity"
                    ),
                ),
                ("analysis_frequency", models.DurationField(verbose_name="analysed every")),
                (
                    "cooling_off_period",
                    models.DurationField(blank=True, null=True, verbose_name="cooling-off period"),
                ),
                ("active", models.BooleanField(verbose_name="active")),
                ("label", models.CharField(max_length=255, unique=True, verbose_name="label")),
            ],
            options={
                "verbose_name": "alert type",
                "verbose_name_plural": "alert types",
                "db_table": "alert_type",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "version"), name="alert_type_version_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AlertTypeProductTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "alert_type_product_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "alert_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_product_type_linker",
                        to="alerts.alerttype",
                        verbose_name="alert type",
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_product_type_linker",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
            ],
            options={
                "verbose_name": "product type of an alert type",
                "verbose_name_plural": "product types of alert types",
                "db_table": "alert_type_product_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert_type", "product_type"), name="alert_type_product_type_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AlertTypeStateTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "alert_type_state_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "alert_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_state_type_linker",
                        to="alerts.alerttype",
                        verbose_name="alert type",
                    ),
                ),
                (
                    "state_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_state_type_linker",
                        to="products.statetype",
                        verbose_name="state type",
                    ),
                ),
            ],
            options={
                "verbose_name": "state type of an alert type",
                "verbose_name_plural": "state types of alert types",
                "db_table": "alert_type_state_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert_type", "state_type"), name="alert_type_state_type_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AlertTypeEntityAntiLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "alert_type_entity_anti_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "alert_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_entity_anti_linker",
                        to="alerts.alerttype",
                        verbose_name="alert type",
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_entity_anti_linker",
                        to="entities.entity",
                        verbose_name="entity",
                    ),
                ),
            ],
            options={
                "verbose_name": "entity without an alert type",
                "verbose_name_plural": "entities without alert types",
                "db_table": "alert_type_entity_anti_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert_type", "entity"), name="alert_type_entity_anti_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "alert_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="alert ID"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "alert_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="alerts.alerttype",
                        verbose_name="alert type",
                    ),
                ),
                ("start_time", models.DateTimeField(blank=True, null=True, verbose_name="since")),
                (
                    "dismissed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dismissed at"),
                ),
                (
                    "dismissed_by",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="dismissed by"
                    ),
                ),
                (
                    "dismissal_reason",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="reason of dismissal"
                    ),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                (
                    "extra_info",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="more information"
                    ),
                ),
                (
                    "customer_contact_date",
                    models.DateTimeField(blank=True, null=True, verbose_name="customer contacted"),
                ),
                (
                    "customer_contact_type",
                    models.CharField(
                        blank=True,
                        choices=[("visit", "visit"), ("sms", "SMS"), ("phone", "phone")],
                        max_length=255,
                        null=True,
                        verbose_name="contacted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "db_table": "alert",
                "indexes": [
                    models.Index(
                        fields=["product", "alert_type", "-start_time"], name="alert_product_type"
                    ),
                    models.Index(
                        condition=models.Q(("dismissed_at__isnull", True)),
                        fields=["alert_type", "-start_time"],
                        name="alert_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("customer_contact_type__in", ["visit", "sms", "phone"])
                        ),
                        name="alert_customer_contact_type_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnalysisHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "analysis_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="analysis ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="analysis_histories",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "alert_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="analysis_histories",
                        to="alerts.alerttype",
                        verbose_name="alert type",
                    ),
                ),
                ("timestamp", models.DateTimeField(verbose_name="time")),
                (
                    "status",
                    models.CharField(
                        choices=[("success", "success"), ("failure", "failure")],
                        max_length=255,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "analysis",
                "verbose_name_plural": "analyses",
                "db_table": "analysis_history",
                "indexes": [
                    models.Index(
                        fields=["product", "alert_type", "-timestamp"],
                        name="analysis_product_type_time",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["success", "failure"])),
                        name="analysis_history_status_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertTypeAnomalyTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "alert_type_anomaly_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "alert_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_anomaly_type_linker",
                        to="alerts.alerttype",
                        verbose_name="alert type",
                    ),
                ),
                (
                    "anomaly_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_type_anomaly_type_linker",
                        to="alerts.anomalytype",
                        verbose_name="anomaly type",
                    ),
                ),
            ],
            options={
                "verbose_name": "anomaly type of an alert type",
                "verbose_name_plural": "anomaly types of alert types",
                "db_table": "alert_type_anomaly_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert_type", "anomaly_type"), name="alert_type_anomaly_type_once"
                    )
                ],
                "indexes": [],
            },
        ),
    ]
