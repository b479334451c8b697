"""When the connectivity analysis raises an alert, and when it closes one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from apps.alerts.models import Alert, AnalysisHistory
from apps.alerts.services.connectivity import SILENCE, analyse_connectivity, close_no_connection
from apps.core.events import Event, deliver_events, publish
from apps.products.lifecycle import LifeStage
from apps.products.services.lifecycle import change_state
from tests.factories import (
    AlertTypeEntityAntiLinkerFactory,
    AlertTypeFactory,
    AlertTypeProductTypeLinkerFactory,
    AlertTypeStateTypeLinkerFactory,
    ConnectionFactory,
    EntityFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    StateFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def unit_last_heard(ago: dt.timedelta):
    """A unit in use whose newest connection is that old."""
    unit = ProductFactory()
    unit.latest_connection = ConnectionFactory(product=unit, date=timezone.now() - ago)
    unit.latest_state = StateFactory(product=unit)
    unit.save()
    return unit


def watch(*units):
    """An alert type that looks at these units."""
    alert_type = AlertTypeFactory(
        name="no_connection", active=True, cooling_off_period=dt.timedelta(days=7)
    )
    for unit in units:
        AlertTypeProductTypeLinkerFactory(alert_type=alert_type, product_type=unit.product_type)
        AlertTypeStateTypeLinkerFactory(
            alert_type=alert_type, state_type=unit.latest_state.current_state_type
        )
    return alert_type


def test_a_silent_unit_gets_one_alert_however_often_it_is_looked_at():
    unit = unit_last_heard(SILENCE + HOUR)
    watch(unit)
    assert analyse_connectivity() == (1, 0)
    assert analyse_connectivity() == (0, 0)
    alert = Alert.objects.get()
    assert alert.product == unit
    assert alert.start_time == unit.latest_connection.date
    assert AnalysisHistory.objects.filter(product=unit, status="success").count() == 1


def test_a_unit_heard_within_the_limit_gets_none():
    watch(unit_last_heard(SILENCE - HOUR))
    assert analyse_connectivity() == (0, 0)


def test_a_unit_of_a_type_or_state_that_is_not_watched_gets_none():
    watch(unit_last_heard(HOUR))
    unit_last_heard(SILENCE + HOUR)
    assert analyse_connectivity() == (0, 0)


def test_an_entity_that_opted_out_gets_none():
    unit = unit_last_heard(SILENCE + HOUR)
    alert_type = watch(unit)
    entity = EntityFactory()
    ProductEntityLinkerFactory(product=unit, entity=entity, date_removed=None)
    AlertTypeEntityAntiLinkerFactory(alert_type=alert_type, entity=entity)
    assert analyse_connectivity() == (0, 0)


def test_a_unit_that_came_back_has_its_alert_closed_and_is_left_alone_for_a_while():
    unit = unit_last_heard(SILENCE + HOUR)
    watch(unit)
    analyse_connectivity()
    unit.latest_connection = ConnectionFactory(product=unit, date=timezone.now())
    unit.save()
    assert analyse_connectivity() == (0, 1)
    alert = Alert.objects.get()
    assert alert.dismissed_by == "system"
    later = timezone.now() + SILENCE + HOUR
    assert analyse_connectivity(now=later) == (0, 0)
    assert analyse_connectivity(now=later + dt.timedelta(days=8)) == (1, 0)


def test_the_event_of_a_return_closes_the_alert_once():
    unit = unit_last_heard(SILENCE + HOUR)
    watch(unit)
    analyse_connectivity()
    publish("product_connected_again", subject=unit.pk)
    assert deliver_events() == 1
    assert deliver_events() == 0
    assert Alert.objects.get().dismissed_at == Event.objects.get().at
    assert close_no_connection(product_imei=unit.pk) == 0


def test_a_unit_that_becomes_terminated_has_its_alert_closed():
    for stage in LifeStage:
        StateTypeFactory(pk=stage, name=stage.name)
    unit = unit_last_heard(SILENCE + HOUR)
    unit.latest_state.current_state_type_id = LifeStage.ACTIVATED
    unit.latest_state.save()
    unit.latest_state.refresh_from_db()
    watch(unit)
    assert analyse_connectivity() == (1, 0)
    change_state(product_imei=unit.pk, new_state=LifeStage.IN_REPAIR_SYSTEM, by="staff")
    deliver_events()
    assert Alert.objects.get().dismissed_at is None
    change_state(product_imei=unit.pk, new_state=LifeStage.TERMINATED, by="staff")
    deliver_events()
    alert = Alert.objects.get()
    assert alert.dismissed_at is not None
    assert alert.dismissal_reason == "The unit is out of the system"


def test_a_terminated_unit_gets_none_though_its_state_is_watched():
    unit = unit_last_heard(SILENCE + HOUR)
    unit.latest_state.current_state_type.name = LifeStage.TERMINATED.name
    unit.latest_state.current_state_type.save()
    watch(unit)
    assert analyse_connectivity() == (0, 0)
