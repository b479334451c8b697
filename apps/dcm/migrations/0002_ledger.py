import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dcm", "0001_initial"),
        ("products", "0004_row_counts"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditReminder",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        db_column="product_imei",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="products.product",
                    ),
                ),
                ("told_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
            ],
            options={
                "db_table": "credit_reminder",
            },
        ),
        migrations.CreateModel(
            name="ForceReset",
            fields=[
                (
                    "command",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="dcm.paymentcommand",
                    ),
                ),
                ("outstanding_payments", models.BigIntegerField()),
                ("last_known_balance", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "force_reset",
            },
        ),
        migrations.CreateModel(
            name="LateReceipt",
            fields=[
                (
                    "command",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="dcm.paymentcommand",
                    ),
                ),
                ("value", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "late_receipt",
            },
        ),
        migrations.AlterField(
            model_name="paymentcommand",
            name="status",
            field=models.CharField(
                blank=True,
                choices=[("pending", "pending"), ("acknowledged", "acknowledged")],
                default="pending",
                max_length=255,
                null=True,
                verbose_name="status",
            ),
        ),
        # Rows without a status counted as pending.
        migrations.RunSQL(
            "UPDATE payment_command SET status = 'pending' WHERE status IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="paymentcommand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["pending", "acknowledged"]), ("status__isnull", False)
                ),
                name="payment_command_status_known",
            ),
        ),
    ]
