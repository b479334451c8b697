import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entities", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StateType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "state_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="state type ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "description",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="description"
                    ),
                ),
            ],
            options={
                "verbose_name": "state type",
                "verbose_name_plural": "state types",
                "db_table": "state_type",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ParameterType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "parameter_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="parameter type ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "data_type",
                    models.CharField(
                        choices=[
                            ("float", "number"),
                            ("datetime", "date and time"),
                            ("int", "whole number"),
                            ("string", "text"),
                            ("bool", "yes or no"),
                        ],
                        max_length=255,
                        verbose_name="data type",
                    ),
                ),
                (
                    "validation_rules",
                    models.JSONField(blank=True, null=True, verbose_name="validation rules"),
                ),
                (
                    "description",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="description"
                    ),
                ),
                (
                    "units",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="units"),
                ),
                ("repeatable", models.BooleanField(verbose_name="repeatable")),
                ("setting", models.BooleanField(verbose_name="sent to the unit")),
            ],
            options={
                "verbose_name": "parameter type",
                "verbose_name_plural": "parameter types",
                "db_table": "parameter_type",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("data_type__in", ["float", "datetime", "int", "string", "bool"])
                        ),
                        name="parameter_type_data_type_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProductType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="product type ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "erp_code",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="ERP code"
                    ),
                ),
                (
                    "parameter_types",
                    models.JSONField(blank=True, default=list, verbose_name="parameter types"),
                ),
                (
                    "credit_type",
                    models.CharField(
                        blank=True,
                        choices=[("gas", "gas"), ("time", "time")],
                        max_length=255,
                        null=True,
                        verbose_name="credit type",
                    ),
                ),
            ],
            options={
                "verbose_name": "product type",
                "verbose_name_plural": "product types",
                "db_table": "product_type",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("credit_type__in", ["gas", "time"])),
                        name="product_type_credit_type_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SoftwareVersionType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "software_version_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="software version ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "description",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="description"
                    ),
                ),
                (
                    "link",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="link"),
                ),
                (
                    "checksum",
                    models.CharField(blank=True, max_length=8, null=True, verbose_name="checksum"),
                ),
                ("release_date", models.DateTimeField(verbose_name="release date")),
                (
                    "parameter_types",
                    models.JSONField(blank=True, default=list, verbose_name="parameter types"),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("outdated", "outdated"),
                            ("stable", "stable"),
                            ("beta", "beta"),
                            ("bad", "bad"),
                        ],
                        max_length=255,
                        null=True,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "software version",
                "verbose_name_plural": "software versions",
                "db_table": "software_version_type",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["outdated", "stable", "beta", "bad"])),
                        name="software_version_type_status_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProductTypeSoftwareVersionTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_type_software_version_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_type_software_version_type_linker",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "software_version_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_type_software_version_type_linker",
                        to="products.softwareversiontype",
                        verbose_name="software version",
                    ),
                ),
            ],
            options={
                "verbose_name": "software version of a product type",
                "verbose_name_plural": "software versions of product types",
                "db_table": "product_type_software_version_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product_type", "software_version_type"),
                        name="product_type_software_version_type_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LatestSoftware",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "latest_software_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="latest software ID"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="latest_software",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "software_version_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="latest_software",
                        to="products.softwareversiontype",
                        verbose_name="software version",
                    ),
                ),
                (
                    "date_added",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="from"),
                ),
                ("date_removed", models.DateTimeField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "verbose_name": "latest software",
                "verbose_name_plural": "latest software",
                "db_table": "latest_software",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("date_removed__isnull", True)),
                        fields=("product_type",),
                        name="latest_software_one_open",
                        violation_error_message="This product type already has a latest software.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="latest_software_dates_in_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProductGroup",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_group_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="product group ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=255, null=True, unique=True, verbose_name="name"
                    ),
                ),
                (
                    "description",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="description"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_groups",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_groups",
                        to="entities.entity",
                        verbose_name="entity",
                    ),
                ),
            ],
            options={
                "verbose_name": "product group",
                "verbose_name_plural": "product groups",
                "db_table": "product_group",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_imei",
                    models.CharField(
                        max_length=15,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{15}\\Z", "An IMEI is 15 digits.", "invalid_imei"
                            )
                        ],
                        verbose_name="IMEI",
                    ),
                ),
                (
                    "serial_number",
                    models.CharField(max_length=255, unique=True, verbose_name="serial number"),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "imsi",
                    models.CharField(
                        max_length=15,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{14,15}\\Z", "An IMSI is 14 or 15 digits.", "invalid_imsi"
                            )
                        ],
                        verbose_name="IMSI",
                    ),
                ),
                (
                    "iccid",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{18,22}\\Z",
                                "An ICCID is 18 to 22 digits.",
                                "invalid_iccid",
                            )
                        ],
                        verbose_name="ICCID",
                    ),
                ),
                (
                    "device_key",
                    models.CharField(
                        blank=True,
                        max_length=24,
                        null=True,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9a-fA-F]{24}\\Z",
                                "A device key is 24 hexadecimal characters.",
                                "invalid_device_key",
                            )
                        ],
                        verbose_name="device key",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="entities.hub",
                        verbose_name="hub",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="entities.shop",
                        verbose_name="shop",
                    ),
                ),
                (
                    "software_lock",
                    models.ForeignKey(
                        blank=True,
                        db_column="software_lock",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locked_products",
                        to="products.softwareversiontype",
                        verbose_name="software lock",
                    ),
                ),
                ("current_enable_flag", models.BooleanField(default=False, verbose_name="enabled")),
                (
                    "desired_enable_flag",
                    models.BooleanField(default=False, verbose_name="to be enabled"),
                ),
                (
                    "current_tamper_flag",
                    models.BooleanField(default=False, verbose_name="tamper switch on"),
                ),
                (
                    "desired_tamper_flag",
                    models.BooleanField(default=False, verbose_name="tamper switch to be on"),
                ),
                ("is_payg", models.BooleanField(default=True, verbose_name="pay as you go")),
                (
                    "dcm_enabled_flag",
                    models.BooleanField(default=False, verbose_name="device credit"),
                ),
                (
                    "rtc_enabled_flag",
                    models.BooleanField(default=False, verbose_name="real-time communication"),
                ),
                (
                    "disable_date",
                    models.DateTimeField(blank=True, null=True, verbose_name="disable date"),
                ),
                (
                    "capacity_limit",
                    models.CharField(
                        blank=True, max_length=12, null=True, verbose_name="capacity limit"
                    ),
                ),
                (
                    "latest_rtc_mo_status_report_time",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="latest RTC status report"
                    ),
                ),
                (
                    "latest_rtc_mt_status_update_time",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="latest RTC status update"
                    ),
                ),
                (
                    "rtc_network_name",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Test-SIM-Provider", "Test-SIM-Provider"),
                            ("Aeris", "Aeris"),
                            ("Eseye", "Eseye"),
                            ("Wireless-Logic", "Wireless-Logic"),
                        ],
                        max_length=255,
                        null=True,
                        verbose_name="RTC network",
                    ),
                ),
                (
                    "ip_address",
                    models.CharField(
                        blank=True, max_length=15, null=True, verbose_name="IP address"
                    ),
                ),
                (
                    "analysis_timestamp",
                    models.DateTimeField(blank=True, null=True, verbose_name="last analysis"),
                ),
                (
                    "assembler",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="assembler"
                    ),
                ),
                (
                    "warranty_start_date",
                    models.DateField(blank=True, null=True, verbose_name="start of warranty"),
                ),
                ("gps_lat", models.FloatField(blank=True, null=True, verbose_name="latitude")),
                ("gps_lon", models.FloatField(blank=True, null=True, verbose_name="longitude")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "db_table": "product",
                "indexes": [
                    models.Index(
                        fields=["product_type", "desired_enable_flag", "product_imei"],
                        name="product_type_desired",
                    ),
                    models.Index(
                        fields=["product_type", "current_enable_flag", "product_imei"],
                        name="product_type_current",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rtc_network_name__in",
                                ["Test-SIM-Provider", "Aeris", "Eseye", "Wireless-Logic"],
                            )
                        ),
                        name="product_rtc_network_name_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gps_lat__gte", -90), ("gps_lat__lte", 90)),
                        name="product_gps_lat_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gps_lon__gte", -180), ("gps_lon__lte", 180)),
                        name="product_gps_lon_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductSoftwareLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_software_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_software_linker",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "software_version_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_software_linker",
                        to="products.softwareversiontype",
                        verbose_name="software version",
                    ),
                ),
                ("date_added", models.DateTimeField(blank=True, null=True, verbose_name="added")),
                (
                    "date_removed",
                    models.DateTimeField(blank=True, null=True, verbose_name="removed"),
                ),
                (
                    "update_attempts",
                    models.IntegerField(blank=True, null=True, verbose_name="update attempts"),
                ),
            ],
            options={
                "verbose_name": "software of a product",
                "verbose_name_plural": "software of products",
                "db_table": "product_software_linker",
                "indexes": [
                    models.Index(
                        fields=["product", "date_removed"], name="product_software_product_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="product_software_linker_dates_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductNote",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_note_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="note ID"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("note_text", models.TextField(max_length=10000, verbose_name="note")),
            ],
            options={
                "verbose_name": "product note",
                "verbose_name_plural": "product notes",
                "db_table": "product_note",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ProductProductGroupLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_product_group_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_product_group_linker",
                        to="products.productgroup",
                        verbose_name="product group",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_product_group_linker",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "date_added",
                    models.DateTimeField(
                        blank=True,
                        default=django.utils.timezone.now,
                        null=True,
                        verbose_name="added",
                    ),
                ),
                (
                    "date_removed",
                    models.DateTimeField(blank=True, null=True, verbose_name="removed"),
                ),
            ],
            options={
                "verbose_name": "product in a group",
                "verbose_name_plural": "products in groups",
                "db_table": "product_product_group_linker",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("date_removed__isnull", True)),
                        fields=("product", "product_group"),
                        name="product_product_group_linker_one_open",
                        violation_error_message="This product is already in this group.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="product_product_group_linker_dates_in_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProductMigrationHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_migration_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="migration ID"
                    ),
                ),
                (
                    "product",
                    models.OneToOneField(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="migration_history",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("latest_migration_timestamp", models.DateTimeField(verbose_name="migrated up to")),
                ("last_migrated_at", models.DateTimeField(verbose_name="last migrated at")),
            ],
            options={
                "verbose_name": "product migration history",
                "verbose_name_plural": "product migration histories",
                "db_table": "product_migration_history",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="State",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "state_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="state ID"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="states",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "prev_state_type",
                    models.ForeignKey(
                        db_column="prev_state_type",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="previous_states",
                        to="products.statetype",
                        verbose_name="from",
                    ),
                ),
                (
                    "current_state_type",
                    models.ForeignKey(
                        db_column="current_state_type",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="states",
                        to="products.statetype",
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "state",
                "verbose_name_plural": "states",
                "db_table": "state",
                "indexes": [
                    models.Index(fields=["product", "-created_at"], name="state_product_created")
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="EnableHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "enable_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="enable history ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enable_history_rel",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "prev_enable_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending_disabled", "pending disabled"),
                            ("pending_enabled", "pending enabled"),
                            ("init", "new"),
                            ("enabled", "enabled"),
                            ("disabled", "disabled"),
                        ],
                        max_length=255,
                        null=True,
                        verbose_name="from",
                    ),
                ),
                (
                    "current_enable_state",
                    models.CharField(
                        choices=[
                            ("pending_disabled", "pending disabled"),
                            ("pending_enabled", "pending enabled"),
                            ("init", "new"),
                            ("enabled", "enabled"),
                            ("disabled", "disabled"),
                        ],
                        max_length=255,
                        verbose_name="to",
                    ),
                ),
                ("user", models.CharField(max_length=255, verbose_name="user")),
                (
                    "date",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date"),
                ),
            ],
            options={
                "verbose_name": "enable history",
                "verbose_name_plural": "enable histories",
                "db_table": "enable_history",
                "indexes": [
                    models.Index(fields=["product", "-date"], name="enable_history_product_date")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "prev_enable_state__in",
                                [
                                    "pending_disabled",
                                    "pending_enabled",
                                    "init",
                                    "enabled",
                                    "disabled",
                                ],
                            )
                        ),
                        name="enable_history_prev_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "current_enable_state__in",
                                [
                                    "pending_disabled",
                                    "pending_enabled",
                                    "init",
                                    "enabled",
                                    "disabled",
                                ],
                            )
                        ),
                        name="enable_history_current_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TamperEnableHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "tamper_enable_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="tamper history ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tamper_enable_history",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "prev_tamper_enable_state",
                    models.CharField(
                        choices=[
                            ("pending_disabled", "pending disabled"),
                            ("pending_enabled", "pending enabled"),
                            ("init", "new"),
                            ("enabled", "enabled"),
                            ("disabled", "disabled"),
                        ],
                        max_length=255,
                        verbose_name="from",
                    ),
                ),
                (
                    "current_tamper_enable_state",
                    models.CharField(
                        choices=[
                            ("pending_disabled", "pending disabled"),
                            ("pending_enabled", "pending enabled"),
                            ("init", "new"),
                            ("enabled", "enabled"),
                            ("disabled", "disabled"),
                        ],
                        max_length=255,
                        verbose_name="to",
                    ),
                ),
                ("user", models.CharField(max_length=255, verbose_name="user")),
                (
                    "date",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date"),
                ),
            ],
            options={
                "verbose_name": "tamper switch history",
                "verbose_name_plural": "tamper switch histories",
                "db_table": "tamper_enable_history",
                "indexes": [
                    models.Index(fields=["product", "-date"], name="tamper_history_product_date")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "prev_tamper_enable_state__in",
                                [
                                    "pending_disabled",
                                    "pending_enabled",
                                    "init",
                                    "enabled",
                                    "disabled",
                                ],
                            )
                        ),
                        name="tamper_history_prev_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "current_tamper_enable_state__in",
                                [
                                    "pending_disabled",
                                    "pending_enabled",
                                    "init",
                                    "enabled",
                                    "disabled",
                                ],
                            )
                        ),
                        name="tamper_history_current_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductParameter",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_parameter_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="parameter ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_parameter",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "parameter_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_parameters",
                        to="products.parametertype",
                        verbose_name="parameter type",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("expired", "expired"),
                            ("removed", "removed"),
                            ("active", "active"),
                            ("pending", "pending"),
                        ],
                        default="pending",
                        max_length=255,
                        null=True,
                        verbose_name="status",
                    ),
                ),
                ("value", models.CharField(max_length=255, verbose_name="value")),
                (
                    "date_added",
                    models.DateTimeField(
                        blank=True,
                        default=django.utils.timezone.now,
                        null=True,
                        verbose_name="added",
                    ),
                ),
                (
                    "date_removed",
                    models.DateTimeField(blank=True, null=True, verbose_name="removed"),
                ),
            ],
            options={
                "verbose_name": "parameter of a product",
                "verbose_name_plural": "parameters of products",
                "db_table": "product_parameter",
                "indexes": [
                    models.Index(
                        fields=["product", "parameter_type", "status"],
                        name="product_parameter_lookup",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["expired", "removed", "active", "pending"])
                        ),
                        name="product_parameter_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="product_parameter_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="product",
            name="latest_state",
            field=models.ForeignKey(
                blank=True,
                db_column="latest_state_id",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="products.state",
                verbose_name="latest state",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="latest_enable_history",
            field=models.ForeignKey(
                blank=True,
                db_column="latest_enable_history_id",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="products.enablehistory",
                verbose_name="latest enable history",
            ),
        ),
    ]
