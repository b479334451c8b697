from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RowCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=63)),
                ("slot", models.IntegerField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "row_count",
                "constraints": [
                    models.UniqueConstraint(fields=("table", "slot"), name="row_count_slot")
                ],
            },
        ),
    ]
