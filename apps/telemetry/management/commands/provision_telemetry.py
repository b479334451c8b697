"""manage.py provision_telemetry: make the InfluxDB ready that INFLUXDB_URL names."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.telemetry.errors import StoreAway
from apps.telemetry.services import rollups
from apps.telemetry.store.influx import InfluxStore
from apps.telemetry.store.influx.provision import provision
from apps.telemetry.store.influx.transport import Rejected


class Command(BaseCommand):
    help = (
        "Make the database and retention policies (InfluxDB 2: buckets) of the telemetry store, "
        "and bring them in line with the settings. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.INFLUXDB_URL:
            self.stdout.write("The embedded store is used: nothing to do.")
            return
        rollups.settle()
        try:
            changed = provision(InfluxStore.at(settings.INFLUXDB_URL).transport)
        except (StoreAway, Rejected, ValueError) as error:
            raise CommandError(str(error)) from error
        for line in changed:
            self.stdout.write(f"  {line}")
        self.stdout.write("The telemetry store is ready.")
