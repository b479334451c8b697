import django.db.models.deletion
from django.db import migrations, models

from apps.dcm.guards import KeepLedgerGuarded


class Migration(migrations.Migration):
    dependencies = [
        ("dcm", "0005_imports_and_drift"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentReason",
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
                ("reason", models.CharField(max_length=1000)),
            ],
            options={
                "db_table": "payment_reason",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="payment_reason_says_something",
                    )
                ],
            },
        ),
        KeepLedgerGuarded(),
    ]
