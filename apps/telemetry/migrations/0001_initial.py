import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="InfluxShardData",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "influx_shard_data_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="shard data ID"
                    ),
                ),
                ("shard_data", models.JSONField(blank=True, null=True, verbose_name="shards")),
                ("anomalies", models.JSONField(blank=True, null=True, verbose_name="anomalies")),
            ],
            options={
                "verbose_name": "shard data",
                "verbose_name_plural": "shard data",
                "db_table": "influx_shard_data",
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
