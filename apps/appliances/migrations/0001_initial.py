import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ApplianceType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="appliance type ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="category"
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
                    "erp_code",
                    models.CharField(
                        blank=True, max_length=255, null=True, unique=True, verbose_name="ERP code"
                    ),
                ),
                ("tracked", models.BooleanField(blank=True, null=True, verbose_name="tracked")),
            ],
            options={
                "verbose_name": "appliance type",
                "verbose_name_plural": "appliance types",
                "db_table": "appliance_type",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Appliance",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="appliance ID"
                    ),
                ),
                (
                    "appliance_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliances",
                        to="appliances.appliancetype",
                        verbose_name="appliance type",
                    ),
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
            ],
            options={
                "verbose_name": "appliance",
                "verbose_name_plural": "appliances",
                "db_table": "appliance",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceActionType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_action_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="action type ID"
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
                "verbose_name": "appliance action type",
                "verbose_name_plural": "appliance action types",
                "db_table": "appliance_action_type",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceActionTypeApplianceTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_action_type_appliance_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "appliance_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="appliances.appliancetype",
                        verbose_name="appliance type",
                    ),
                ),
                (
                    "appliance_action_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliance_action_type_appliance_type_linker",
                        to="appliances.applianceactiontype",
                        verbose_name="action type",
                    ),
                ),
            ],
            options={
                "verbose_name": "action of an appliance type",
                "verbose_name_plural": "actions of appliance types",
                "db_table": "appliance_action_type_appliance_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("appliance_type", "appliance_action_type"),
                        name="appliance_action_appliance_type_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AppliancePartType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_part_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="part type ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="name"),
                ),
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
                    "image",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="image"),
                ),
            ],
            options={
                "verbose_name": "appliance part type",
                "verbose_name_plural": "appliance part types",
                "db_table": "appliance_part_type",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="AppliancePartTypeReplacementLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_part_type_replacement_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "appliance_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliance_part_type_replacements",
                        to="appliances.appliancetype",
                        verbose_name="appliance type",
                    ),
                ),
                (
                    "existing_appliance_part_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="existings",
                        to="appliances.applianceparttype",
                        verbose_name="existing part type",
                    ),
                ),
                (
                    "max_part_count",
                    models.IntegerField(
                        blank=True, default=1, null=True, verbose_name="most parts"
                    ),
                ),
                (
                    "replacement_appliance_part_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="appliances.applianceparttype",
                        verbose_name="replacement part type",
                    ),
                ),
            ],
            options={
                "verbose_name": "appliance replacement rule",
                "verbose_name_plural": "appliance replacement rules",
                "db_table": "appliance_part_type_replacement_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "appliance_type",
                            "existing_appliance_part_type",
                            "replacement_appliance_part_type",
                        ),
                        name="appliance_part_type_replacement_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_part_count__gte", 1)),
                        name="appliance_part_type_replacement_count_positive",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceSymptom",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_symptom_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="symptom ID"
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
            ],
            options={
                "verbose_name": "appliance symptom",
                "verbose_name_plural": "appliance symptoms",
                "db_table": "appliance_symptom",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceSymptomApplianceTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_symptom_appliance_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "appliance_type",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="symptoms",
                        to="appliances.appliancetype",
                        verbose_name="appliance type",
                    ),
                ),
                (
                    "appliance_symptom",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliance_symptom_appliance_type_linker",
                        to="appliances.appliancesymptom",
                        verbose_name="symptom",
                    ),
                ),
            ],
            options={
                "verbose_name": "symptom of an appliance type",
                "verbose_name_plural": "symptoms of appliance types",
                "db_table": "appliance_symptom_appliance_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("appliance_type", "appliance_symptom"),
                        name="appliance_symptom_appliance_type_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceRepair",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_repair_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="appliance repair ID"
                    ),
                ),
                (
                    "appliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliance_repairs",
                        to="appliances.appliance",
                        verbose_name="appliance",
                    ),
                ),
                ("arrival_date", models.DateField(blank=True, null=True, verbose_name="arrival")),
                (
                    "refurbishment_date",
                    models.DateField(blank=True, null=True, verbose_name="refurbishment"),
                ),
                (
                    "pending_status",
                    models.BooleanField(blank=True, null=True, verbose_name="pending"),
                ),
                (
                    "process",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Repair and Return", "repair and return"),
                            ("Replaced", "replaced"),
                            ("Repossessed", "repossessed"),
                            ("Broken on Arrival", "broken on arrival"),
                        ],
                        max_length=255,
                        null=True,
                        verbose_name="process",
                    ),
                ),
            ],
            options={
                "verbose_name": "appliance repair",
                "verbose_name_plural": "appliance repairs",
                "db_table": "appliance_repair",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "process__in",
                                [
                                    "Repair and Return",
                                    "Replaced",
                                    "Repossessed",
                                    "Broken on Arrival",
                                ],
                            )
                        ),
                        name="appliance_repair_process_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceRepairApplianceActionTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_repair_appliance_action_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "appliance_repair",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliance_action_types",
                        to="appliances.appliancerepair",
                        verbose_name="appliance repair",
                    ),
                ),
                (
                    "appliance_action_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_action_type_linker",
                        to="appliances.applianceactiontype",
                        verbose_name="action type",
                    ),
                ),
            ],
            options={
                "verbose_name": "action in an appliance repair",
                "verbose_name_plural": "actions in appliance repairs",
                "db_table": "appliance_repair_appliance_action_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("appliance_repair", "appliance_action_type"),
                        name="appliance_repair_action_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceRepairAppliancePartTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_repair_appliance_part_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "appliance_repair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="appliances.appliancerepair",
                        verbose_name="appliance repair",
                    ),
                ),
                (
                    "old_appliance_part_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliance_repair_appliance_type_linker",
                        to="appliances.applianceparttype",
                        verbose_name="old part type",
                    ),
                ),
                (
                    "new_appliance_part_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="new_appliance_part_type_linkers",
                        to="appliances.applianceparttype",
                        verbose_name="new part type",
                    ),
                ),
                (
                    "repaired_parts_count",
                    models.IntegerField(blank=True, null=True, verbose_name="parts replaced"),
                ),
                (
                    "requested_date",
                    models.DateTimeField(blank=True, null=True, verbose_name="requested"),
                ),
                (
                    "replaced_date",
                    models.DateTimeField(blank=True, null=True, verbose_name="replaced"),
                ),
            ],
            options={
                "verbose_name": "replacement in an appliance repair",
                "verbose_name_plural": "replacements in appliance repairs",
                "db_table": "appliance_repair_appliance_part_type_linker",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ApplianceRepairApplianceSymptomLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "appliance_repair_appliance_symptom_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "appliance_repair",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="symptoms",
                        to="appliances.appliancerepair",
                        verbose_name="appliance repair",
                    ),
                ),
                (
                    "appliance_symptom",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appliance_repair_appliance_symptom_linker",
                        to="appliances.appliancesymptom",
                        verbose_name="symptom",
                    ),
                ),
            ],
            options={
                "verbose_name": "symptom in an appliance repair",
                "verbose_name_plural": "symptoms in appliance repairs",
                "db_table": "appliance_repair_appliance_symptom_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("appliance_repair", "appliance_symptom"),
                        name="appliance_repair_symptom_once",
                    )
                ],
                "indexes": [],
            },
        ),
    ]
