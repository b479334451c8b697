"""A unit heard of again after long is news; one that keeps its rhythm is not."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.alerts.models import Alert
from apps.alerts.services.connectivity import NO_CONNECTION
from apps.connectivity.services.contacts import LONG_SILENCE
from apps.core.events import Event, deliver_events
from tests.connectivity.units import body
from tests.factories import AlertFactory, AlertTypeFactory

pytestmark = pytest.mark.django_db


def report(unit):
    assert unit.post(body()).status_code == 200


def test_the_first_report_after_a_long_silence_is_told_once(unit, clock):
    report(unit)
    clock.shift(LONG_SILENCE + dt.timedelta(minutes=1))
    report(unit)
    report(unit)
    assert list(Event.objects.values_list("name", "subject")) == [
        ("product_connected_again", unit.imei)
    ]


def test_the_usual_rhythm_is_not_told(unit, clock):
    report(unit)
    clock.shift(dt.timedelta(hours=4))
    report(unit)
    assert not Event.objects.exists()


def test_a_return_closes_the_alert_that_the_silence_raised(unit, clock):
    report(unit)
    alert = AlertFactory(
        product_id=unit.imei,
        alert_type=AlertTypeFactory(name=NO_CONNECTION),
        dismissed_at=None,
    )
    clock.shift(LONG_SILENCE * 3)
    report(unit)
    assert deliver_events() == 1
    assert Alert.objects.get(pk=alert.pk).dismissed_by == "system"
