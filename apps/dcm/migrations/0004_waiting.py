import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dcm", "0003_guard_ledger"),
    ]

    operations = [
        migrations.AddField(
            model_name="creditreminder",
            name="due_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="paymentcommand",
            index=models.Index(
                condition=models.Q(("status", "pending"), ("void", False)),
                fields=["created_at"],
                name="payment_waiting",
            ),
        ),
    ]
