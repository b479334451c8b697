import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entities", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "name",
                    models.CharField(
                        max_length=255, primary_key=True, serialize=False, verbose_name="name"
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "db_table": "channel",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "subscriber_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="subscriber ID"
                    ),
                ),
                ("url", models.CharField(max_length=255, verbose_name="URL")),
                (
                    "channel",
                    models.ForeignKey(
                        db_column="channel_name",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscribers",
                        to="notifications.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscribers",
                        to="entities.entity",
                        verbose_name="entity",
                    ),
                ),
                ("key", models.CharField(max_length=24, verbose_name="key")),
            ],
            options={
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
                "db_table": "subscriber",
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
