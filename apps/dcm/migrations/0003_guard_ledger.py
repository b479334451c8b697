from django.db import migrations

from apps.dcm.guards import GuardLedger


class Migration(migrations.Migration):
    dependencies = [
        ("dcm", "0002_ledger"),
    ]

    operations = [GuardLedger()]
