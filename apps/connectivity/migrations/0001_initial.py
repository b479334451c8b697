import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Network",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "mccmnc",
                    models.IntegerField(
                        primary_key=True, serialize=False, verbose_name="MCC and MNC"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("mcc", models.IntegerField(blank=True, null=True, verbose_name="MCC")),
                ("mnc", models.IntegerField(blank=True, null=True, verbose_name="MNC")),
            ],
            options={
                "verbose_name": "network",
                "verbose_name_plural": "networks",
                "db_table": "network",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="SimProvider",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "sim_provider_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="SIM provider ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "SIM provider",
                "verbose_name_plural": "SIM providers",
                "db_table": "sim_provider",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="SimProviderNetworkLinker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.TextField(editable=False, null=True)),
                ("modified_at", models.DateTimeField(editable=False, null=True)),
                ("modified_by", models.TextField(editable=False, null=True)),
                (
                    "sim_provider_network_linker_id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, verbose_name="linker ID"
                    ),
                ),
                (
                    "sim_provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sim_provider_network_linker",
                        to="connectivity.simprovider",
                        verbose_name="SIM provider",
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sim_provider_network_linker",
                        to="connectivity.network",
                        verbose_name="network",
                    ),
                ),
            ],
            options={
                "verbose_name": "network of a SIM provider",
                "verbose_name_plural": "networks of SIM providers",
                "db_table": "sim_provider_network_linker",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sim_provider", "network"), name="sim_provider_network_once"
                    )
                ],
                "indexes": [],
            },
        ),
    ]
