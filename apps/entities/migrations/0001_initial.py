import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entity",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "entity_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="entity ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                ("bboxx_company_flag", models.BooleanField(verbose_name="company of the group")),
                (
                    "tariff",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="tariff"),
                ),
                ("financier", models.BooleanField(blank=True, null=True, verbose_name="financier")),
                (
                    "geic",
                    models.CharField(
                        blank=True, max_length=255, null=True, unique=True, verbose_name="GEIC code"
                    ),
                ),
            ],
            options={
                "verbose_name": "entity",
                "verbose_name_plural": "entities",
                "db_table": "entity",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="EntityFacilityLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "entity_facility_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "entity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entity_facility_linker",
                        to="entities.entity",
                        verbose_name="entity",
                    ),
                ),
                ("test_jig", models.BooleanField(verbose_name="test jig")),
                ("test_bench", models.BooleanField(verbose_name="test bench")),
                ("usb_diag_tool", models.BooleanField(verbose_name="USB diagnostic tool")),
                ("rework_process", models.BooleanField(verbose_name="PCB rework")),
            ],
            options={
                "verbose_name": "facilities of an entity",
                "verbose_name_plural": "facilities of entities",
                "db_table": "entity_facility_linker",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Hub",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "hub_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="hub ID"),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "guid",
                    models.CharField(
                        blank=True, max_length=255, null=True, unique=True, verbose_name="GUID"
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hubs",
                        to="entities.entity",
                        verbose_name="entity",
                    ),
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
            ],
            options={
                "verbose_name": "hub",
                "verbose_name_plural": "hubs",
                "db_table": "hub",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Shop",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "shop_id",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="shop ID"),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
                (
                    "guid",
                    models.CharField(
                        blank=True, max_length=255, null=True, unique=True, verbose_name="GUID"
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shops",
                        to="entities.hub",
                        verbose_name="hub",
                    ),
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
            ],
            options={
                "verbose_name": "shop",
                "verbose_name_plural": "shops",
                "db_table": "shop",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "customer_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="customer ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                (
                    "external_customer_id",
                    models.IntegerField(
                        blank=True, db_index=True, null=True, verbose_name="external customer ID"
                    ),
                ),
                (
                    "external_customer_code",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        max_length=255,
                        null=True,
                        verbose_name="external customer code",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "db_table": "customer",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="CustomerEntityLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "customer_entity_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customer_entity_linker",
                        to="entities.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customer_entity_linker",
                        to="entities.entity",
                        verbose_name="entity",
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
                "verbose_name": "customer of an entity",
                "verbose_name_plural": "customers of entities",
                "db_table": "customer_entity_linker",
                "indexes": [
                    models.Index(
                        fields=["entity", "date_removed", "customer"], name="customer_entity_scope"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("date_removed__isnull", True)),
                        fields=("customer", "entity"),
                        name="customer_entity_linker_one_open",
                        violation_error_message="This customer already belongs to this entity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="customer_entity_linker_dates_in_order",
                    ),
                ],
            },
        ),
    ]
