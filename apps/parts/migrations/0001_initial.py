import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entities", "0001_initial"),
        ("products", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartTypeCategory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "part_type_category_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="part type category ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "part type category",
                "verbose_name_plural": "part type categories",
                "db_table": "part_type_category",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="PartType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "part_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="part type ID"
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
                    "erp_code",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="ERP code"
                    ),
                ),
                (
                    "part_type_category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_types",
                        to="parts.parttypecategory",
                        verbose_name="category",
                    ),
                ),
                (
                    "serial_number_category",
                    models.CharField(
                        choices=[("known", "known"), ("hidden", "hidden"), ("unknown", "unknown")],
                        max_length=255,
                        verbose_name="serial numbers are",
                    ),
                ),
                (
                    "parameter_types",
                    models.JSONField(blank=True, default=list, verbose_name="parameter types"),
                ),
                (
                    "part_type_metadata_validator",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="metadata validator"
                    ),
                ),
                (
                    "is_sent_by_unit",
                    models.BooleanField(blank=True, null=True, verbose_name="reported by the unit"),
                ),
            ],
            options={
                "verbose_name": "part type",
                "verbose_name_plural": "part types",
                "db_table": "part_type",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("serial_number_category__in", ["known", "hidden", "unknown"])
                        ),
                        name="part_type_serial_number_category_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PartTypeProductTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "part_type_product_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_type_product_type_linker",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "part_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_type_product_type_linker",
                        to="parts.parttype",
                        verbose_name="part type",
                    ),
                ),
            ],
            options={
                "verbose_name": "part type of a product type",
                "verbose_name_plural": "part types of product types",
                "db_table": "part_type_product_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product_type", "part_type"), name="part_type_product_type_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PartTypeReplacementLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "part_type_replacement_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_type_replacements",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "existing_part_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="existings",
                        to="parts.parttype",
                        verbose_name="existing part type",
                    ),
                ),
                (
                    "replacement_part_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="parts.parttype",
                        verbose_name="replacement part type",
                    ),
                ),
                ("default_part_type", models.BooleanField(verbose_name="default")),
                ("critical_part_type", models.BooleanField(verbose_name="critical")),
                ("non_transferable", models.BooleanField(verbose_name="non-transferable")),
            ],
            options={
                "verbose_name": "replacement rule",
                "verbose_name_plural": "replacement rules",
                "db_table": "part_type_replacement_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product_type", "existing_part_type", "replacement_part_type"),
                        name="part_type_replacement_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("product_type__isnull", True)),
                        fields=("existing_part_type", "replacement_part_type"),
                        name="part_type_replacement_once_for_all",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DefaultEnergyLimit",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "default_energy_limit_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="energy limit ID"
                    ),
                ),
                (
                    "battery_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="default_energy_limits",
                        to="parts.parttype",
                        verbose_name="battery type",
                    ),
                ),
                (
                    "state_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="energy_limit_states",
                        to="products.statetype",
                        verbose_name="state type",
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="battery_type_energy_limits",
                        to="entities.entity",
                        verbose_name="entity",
                    ),
                ),
                ("energy_limit", models.FloatField(verbose_name="energy limit")),
                ("max_energy_limit", models.FloatField(verbose_name="highest energy limit")),
                ("min_energy_limit", models.FloatField(verbose_name="lowest energy limit")),
            ],
            options={
                "verbose_name": "default energy limit",
                "verbose_name_plural": "default energy limits",
                "db_table": "default_energy_limit",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("battery_type", "state_type", "entity"),
                        name="default_energy_limit_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("entity__isnull", True)),
                        fields=("battery_type", "state_type"),
                        name="default_energy_limit_once_for_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("energy_limit__gte", models.F("min_energy_limit")),
                            ("energy_limit__lte", models.F("max_energy_limit")),
                        ),
                        name="default_energy_limit_in_range",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "part_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="part ID"),
                ),
                (
                    "serial_number",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        unique=True,
                        verbose_name="serial number",
                    ),
                ),
                (
                    "part_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="parts.parttype",
                        verbose_name="part type",
                    ),
                ),
                ("properties", models.JSONField(blank=True, null=True, verbose_name="properties")),
                (
                    "manufacturer",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="manufacturer"
                    ),
                ),
            ],
            options={
                "verbose_name": "part",
                "verbose_name_plural": "parts",
                "db_table": "part",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="PartProductLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "part_product_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_product_linker",
                        to="parts.part",
                        verbose_name="part",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_product_linker",
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
                (
                    "replaced_part",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacing_part_product_linker",
                        to="parts.part",
                        verbose_name="replaced part",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a product",
                "verbose_name_plural": "parts of products",
                "db_table": "part_product_linker",
                "indexes": [
                    models.Index(fields=["product", "date_removed"], name="part_product_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("date_removed__isnull", True)),
                        fields=("part",),
                        name="part_product_linker_one_open",
                        violation_error_message="This part is already in a product.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="part_product_linker_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartParameter",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "part_parameter_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="parameter ID"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_parameters",
                        to="parts.part",
                        verbose_name="part",
                    ),
                ),
                (
                    "parameter_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_parameters",
                        to="products.parametertype",
                        verbose_name="parameter type",
                    ),
                ),
                ("value", models.CharField(max_length=255, verbose_name="value")),
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
                        default="active",
                        max_length=255,
                        null=True,
                        verbose_name="status",
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
                "verbose_name": "parameter of a part",
                "verbose_name_plural": "parameters of parts",
                "db_table": "part_parameter",
                "indexes": [
                    models.Index(
                        fields=["part", "parameter_type", "status"], name="part_parameter_lookup"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["expired", "removed", "active", "pending"])
                        ),
                        name="part_parameter_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="part_parameter_dates_in_order",
                    ),
                ],
            },
        ),
    ]
