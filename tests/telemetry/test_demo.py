"""The made-up fleet has daily figures to show as soon as the worker has run."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from apps.telemetry.days import TelemetryDay
from apps.telemetry.models import TelemetrySeries
from apps.telemetry.services import days
from apps.telemetry.store.series import ANALYSIS, TELEMETRY

pytestmark = pytest.mark.django_db


def test_the_days_of_the_demo_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("bootstrap", verbosity=0)
    call_command("demo", units=20, seed=7, verbosity=0)
    series = TelemetrySeries.objects.filter(measurement=TELEMETRY)
    units = set(series.values_list("imei", flat=True))
    assert units
    assert set(TelemetryDay.objects.values_list("imei", flat=True)) == units
    monkeypatch.setattr(days, "_MOST", 1)
    days.derive()
    assert TelemetrySeries.objects.filter(measurement=ANALYSIS).exists()
