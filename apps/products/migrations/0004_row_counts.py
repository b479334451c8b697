from django.db import migrations

from apps.core.counting import KeepRowCount


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("products", "0003_product_fillfactor")]

    operations = [KeepRowCount("product"), KeepRowCount("enable_history")]
