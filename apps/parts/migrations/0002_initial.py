import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parts", "0001_initial"),
        ("repairs", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="partproductlinker",
            name="added_repair",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="added_part_product_linker",
                to="repairs.repair",
                verbose_name="added in repair",
            ),
        ),
        migrations.AddField(
            model_name="partproductlinker",
            name="removed_repair",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="removed_part_product_linker",
                to="repairs.repair",
                verbose_name="removed in repair",
            ),
        ),
    ]
