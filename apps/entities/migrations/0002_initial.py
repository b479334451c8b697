import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0001_initial"),
        ("products", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductEntityLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "product_entity_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_entity_linker",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_entity_linker",
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
                "verbose_name": "owner of a product",
                "verbose_name_plural": "owners of products",
                "db_table": "product_entity_linker",
                "indexes": [
                    models.Index(
                        fields=["entity", "date_removed", "product"], name="product_entity_scope"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("date_removed__isnull", True)),
                        fields=("product", "entity"),
                        name="product_entity_linker_one_open",
                        violation_error_message="This product already belongs to this entity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="product_entity_linker_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerProductHistory",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "customer_product_history_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="history ID"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customer_product_history",
                        to="entities.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customer_product_history",
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
                    "removal_reason",
                    models.CharField(
                        blank=True, max_length=255, null=True, verbose_name="reason of removal"
                    ),
                ),
            ],
            options={
                "verbose_name": "customer of a product",
                "verbose_name_plural": "customers of products",
                "db_table": "customer_product_history",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("date_removed__isnull", True)),
                        fields=("product",),
                        name="customer_product_history_one_open",
                        violation_error_message="This product already has a customer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_removed__gte", models.F("date_added"))),
                        name="customer_product_history_dates_in_order",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
