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
            name="PaymentCommand",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "payment_command_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="payment command ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_command",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("value", models.IntegerField(verbose_name="seconds")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("payment", "payment"),
                            ("bad-payment", "bad payment"),
                            ("zero-command", "zero command"),
                            ("force-reset", "force reset"),
                        ],
                        max_length=255,
                        verbose_name="category",
                    ),
                ),
                ("void", models.BooleanField(default=False, verbose_name="void")),
                (
                    "status",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="status"),
                ),
                (
                    "transaction_id",
                    models.CharField(max_length=255, unique=True, verbose_name="transaction ID"),
                ),
            ],
            options={
                "verbose_name": "payment command",
                "verbose_name_plural": "payment commands",
                "db_table": "payment_command",
                "indexes": [
                    models.Index(
                        fields=["product", "status", "payment_command_id"],
                        name="payment_product_status",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "payment"), ("value__gt", 0)),
                            models.Q(("category", "bad-payment"), ("value__lt", 0)),
                            models.Q(
                                ("category__in", ["zero-command", "force-reset"]), ("value", 0)
                            ),
                            _connector="OR",
                        ),
                        name="payment_command_value_fits_category",
                        violation_error_message="A payment is more than 0, a bad payment less, a zero command or reset is 0.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "balance_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="balance ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balance",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("balance", models.BigIntegerField(verbose_name="balance in seconds")),
                ("expected_expiry", models.DateTimeField(verbose_name="expected expiry")),
            ],
            options={
                "verbose_name": "balance",
                "verbose_name_plural": "balances",
                "db_table": "balance",
                "constraints": [
                    models.UniqueConstraint(fields=("product",), name="balance_one_per_product"),
                    models.CheckConstraint(
                        condition=models.Q(("balance__gte", 0)), name="balance_balance_not_negative"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FinalBalance",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "final_balance_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="final balance ID"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="final_balance",
                        to="products.product",
                        verbose_name="product",
                    ),
                ),
                ("final_balance", models.BigIntegerField(verbose_name="final balance in seconds")),
                ("total_added", models.BigIntegerField(verbose_name="total added in seconds")),
                (
                    "zero_command",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="final_balance",
                        to="dcm.paymentcommand",
                        verbose_name="zero command",
                    ),
                ),
                (
                    "status",
                    models.CharField(blank=True, max_length=255, null=True, verbose_name="status"),
                ),
            ],
            options={
                "verbose_name": "final balance",
                "verbose_name_plural": "final balances",
                "db_table": "final_balance",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("zero_command",), name="final_balance_one_per_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("final_balance__gte", 0)),
                        name="final_balance_not_negative",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DurationPaymentToken",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "token",
                    models.CharField(
                        max_length=24, primary_key=True, serialize=False, verbose_name="token"
                    ),
                ),
            ],
            options={
                "verbose_name": "duration payment token",
                "verbose_name_plural": "duration payment tokens",
                "db_table": "duration_payment_token",
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
