import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entities", "0001_initial"),
        ("parts", "0001_initial"),
        ("products", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RepairCentre",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_centre_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="repair centre ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "entity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_centre",
                        to="entities.entity",
                        verbose_name="entity",
                    ),
                ),
            ],
            options={
                "verbose_name": "repair centre",
                "verbose_name_plural": "repair centres",
                "db_table": "repair_centre",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="UserRepairCentreLink",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "user_repair_centre_link_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="link ID"),
                ),
                (
                    "username",
                    models.CharField(max_length=255, unique=True, verbose_name="username"),
                ),
                (
                    "repair_centre",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="user_repair_centre_link",
                        to="repairs.repaircentre",
                        verbose_name="repair centre",
                    ),
                ),
            ],
            options={
                "verbose_name": "user of a repair centre",
                "verbose_name_plural": "users of repair centres",
                "db_table": "user_repair_centre_link",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="repair ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "repair_centre",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="repairs.repaircentre",
                        verbose_name="repair centre",
                    ),
                ),
                ("arrival_date", models.DateField(blank=True, null=True, verbose_name="arrival")),
                (
                    "refurbishment_date",
                    models.DateField(blank=True, null=True, verbose_name="refurbishment"),
                ),
                (
                    "measured_battery_capacity",
                    models.FloatField(
                        blank=True, null=True, verbose_name="measured battery capacity"
                    ),
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
                (
                    "pending_status",
                    models.BooleanField(blank=True, null=True, verbose_name="pending"),
                ),
                (
                    "workflow_name",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="workflow"
                    ),
                ),
                (
                    "workflow_state_id",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="workflow state"
                    ),
                ),
                ("context", models.JSONField(blank=True, null=True, verbose_name="context")),
                (
                    "latest_workflow_event_id",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="latest workflow event"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="outcome"),
                ),
            ],
            options={
                "verbose_name": "repair",
                "verbose_name_plural": "repairs",
                "db_table": "repair",
                "indexes": [
                    models.Index(fields=["product", "-created_at"], name="repair_product_created"),
                    models.Index(
                        condition=models.Q(("workflow_state_id__isnull", False)),
                        fields=["workflow_state_id", "repair_centre"],
                        name="repair_in_workflow",
                    ),
                ],
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
                        name="repair_process_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RepairPartTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_part_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                (
                    "old_part_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="old_part_type_linkers",
                        to="parts.parttype",
                        verbose_name="old part type",
                    ),
                ),
                (
                    "new_part",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_part_type_linker",
                        to="parts.part",
                        verbose_name="new part",
                    ),
                ),
                (
                    "new_part_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="new_part_type_linkers",
                        to="parts.parttype",
                        verbose_name="new part type",
                    ),
                ),
                (
                    "requested_date",
                    models.DateTimeField(blank=True, null=True, verbose_name="requested"),
                ),
                (
                    "replaced_date",
                    models.DateTimeField(blank=True, null=True, verbose_name="replaced"),
                ),
                ("non_transferable", models.BooleanField(verbose_name="non-transferable")),
            ],
            options={
                "verbose_name": "replacement in a repair",
                "verbose_name_plural": "replacements in repairs",
                "db_table": "repair_part_type_linker",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="RepairProductLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_product_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_product_linker",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                (
                    "product_imei",
                    models.CharField(
                        db_index=True,
                        max_length=15,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{15}\\Z", "An IMEI is 15 digits.", "invalid_imei"
                            )
                        ],
                        verbose_name="IMEI",
                    ),
                ),
            ],
            options={
                "verbose_name": "product of a repair",
                "verbose_name_plural": "products of repairs",
                "db_table": "repair_product_linker",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ActionType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "action_type_id",
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
                ("label", models.CharField(max_length=255, unique=True, verbose_name="label")),
            ],
            options={
                "verbose_name": "action type",
                "verbose_name_plural": "action types",
                "db_table": "action_type",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ActionTypeProductTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "action_type_product_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_type_product_type_linker",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "action_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_type_product_type_linker",
                        to="repairs.actiontype",
                        verbose_name="action type",
                    ),
                ),
            ],
            options={
                "verbose_name": "action of a product type",
                "verbose_name_plural": "actions of product types",
                "db_table": "action_type_product_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product_type", "action_type"), name="action_type_product_type_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SymptomType",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "symptom_type_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="symptom type ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "description",
                    models.TextField(
                        blank=True, max_length=10000, null=True, verbose_name="description"
                    ),
                ),
                ("label", models.CharField(max_length=255, unique=True, verbose_name="label")),
            ],
            options={
                "verbose_name": "symptom type",
                "verbose_name_plural": "symptom types",
                "db_table": "symptom_type",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="SymptomTypeProductTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "symptom_type_product_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="symptom_types",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "symptom_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="symptom_type_product_type_linker",
                        to="repairs.symptomtype",
                        verbose_name="symptom type",
                    ),
                ),
            ],
            options={
                "verbose_name": "symptom of a product type",
                "verbose_name_plural": "symptoms of product types",
                "db_table": "symptom_type_product_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product_type", "symptom_type"),
                        name="symptom_type_product_type_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RepairWorkflowSelector",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_workflow_selector_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="selector ID"
                    ),
                ),
                (
                    "product_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_workflow_selectors",
                        to="products.producttype",
                        verbose_name="product type",
                    ),
                ),
                (
                    "workflow_name",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="workflow"
                    ),
                ),
                (
                    "selector_type",
                    models.CharField(
                        choices=[("USER", "user"), ("ENTITY", "entity")],
                        max_length=255,
                        verbose_name="matched against",
                    ),
                ),
                ("selector_value", models.CharField(max_length=255, verbose_name="value")),
            ],
            options={
                "verbose_name": "workflow rule",
                "verbose_name_plural": "workflow rules",
                "db_table": "repair_workflow_selector",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product_type", "selector_type", "selector_value"),
                        name="repair_workflow_selector_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("selector_type__in", ["USER", "ENTITY"])),
                        name="repair_workflow_selector_type_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RepairWorkflowEvent",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_workflow_event_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="event ID"),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_workflow_events",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                ("current_state_id", models.CharField(max_length=255, verbose_name="in state")),
                ("event_id", models.CharField(max_length=255, verbose_name="event")),
                ("payload", models.JSONField(blank=True, null=True, verbose_name="payload")),
                (
                    "next_state_id",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="next state"
                    ),
                ),
            ],
            options={
                "verbose_name": "workflow event",
                "verbose_name_plural": "workflow events",
                "db_table": "repair_workflow_event",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="RepairWorkflowState",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_workflow_state_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="state ID"),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_workflow_states",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                (
                    "state_id",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="state"),
                ),
                ("entry_time", models.DateTimeField(blank=True, null=True, verbose_name="entered")),
                ("exit_time", models.DateTimeField(blank=True, null=True, verbose_name="left")),
            ],
            options={
                "verbose_name": "workflow state",
                "verbose_name_plural": "workflow states",
                "db_table": "repair_workflow_state",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("exit_time__gte", models.F("entry_time"))),
                        name="repair_workflow_state_times_in_order",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RepairWorkflowHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_workflow_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="history ID"
                    ),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_workflow_history",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                (
                    "start_state_id",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="from state"
                    ),
                ),
                (
                    "end_state_id",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="to state"
                    ),
                ),
                (
                    "update_commands_bin",
                    models.BinaryField(blank=True, null=True, verbose_name="changes made"),
                ),
                (
                    "can_undo",
                    models.BooleanField(blank=True, null=True, verbose_name="can be undone"),
                ),
            ],
            options={
                "verbose_name": "workflow step",
                "verbose_name_plural": "workflow steps",
                "db_table": "repair_workflow_history",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="RepairSymptomTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_symptom_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_symptom_type_linker",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                (
                    "symptom_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_symptom_type_linker",
                        to="repairs.symptomtype",
                        verbose_name="symptom type",
                    ),
                ),
            ],
            options={
                "verbose_name": "symptom in a repair",
                "verbose_name_plural": "symptoms in repairs",
                "db_table": "repair_symptom_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("repair", "symptom_type"), name="repair_symptom_type_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RepairActionTypeLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "repair_action_type_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "repair",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_action_type_linker",
                        to="repairs.repair",
                        verbose_name="repair",
                    ),
                ),
                (
                    "action_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repair_action_type_linker",
                        to="repairs.actiontype",
                        verbose_name="action type",
                    ),
                ),
            ],
            options={
                "verbose_name": "action in a repair",
                "verbose_name_plural": "actions in repairs",
                "db_table": "repair_action_type_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("repair", "action_type"), name="repair_action_type_once"
                    )
                ],
                "indexes": [],
            },
        ),
    ]
