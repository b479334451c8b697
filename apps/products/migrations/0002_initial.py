import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connectivity", "0002_initial"),
        ("products", "0001_initial"),
        ("rtc", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="latest_connection",
            field=models.ForeignKey(
                blank=True,
                db_column="latest_connection_id",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="connectivity.connection",
                verbose_name="latest connection",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="latest_connection_location",
            field=models.ForeignKey(
                blank=True,
                db_column="latest_connection_location_id",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="connectivity.connection",
                verbose_name="latest located connection",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="latest_rtc_connection_history",
            field=models.ForeignKey(
                blank=True,
                db_column="latest_rtc_connection_history_id",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rtc.rtcconnectionhistory",
                verbose_name="latest RTC connection history",
            ),
        ),
    ]
