from django.db import migrations

from apps.core.counting import KeepRowCount


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("connectivity", "0002_initial")]

    operations = [KeepRowCount("connection")]
